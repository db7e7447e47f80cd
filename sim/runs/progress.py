"""Progress, with the time left: a bar in a notebook and on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import html
import sys
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

import click

from sim.base import collector
from sim.base.messages import _, in_locale

REPLICATES, STEPS, DRAWS, PERCENT = _("replicates"), _("steps"), _("draws"), _("% of the kernels")
EVERY = 10.0                   # seconds between lines where there is no terminal
REDRAWN = 0.2                  # seconds between two states of a bar

Step = tuple[int, int] | tuple[int, int, str]            # done, in all, and what else is known
Show = Callable[..., None]     # of a Step's parts
Result = TypeVar("Result")


class Ended(Generic[Result]):
    """Goes through the states of a generator; `value` is what that has returned at its end."""

    value: Result

    def __init__(self, steps: Generator[Any, None, Result]) -> None:
        self._steps = steps

    def __iter__(self) -> Iterator[Any]:
        self.value = yield from self._steps


def follow(steps: Generator[Step, None, Result], quiet: bool, what: str = REPLICATES, compiles: bool = True) -> Result:
    """Run a generator of (done, in all[, text]) to its end, and return what it returns; it is closed in any case.

    `compiles` says that it needs the kernels, which are compiled before, if they never were.
    """
    with contextlib.closing(steps), collector.passing_over():
        if compiles:
            compile_kernels(quiet)
        with _shown(what, quiet) as show:
            states = Ended(steps)
            for state in states:
                show(*state)
        return states.value


def plus(more: int, steps: Generator[tuple[int, int], None, Result],
         before: int = 0) -> Generator[tuple[int, int], None, Result]:
    """The states of progress of a part of the work, so much before it and more after; returns what the part returns."""
    with contextlib.closing(steps):
        states = Ended(steps)
        for done, every in states:
            yield before + done, before + every + more
    return states.value


def compile_kernels(quiet: bool) -> None:
    """Compile the kernels of a new installation, on all processors, and show how far that is."""
    with collector.resting():
        from sim.kernels.numerics.compiler import FOLDER
        from sim.runs import compiling, limits

    if compiling.is_done():
        if not quiet and not FOLDER:
            text = _("compiling the kernels (a minute or more), at every start: there is no folder to keep them in "
                     "that is yours alone (mode 0700); name one with NUMBA_CACHE_DIR")
            click.echo(in_locale(text), err=True)
        return
    if not quiet:
        click.echo(in_locale(_("compiling the kernels, once for this installation ...")), err=True)
    follow(compiling.compiled(limits.processors()), quiet, PERCENT, compiles=False)


def _shown(what: str, quiet: bool) -> contextlib.AbstractContextManager[Show]:
    """What shows progress here, as a context in which there is a function of (done, in all, text)."""
    if quiet:
        return contextlib.nullcontext(_nothing)
    if is_notebook():
        return _notebook(what)
    return _terminal(what) if sys.stderr.isatty() else contextlib.nullcontext(Lines(what).show)


def _nothing(*state: object) -> None:
    """Progress that nobody is to see."""


def is_notebook() -> bool:
    """Whether this process is the kernel of a notebook; IPython is not imported to find out."""
    ipython: Any = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "kernel", None) is not None


@contextlib.contextmanager
def _terminal(what: str) -> Iterator[Show]:
    """A bar on the terminal, gone at the end; without a thread, beside which workers would not be forked."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, no_color=_is_plain())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[text]}"),
               TextColumn(in_locale(_("left"))), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task, pace = progress.add_task(in_locale(what), total=None, text=""), Pace()

        def show(done: int, total: int, text: str = "") -> None:
            progress.update(task, completed=done, total=total, text=in_locale(text),
                            refresh=pace.is_due(done, total, REDRAWN))

        yield show


def _is_plain() -> bool:
    """Whether a command was told to print without colours."""
    command = click.get_current_context(silent=True)
    return command is not None and command.find_root().color is False


@contextlib.contextmanager
def _notebook(what: str) -> Iterator[Show]:
    """A bar below the cell, which stays as it was at the end."""
    import IPython.display

    bar = Bar(what)
    shown = IPython.display.display(bar, display_id=True)

    def show(done: int, total: int, text: str = "") -> None:
        if bar.moved(done, total, text):
            shown.update(bar)

    yield show


class Pace:
    """When work began, how much was done then, and so when the rest will be done."""

    def __init__(self) -> None:
        self._begun, self._due = time.monotonic(), 0.0
        self._first: int | None = None

    def is_due(self, done: int, total: int, every: float) -> bool:
        """Whether it is time to tell the next state: after so many seconds, and at the end."""
        now = time.monotonic()
        self._first = done if self._first is None else self._first
        if now < self._due and done != total:
            return False
        self._due = now + every
        return True

    def left(self, done: int, total: int) -> float | None:
        """Seconds that the rest will take; None at the end, and while nothing is done and nobody knows."""
        if self._first is None or done == self._first or done == total:
            return None
        return (time.monotonic() - self._begun) * (total - done) / (done - self._first)


def sentence(what: str, done: int, total: int, text: str, left: float | None) -> str:
    """A state of progress in words, in the language of the locale.

    >>> sentence("runs", 500, 2000, ", 3 failed", 12.3)
    '500 of 2,000 runs, 3 failed, about 12 s left'
    """
    rest = "" if left is None else _(", about {seconds:,.0f} s left", seconds=left)
    return in_locale(_("{done:,} of {total:,} {what}{text}{rest}", done=done, total=total, what=what, text=text,
                       rest=rest))


class Lines:
    """A line on stderr now and then."""

    def __init__(self, what: str) -> None:
        self._what, self._pace = what, Pace()
        self._told: int | None = None

    def show(self, done: int, total: int, text: str = "") -> None:
        """Print the state, if it is another one and it is time to."""
        if done != self._told and self._pace.is_due(done, total, EVERY):
            self._told = done
            click.echo(sentence(self._what, done, total, text, self._pace.left(done, total)), err=True)


class Bar:
    """A bar of HTML with the state beside it, for a notebook; its repr is the text alone."""

    def __init__(self, what: str) -> None:
        self._what, self._pace, self._share, self._said = what, Pace(), 0.0, f"{in_locale(what)} ..."

    def moved(self, done: int, total: int, text: str = "") -> bool:
        """Take on a state; whether it is to be drawn."""
        due = self._pace.is_due(done, total, REDRAWN)
        self._share = done / max(total, 1)
        self._said = sentence(self._what, done, total, text, self._pace.left(done, total))
        return due

    def _repr_html_(self) -> str:
        return f'<progress max="1" value="{self._share:.4f}"></progress> {html.escape(self._said)}'

    def __repr__(self) -> str:
        return self._said
