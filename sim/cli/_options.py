"""Options and arguments that several commands share."""

import datetime
import math
import os

import click

from sim.base.messages import _, locale_language
from sim.cli import _completion

LANGUAGES, BOTH, WORLDS = ("zh", "en"), "both", "sim.worlds"


class Number(click.FloatRange):
    """A finite number, in a range if one is given; nan passes every range of the library's own."""

    def convert(self, value, param, ctx):
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(_("{value} is not a finite number", value=found), param, ctx)
        return found

    def _describe_range(self):
        return "" if self.min is self.max is None else super()._describe_range()


class Date(click.ParamType):
    """A day, written as scenarios have it."""

    name = "date"

    def convert(self, value, param, ctx):
        try:
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(_("{value} is not a date; write it as {example}", value=repr(value), example="2021-12-31"),
                      param, ctx)


def _language(ctx, param, value):
    """The language asked for, else that of the locale."""
    return value or locale_language()


def _languages(ctx, param, value):
    """The languages to draw in, first that of texts on the screen."""
    own = _language(ctx, param, None if value == BOTH else value)
    return (own, *(lang for lang in LANGUAGES if lang != own)) if value == BOTH else (own,)


def _color(ctx, param, value):
    if value or os.environ.get("NO_COLOR"):
        ctx.find_root().color = ctx.color = False


def _world(ctx, param, value):
    """Settings of the worlds asked for, kept for those of the user to follow."""
    from sim.config import worlds

    ctx.meta[WORLDS] = tuple(setting for name in value for setting in worlds.settings(name))


def settings(command):
    """Options that change values of the scenarios: --world, and --set, which wins."""
    world = click.option("--world", multiple=True, metavar="NAME", expose_value=False, is_eager=True, callback=_world,
                         shell_complete=_completion.worlds,
                         help="Use another set of assumptions (a \"world\"), e.g. errors-kept; see sim list worlds. "
                              "May be repeated.")
    each = click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
                        callback=lambda ctx, param, value: (*ctx.meta.get(WORLDS, ()), *value),
                        shell_complete=_completion.settings,
                        help="Change one value, e.g. --set time.end=2035-12-31; may be repeated.")
    return each(world(command))


def _of_texts(*names, **how):
    """The option of the language of texts, and behind it the one that every command has: no colours."""
    no_color = click.option("--no-color", is_flag=True, expose_value=False, callback=_color,
                            help="Print without colours, as NO_COLOR does.")
    return lambda command: click.option("--lang", *names, **how)(no_color(command))


scenario = click.argument("scenario", type=click.Path(), shell_complete=_completion.scenarios)
figures = click.option("--figures/--no-figures", default=True, help="Draw figures and pages.", show_default=True)
threads = click.option("--jobs", type=click.IntRange(1), help="Processors to use; by default all.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print the folder and nothing else.")
force = click.option("--force", is_flag=True, help="Replace what is in the folder.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
lang = _of_texts(type=click.Choice(LANGUAGES), callback=_language,
                 help="Language of texts; by default that of the locale.")
messages = _of_texts(type=click.Choice(LANGUAGES), expose_value=False,
                     help="Language of messages; by default that of the locale.")
languages = _of_texts("languages", type=click.Choice([*LANGUAGES, BOTH]), callback=_languages,
                      help="Language of texts, figures and pages, or both; by default that of the locale.")
