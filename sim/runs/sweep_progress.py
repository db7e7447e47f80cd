"""Progress of a sweep on stderr: runs, rate, time left, failures so far."""

import collections
import contextlib
import sys
import time

import click

from sim.runs.progress import EVERY, announce_compiling, bar


def follow(steps, silent):
    """Run a generator of Progress to its end; it is closed whatever happens."""
    with contextlib.closing(steps):
        if silent:
            collections.deque(steps, maxlen=0)
        else:
            announce_compiling()
            (_bar if sys.stderr.isatty() else _lines)(steps)


def _bar(steps):
    begun = None
    with bar("runs") as show:
        for state in steps:
            begun = begun or (time.monotonic(), state.done)
            show(state.done, state.total, _said(state, begun))


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
