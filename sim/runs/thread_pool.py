"""Threads of this process: the engine for a single run, and for what is kept in memory."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Generic, TypeVar

from sim.base.helpers import Helpers
from sim.runs import limits

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class ThreadEngine(Generic[Chunk, Result]):
    """Threads which do `function(chunk, helpers)`; closing it sets the helpers' `stop`, and waits for them.

    A thread to which no chunk was given helps those that have one.
    """

    chunks_a_worker = 2            # one to do, one to go on with

    def __init__(self, workers: int, function: Callable[[Chunk, Helpers], Result]) -> None:
        self.workers, self._function, self._stop = workers, function, threading.Event()
        self._threads = limits.threads(workers)
        self._helpers = Helpers(self._threads, workers - 1, self._stop)
        self._numbers: dict[Future[Result], int] = {}

    def submit(self, number: int, chunk: Chunk, alone: bool = False) -> None:
        """Give a chunk, under a number, to whoever is free."""
        self._numbers[self._threads.submit(self._function, chunk, self._helpers)] = number

    def finished(self, timeout: float) -> list[tuple[int, Result | BaseException]]:
        """(number, result or exception) of the chunks that have ended."""
        ended = wait(self._numbers, timeout, FIRST_COMPLETED).done
        return [(self._numbers.pop(each), each.exception() or each.result()) for each in ended]

    def held(self) -> set[int]:
        """Numbers of the chunks that are waiting or under way."""
        return set(self._numbers.values())

    def close(self) -> None:
        """End the threads, each within a quarter, or a part of an opening, of what it simulates."""
        self._stop.set()
        self._threads.shutdown(cancel_futures=True)
