"""The group of commands, and the one place where errors become messages and exit codes."""

import contextlib
import importlib
import os
import pathlib
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any

import click

from sim.base.errors import Interrupted, OutputError, SimError
from sim.base.messages import _, in_locale
from sim.base.registry import near_miss
from sim.cli import _console, _help, _interrupt, _options, _usage
from sim.runs import limits

LIGHT = ("check", "list", "new", "new-region", "open", "show")      # commands that simulate nothing
NO_THREAD = "can't start new thread"          # what Python says for it
PIPE_CLOSED = 141              # what a shell reports for a tool that SIGPIPE ended


class Commands(click.Group):
    """Finds a command in the file of its name; the file is imported only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        folder = pathlib.Path(__file__).parent
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules([str(folder)]) if m.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return _help.told(importlib.import_module(f"sim.cli.{cmd_name.replace('-', '_')}").command)

    def main(self, args: Any = None, **extra: Any) -> Any:  # type: ignore[override]  # all others are given by name
        """Run the command line, all of it in one language."""
        args = sys.argv[1:] if args is None else list(args)
        with _help.speaking(_help.asked(args)):
            return super(Commands, _help.told(self)).main(args, **extra)

    def resolve_command(self, ctx: click.Context,
                        args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.list_commands(ctx):
            ctx.fail(_("there is no command {name}; {remedy}", name=repr(args[0]),
                       remedy=near_miss(args[0], self.list_commands(ctx)) or _("see sim -h")))
        if args[0] not in LIGHT and not {"-h", "--help"} & set(args):
            limits.refuse_too_little()
        return super().resolve_command(ctx, args)

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None,
                     **extra: Any) -> click.Context:
        """The command's context; what is wrong with options before the command's name ends with exit code 2."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _refused(error) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; our errors end with their exit code, all others keep their traceback."""
        try:
            with _interrupt.raising("SIGINT"):
                return super().invoke(ctx)
        except click.UsageError as error:
            raise _refused(error) from None
        except SimError as error:
            _console.error(error)
            ctx.exit(error.exit_code)
        except (MemoryError, RuntimeError) as error:
            if not isinstance(error, MemoryError) and str(error) != NO_THREAD:
                raise
            reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            _console.error(_("out of memory ({reason}); finished work is kept: close other programs or raise the "
                             "limit, then run the same command again", reason=reason))
            ctx.exit(OutputError.exit_code)
        except KeyboardInterrupt:
            ctx.exit(Interrupted.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)


def _refused(error):
    """What ends a command that was called in a wrong way, once its usage and the error are told; none but help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    with error.ctx.scope(cleanup=False) if error.ctx else contextlib.nullcontext():      # the parser knows none
        if error.ctx:
            click.echo(error.ctx.get_usage(), err=True)
        _console.error(_usage.worded(error))
    return click.exceptions.Exit(error.exit_code)


def _version(ctx, param, value):
    """Print the version; its module takes 50 ms to import, which --help does without."""
    if value:
        import importlib.metadata

        from sim.base.provenance import PACKAGE
        try:
            click.echo(f"sim {importlib.metadata.version(PACKAGE)}")
        except importlib.metadata.PackageNotFoundError:
            click.echo(in_locale(_("sim (not installed: run from its source folder)")))
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
              help="Print the version and stop.")
@_options.messages
def group() -> None:
    """Simulate how headquarters clusters form, town by town.

    \b
    Examples:
      sim new demo                          a commented first scenario
      sim check demo/baseline.toml          check it without running it
      sim run demo/baseline.toml            simulate, with figures and tables
      sim show demo/policy.toml             every parameter and where it comes from
      sim list instruments                  what a policy can be made of
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line as the console script does."""
    limits.keep_linear_algebra_in_one_thread()
    stream: Any                    # typing knows of text streams what all of them have
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")   # a terminal that knows no Chinese
    group.main(args=arguments, prog_name="sim")
