"""Progress of a sweep on stderr: runs, rate, time left, failures so far."""

import contextlib
import sys
import time

import click

from sim.cli._progress import announce_compiling

EVERY = 10.0                   # seconds between lines where there is no terminal


def follow(steps, silent):
    """Run a generator of Progress to its end; it is closed whatever happens."""
    with contextlib.closing(steps):
        if not silent:
            announce_compiling()
        show = _silent if silent else _bar if sys.stderr.isatty() else _lines
        show(steps)


def _silent(steps):
    for _ in steps:
        pass


def _bar(steps):
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr, no_color=click.get_current_context().find_root().color is False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[said]}"), TextColumn("left"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task, begun = progress.add_task("runs", total=None, said=""), None
        for state in steps:
            begun = begun or (time.monotonic(), state.done)
            progress.update(task, completed=state.done, total=state.total, said=_said(state, begun))


def _lines(steps):
    begun, due = None, 0.0
    for state in steps:
        now = time.monotonic()
        begun = begun or (now, state.done)
        if now >= due or state.done == state.total:
            due = now + EVERY
            said = f"{_said(state, begun)}{_left(state, begun)}"
            click.echo(f"{state.done:,} of {state.total:,} runs{said}", err=True)


def _said(state, begun):
    """Rate and failures, if there are any yet."""
    rate = _rate(state, begun)
    pace = f", {rate:,.1f} a second" if rate else ""
    return pace + (f", {state.failed:,} failed" if state.failed else "")


def _left(state, begun):
    rate = _rate(state, begun)
    left = state.total - state.done
    return f", about {left / rate:,.0f} s left" if rate and left else ""


def _rate(state, begun):
    started, first = begun
    return (state.done - first) / max(time.monotonic() - started, 1e-9) if state.done > first else 0.0
