"""A function of replicates, chunk by chunk in threads, whose results stay in memory: for studies of one scenario."""

import contextlib
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeVar

from sim.base.helpers import Helpers
from sim.runs import progress
from sim.runs.driver import Driver, Work
from sim.runs.job import CHUNK
from sim.runs.thread_pool import ThreadEngine

Task = TypeVar("Task")
Result = TypeVar("Result")


def by_chunks(function: Callable[[range, Helpers], Result], replicates: int,
              jobs: int = 1) -> Generator[tuple[int, int], None, list[Result]]:
    """Generator of (replicates done, in all); returns [function(chunk, helpers)] in the order of the replicates.

    A chunk is a range of at most CHUNK of them; the Helpers are stopped when nobody waits any more.
    """
    chunks = [range(first, min(first + CHUNK, replicates)) for first in range(0, replicates, CHUNK)]
    kept: Kept[range, Result] = Kept(chunks)
    done = 0
    with contextlib.closing(ThreadEngine(jobs, function)) as engine:
        yield done, replicates
        for _ in Driver(kept, engine).run():
            yield sum(map(len, kept.results)), replicates
    return [kept.results[chunk] for chunk in chunks]


class Kept(Work[Task, Result]):
    """Tasks whose results are kept by task."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        super().__init__(tasks)
        self.results: dict[Task, Result] = {}

    def keep(self, task: Task, result: Result) -> int:
        self.results[task] = result
        return 1


def ended(steps: Generator[Any, None, Result]) -> Result:
    """What a generator returns at its end, however far it tells that it is."""
    return progress.follow(steps, quiet=True, compiles=False)
