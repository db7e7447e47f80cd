"""Runs of a sweep, for the driver: chunks of a plan by the time that they take, rows into the sweep's store."""

import numpy as np

from sim.base.errors import InputError, SomeRunsFailed
from sim.base.messages import _
from sim.runs.driver import Work
from sim.runs.plan import ENSEMBLE, Chunk
from sim.runs.store import Store
from sim.runs.worker import Done, SweepSpec

TARGET, SHORT = 4.0, 0.4       # seconds of work in a chunk; in the last ones, which get shorter until chunks cost much
MOST, FIRST = 2000, 8          # runs in a chunk; in the first ones, whose cost is not known
PIECES = 8                     # of a chunk that does harm alone
LIMIT = 600.0                  # seconds after which a chunk, or a run, counts as stuck


class SweepRuns(Work["Chunk", "Done"]):
    """The runs of a plan that a store does not have yet; `traces` of what is nobody's input are the caller's to log."""

    def __init__(self, store: Store, spec: SweepSpec, workers: int, stop_on_error: bool = False) -> None:
        self._store, self._spec, self._stop_on_error = store, spec, stop_on_error
        self._size = Sizer(int((~store.done).sum()), workers)
        super().__init__(map(self._size.handed, store.plan.chunks(store.done.copy(), self._size)))
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
        return self.keep(chunk, self._spec.failed(chunk, why))


class Sizer:
    """How many runs a chunk has: about TARGET seconds' worth, fewer towards the end, so that all end together."""

    def __init__(self, left: int, workers: int) -> None:
        self._left, self._workers = left, workers
        self._pace: float | None = None      # seconds a run

    def handed(self, chunk: Chunk) -> Chunk:
        """Take account of a chunk that is nobody else's to do."""
        self._left -= len(chunk.runs)
        return chunk

    def learn(self, runs: int, seconds: float) -> None:
        """Take account of a chunk that took so long."""
        if seconds:
            pace = seconds / runs
            self._pace = pace if self._pace is None else 0.7 * self._pace + 0.3 * pace

    def __call__(self) -> int:
        fair = -(-max(self._left, 1) // (self._workers + 1))
        if self._pace is None:
            return min(FIRST, fair, MOST)
        longest, shortest = (int(seconds / max(self._pace, 1e-6)) for seconds in (TARGET, SHORT))
        size = max(1, min(longest, max(fair, shortest), MOST))
        return size - size % ENSEMBLE if size > ENSEMBLE else size         # whole ensembles
