"""Progress of a sweep on stderr: runs, rate, time left, failures so far."""

from __future__ import annotations

import collections
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Protocol

import click

from sim.runs.progress import EVERY, announce_compiling, bar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable



class State(Protocol):
    """Where a sweep stands: runs that are done, failed ones among them, and runs in all."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def failed(self) -> int: ...


def follow(steps: Generator[State, None, None], silent: bool) -> None:
    """Run a generator of Progress to its end; it is closed whatever happens."""
    with contextlib.closing(steps):
        if silent:
            collections.deque(steps, maxlen=0)
        else:
            announce_compiling()
            (_bar if sys.stderr.isatty() else _lines)(steps)


def _bar(steps: Iterable[State]) -> None:
    begun = None
    with bar("runs") as show:
        for state in steps:
            begun = begun or (time.monotonic(), state.done)
            show(state.done, state.total, _said(state, begun))


def _lines(steps: Iterable[State]) -> None:
    begun, due = None, 0.0
    for state in steps:
        now = time.monotonic()
        begun = begun or (now, state.done)
        if now >= due or state.done == state.total:
            due = now + EVERY
            said = f"{_said(state, begun)}{_left(state, begun)}"
            click.echo(f"{state.done:,} of {state.total:,} runs{said}", err=True)


def _said(state: State, begun: tuple[float, int]) -> str:
    """Rate and failures, if there are any yet."""
    rate = _rate(state, begun)
    pace = f", {rate:,.1f} a second" if rate else ""
    return pace + (f", {state.failed:,} failed" if state.failed else "")


def _left(state: State, begun: tuple[float, int]) -> str:
    rate = _rate(state, begun)
    left = state.total - state.done
    return f", about {left / rate:,.0f} s left" if rate and left else ""


def _rate(state: State, begun: tuple[float, int]) -> float:
    started, first = begun
    return (state.done - first) / max(time.monotonic() - started, 1e-9) if state.done > first else 0.0
