"""A function of replicates, chunk by chunk in threads, whose results stay in memory: for studies of one scenario."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar

from sim.runs.driver import Driver, Work
from sim.runs.job import CHUNK
from sim.runs.thread_pool import ThreadEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from threading import Event


Result = TypeVar("Result")


def by_chunks(function: Callable[[range, Event], Result], replicates: int,
              jobs: int = 1) -> Generator[tuple[int, int], None, list[Result]]:
    """Generator of (replicates done, in all); returns [function(chunk, stop)] in the order of the replicates.

    A chunk is a range of at most CHUNK of them; `stop` is a threading.Event that is set when nobody waits any more.
    """
    chunks = [range(first, min(first + CHUNK, replicates)) for first in range(0, replicates, CHUNK)]
    kept: Kept[Result] = Kept(chunks)
    done = 0
    with contextlib.closing(ThreadEngine(jobs, function)) as engine:
        yield done, replicates
        for _ in Driver(kept, engine).run():
            yield sum(map(len, kept.results)), replicates
    return [kept.results[chunk] for chunk in chunks]


class Kept(Work[range, Result]):
    """Tasks whose results are kept by task."""

    def __init__(self, tasks: Iterable[range]) -> None:
        super().__init__(tasks)
        self.results: dict[range, Result] = {}

    def keep(self, task: range, result: Result) -> int:
        self.results[task] = result
        return 1


def ended(steps: Generator[object, None, Result]) -> Result:
    """What a generator returns at its end, however far it tells that it is."""
    with contextlib.closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Result = end.value
                return found
