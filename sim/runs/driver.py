"""One driver for all engines: a bounded window of chunks, one writer, and justice for failed runs.

A chunk whose worker died is run again, alone. If it kills its worker alone, it is cut in pieces, down
to the run that does it; a run that ends five workers alone, or fails three times alone in another way, is
recorded as failed. Nobody else is charged for it. Five, because somebody else may kill workers too: the
system for want of memory, or a cluster that wants its nodes back.
"""

import collections
import time
from typing import NamedTuple

import numpy as np

from sim.base.errors import InputError, SomeRunsFailed
from sim.runs.process_pool import Lost
from sim.runs.watch import Watch

TARGET = 4.0                   # seconds of work in a chunk
MOST, FIRST = 2000, 8          # runs in a chunk; in the first ones, whose cost is not known
STRIKES, DEATHS = 3, 5          # failures, and deaths of its worker, until a run is given up
PIECES = 8                     # of a chunk that does harm alone
LIMIT = 600.0                  # seconds after which a chunk, or a run, counts as stuck


class Task(NamedTuple):
    """A chunk on its way; suspects are run alone."""

    chunk: object
    alone: bool
    strikes: int
    begun: float


class Sizer:
    """How many runs a chunk has, so that it takes about TARGET seconds and leaves work for all."""

    def __init__(self, left, workers):
        self._left, self._workers, self._pace = left, workers, None

    def learn(self, runs, seconds):
        """Take account of a chunk that took so long."""
        self._left -= runs
        if seconds:
            pace = seconds / runs
            self._pace = pace if self._pace is None else 0.7 * self._pace + 0.3 * pace

    def __call__(self):
        fair = -(-max(self._left, 1) // (2 * self._workers))
        wanted = FIRST if self._pace is None else int(TARGET / max(self._pace, 1e-6))
        return max(1, min(wanted, fair, MOST))


class Driver:
    """Brings the runs of a plan that a store does not have yet through an engine into the store."""

    def __init__(self, store, engine, blueprint, stop_on_error=False, limit=LIMIT):
        self.store, self.engine, self.blueprint = store, engine, blueprint
        self.stop_on_error, self.limit = stop_on_error, limit
        left = int((~store.done).sum())
        self._size = Sizer(left, engine.workers)
        self._chunks = store.plan.chunks(store.done.copy(), self._size)
        self._suspects = collections.deque()
        self._tasks, self._next, self._watch = {}, 0, Watch(engine)
        self.traces = []

    def run(self):
        """Generator of the number of runs that came into the store, chunk by chunk."""
        try:
            while self._fill():
                for number, outcome in self.engine.finished(1.0):
                    task = self._tasks.pop(number)
                    yield self._settle(task, outcome)
                self._take_back_stuck()
                self._watch.look(self._tasks)
        finally:
            self.engine.close()

    def _fill(self):
        """Hand out chunks as far as the window goes, none beside one that goes alone; whether any are under way."""
        if any(task.alone for task in self._tasks.values()):
            return True
        if self._suspects:
            if not self._tasks:
                self._hand_out(self._suspects.popleft())
            return True
        window = self.engine.chunks_a_worker * self.engine.workers
        while len(self._tasks) < window and (chunk := next(self._chunks, None)):
            self._hand_out(Task(chunk, False, 0, 0.0))
        return bool(self._tasks)

    def _hand_out(self, task):
        self._next += 1
        self.engine.submit(self._next, task.chunk, task.alone)
        self._tasks[self._next] = task._replace(begun=time.monotonic())

    def _settle(self, task, outcome):
        """Store what came back, or see to it that it is done again; how many runs are new in the store."""
        if isinstance(outcome, Lost):
            return self._strike(task, "it ended its worker", DEATHS)
        if isinstance(outcome, InputError):          # no run is to blame for it
            raise outcome
        if isinstance(outcome, BaseException):
            return self._strike(task._replace(alone=True), f"{type(outcome).__name__}: {outcome}")
        self._size.learn(len(task.chunk.runs), outcome.seconds)
        self.store.add(task.chunk, outcome)
        self.traces += outcome.traces
        if outcome.failed and self.stop_on_error:
            run, reason = outcome.failed[0]
            raise SomeRunsFailed(f"stopped: run {run} failed: {reason}")
        return len(task.chunk.runs)

    def _strike(self, task, why, most=STRIKES):
        """Count a failure of a whole chunk against it if it was alone; at the end against one run."""
        runs = len(task.chunk.runs)
        if not task.alone:
            self._suspects.append(task._replace(alone=True))
        elif runs > 1:
            for piece in np.array_split(np.arange(runs), min(runs, PIECES)):
                self._suspects.append(Task(task.chunk.part(piece), True, 0, 0.0))
        elif task.strikes + 1 < most:
            self._suspects.appendleft(task._replace(strikes=task.strikes + 1))
        else:
            return self._give_up(task.chunk, f"{why} {most} times, alone")
        return 0

    def _give_up(self, chunk, why):
        """Record a run that nobody can finish."""
        done = self.blueprint.failed(chunk, " ".join(why.split())[:500])
        return self._settle(Task(chunk, True, STRIKES, 0.0), done)

    def _take_back_stuck(self):
        """Take all chunks back when one has been under way for too long; it alone is suspected."""
        window = self.engine.chunks_a_worker                  # a chunk may have waited for one before it
        now = time.monotonic()
        stuck = {number for number, task in self._tasks.items()
                 if now - task.begun > self.limit * (1 if task.alone else window)}
        if not stuck:
            return
        for number, outcome in self.engine.take_back():
            task = self._tasks.pop(number)
            if number in stuck:
                self._strike(task._replace(alone=True), f"no end within {self.limit:g} s")
            elif isinstance(outcome, Lost):
                self._suspects.append(task._replace(alone=True, strikes=0))
            else:
                self._settle(task, outcome)
