"""Progress of a sweep: runs, rate, time left, failures so far."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

from sim.base.messages import _, joined
from sim.runs import progress

if TYPE_CHECKING:
    from sim.experiments.sweep.sweep import Progress


def follow(steps: Generator[Progress, None, None], quiet: bool) -> None:
    """Run a generator of Progress to its end; it is closed whatever happens."""
    progress.follow(_states(steps), quiet, _("runs"))


def _states(steps: Generator[Progress, None, None]) -> Generator[progress.Step, None, None]:
    """(done, in all, rate and failures) of each step."""
    with contextlib.closing(steps):
        begun = None
        for state in steps:
            begun = begun or (time.monotonic(), state.done)
            yield state.done, state.total, _text(state, *begun)


def _text(state: Progress, started: float, first: int) -> str:
    """Rate and failures, if there are any yet."""
    rate = (state.done - first) / max(time.monotonic() - started, 1e-9) if state.done > first else 0.0
    pace = [_(", {rate:,.1f} a second", rate=rate)] if rate else []
    failed = [_(", {failed:,} failed", failed=state.failed)] if state.failed else []
    return joined("", [*pace, *failed])
