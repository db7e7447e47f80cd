"""A command that is called in a wrong way, in the words of this program; the library's are English alone."""

import click

from sim.base.messages import Message, _
from sim.base.registry import near_miss


def worded(error: click.UsageError) -> Message:
    """What is wrong with the arguments of a command, and what to do."""
    if isinstance(error, click.NoSuchOption):
        known = [name for each in error.ctx.command.params for name in each.opts] if error.ctx else []
        return _("there is no option {name}; {remedy}", name=error.option_name,
                 remedy=near_miss(error.option_name, known) or _help_of(error.ctx))
    if isinstance(error, click.MissingParameter):
        return _("{name} is missing; {remedy}", name=_name(error.param), remedy=_help_of(error.ctx))
    if isinstance(error, click.BadParameter):
        return _("{name}: {wrong}", name=_name(error.param), wrong=_plain(error))
    return _plain(error)


def _name(parameter):
    """An option as it is typed, an argument as help shows it."""
    return parameter.make_metavar(click.get_current_context()) if parameter.param_type_name == "argument" \
        else parameter.opts[0]


def _plain(error):
    """The error's own text; of the library's without its final stop, and a number for what it calls a number range."""
    return error.message if isinstance(error.message, Message) else Message("{text}", {
        "text": error.message.removesuffix(".").removesuffix(" range")})


def _help_of(context):
    return _("{command} -h shows how it is used", command=context.command_path if context else "sim")
