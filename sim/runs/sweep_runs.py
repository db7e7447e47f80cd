"""Runs of a sweep, for the driver: chunks of a plan by the time that they take, rows into the sweep's store."""

import numpy as np

from sim.base.errors import InputError, SomeRunsFailed
from sim.base.messages import _
from sim.runs.driver import Work
from sim.runs.plan import Chunk
from sim.runs.store import Store
from sim.runs.worker import Done, SweepSpec

TARGET = 4.0                   # seconds of work in a chunk
MOST, FIRST = 2000, 8          # runs in a chunk; in the first ones, whose cost is not known
PIECES = 8                     # of a chunk that does harm alone
LIMIT = 600.0                  # seconds after which a chunk, or a run, counts as stuck


class SweepRuns(Work["Chunk", "Done"]):
    """The runs of a plan that a store does not have yet; `traces` of what is nobody's input are the caller's to log."""

    def __init__(self, store: Store, spec: SweepSpec, workers: int, stop_on_error: bool = False) -> None:
        self._store, self._spec, self._stop_on_error = store, spec, stop_on_error
        self._size = Sizer(int((~store.done).sum()), workers)
        super().__init__(store.plan.chunks(store.done.copy(), self._size))
        self.traces: list[str] = []

    def keep(self, chunk: Chunk, result: Done) -> int:
        self._size.learn(len(chunk.runs), result.seconds)
        self._store.add(chunk, result)
        self.traces += result.traces
        if result.failed and self._stop_on_error:
            run, reason = result.failed[0]
            raise SomeRunsFailed(_("stopped: run {run} failed: {reason}", run=run, reason=reason))
        return len(chunk.runs)

    def blames(self, error: BaseException) -> bool:
        return not isinstance(error, InputError)               # no run is to blame for that

    def pieces(self, chunk: Chunk) -> list[Chunk]:
        runs = len(chunk.runs)
        return [chunk.part(piece) for piece in np.array_split(np.arange(runs), min(runs, PIECES))]

    def give_up(self, chunk: Chunk, why: str) -> int:
        return self.keep(chunk, self._spec.failed(chunk, " ".join(why.split())[:500]))


class Sizer:
    """How many runs a chunk has, so that it takes about TARGET seconds and leaves work for all."""

    def __init__(self, left: int, workers: int) -> None:
        self._left, self._workers = left, workers
        self._pace: float | None = None      # seconds a run

    def learn(self, runs: int, seconds: float) -> None:
        """Take account of a chunk that took so long."""
        self._left -= runs
        if seconds:
            pace = seconds / runs
            self._pace = pace if self._pace is None else 0.7 * self._pace + 0.3 * pace

    def __call__(self) -> int:
        fair = -(-max(self._left, 1) // (2 * self._workers))
        wanted = FIRST if self._pace is None else int(TARGET / max(self._pace, 1e-6))
        return max(1, min(wanted, fair, MOST))
