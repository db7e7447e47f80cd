"""Progress on stderr, with the time left: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

EVERY = 10.0                   # seconds between lines where there is no terminal

Step = tuple[int, int]         # done, in all
Result = TypeVar("Result")


def follow(steps: Generator[Step, None, Result], silent: bool, what: str = "replicates") -> Result:
    """Run a generator of (done, in all) to its end, and return what it returns; it is closed whatever happens."""
    found: list[Result] = []
    with contextlib.closing(steps):
        if not silent:
            announce_compiling()
        show = _silent if silent else _bar if sys.stderr.isatty() else _lines
        show(_kept(steps, found), what)
    return found[0]


def _kept(steps: Generator[Step, None, Result], found: list[Result]) -> Iterator[Step]:
    """The same steps, whose end is put into `found`."""
    found.append((yield from steps))


def announce_compiling() -> None:
    """Say why nothing moves for a minute, if kernels are to be compiled."""
    from sim.kernels.numerics.compiler import FOLDER, is_warm

    if not FOLDER:
        click.echo("compiling the kernels (a minute or more), at every start: there is no folder to keep them in that "
                   "is yours alone (mode 0700); name one with NUMBA_CACHE_DIR", err=True)
    elif not is_warm():
        click.echo("compiling the kernels, once for this installation (a minute or more) ...", err=True)


def _silent(steps: Iterable[Step], what: str) -> None:
    for _ in steps:
        pass


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[..., None]]:
    """A bar on the terminal while inside: a function of (completed, total, said), what is said standing beside it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, no_color=_is_plain())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}"),
               TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None, said="")
        yield lambda done, total, said="": progress.update(task, completed=done, total=total, said=said)


def _is_plain() -> bool:
    """Whether a command was told to print without colours."""
    command = click.get_current_context(silent=True)
    return command is not None and command.find_root().color is False


def _bar(steps: Iterable[Step], what: str) -> None:
    with bar(what) as show:
        for done, total in steps:
            show(done, total)


def _lines(steps: Iterable[Step], what: str) -> None:
    first, said, begun, due = None, None, time.monotonic(), 0.0
    for done, total in steps:
        now = time.monotonic()
        first = done if first is None else first
        if done != said and (now >= due or done == total):
            said, due = done, now + EVERY
            left = (now - begun) * (total - done) / max(done - first, 1)
            rest = f", about {left:.0f} s left" if left and done > first else ""        # nothing is done: nobody knows
            click.echo(f"{done} of {total} {what}{rest}", err=True)
