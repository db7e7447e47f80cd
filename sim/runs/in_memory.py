"""A function of replicates, chunk by chunk in threads, whose results stay in memory: for studies of one scenario."""

import contextlib

from sim.runs.driver import Driver, Work
from sim.runs.job import CHUNK
from sim.runs.thread_pool import ThreadEngine


def by_chunks(function, replicates, jobs=1):
    """Generator of (replicates done, in all); returns [function(chunk, stop)] in the order of the replicates.

    A chunk is a range of at most CHUNK of them; `stop` is a threading.Event that is set when nobody waits any more.
    """
    chunks = [range(first, min(first + CHUNK, replicates)) for first in range(0, replicates, CHUNK)]
    kept, done = Kept(chunks), 0
    with contextlib.closing(ThreadEngine(jobs, function)) as engine:
        yield done, replicates
        for _ in Driver(kept, engine).run():
            yield sum(map(len, kept.results)), replicates
    return [kept.results[chunk] for chunk in chunks]


class Kept(Work):
    """Tasks whose results are kept by task."""

    def __init__(self, tasks):
        super().__init__(tasks)
        self.results = {}

    def keep(self, task, result):
        self.results[task] = result
        return 1


def ended(steps):
    """What a generator returns at its end, however far it tells that it is."""
    with contextlib.closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
