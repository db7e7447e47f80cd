"""Threads that help with the parts of a piece of work, as far as nothing else keeps them busy.

What has parts is large: one enterprise after another of a region of thousands of sites. Which parts there are follows
from the size alone, and what comes of them is put together in their order, so no bit depends on who did which.
"""

import collections
import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from threading import Event
from typing import TypeVar

from sim.base.errors import Interrupted

Part = TypeVar("Part")
Result = TypeVar("Result")
Left = collections.deque[tuple[Future[Result], Part]]


HELD = 2**25                   # numbers of one kind that are held: 256 MiB
PART = 2**22                   # numbers that are worked out at a time, by each who works


class Helpers:
    """Those who may help the thread that asks: up to so many threads of a pool; nobody without one.

    The pool may be busy with other work, or be the one whose thread asks: who is not free does not help. Once the
    threading.Event `stop` is set nobody begins another part. More than `held` numbers of choosers and sites are not
    kept, but worked out part by part where they are needed, at most `at_once` in one.
    """

    def __init__(self, pool: Executor | None = None, number: int = 0, stop: Event | None = None, held: int = HELD,
                 at_once: int = PART) -> None:
        self._pool, self._number, self._stop, self.held, self._at_once = pool, number, stop, held, at_once

    def parts(self, number: int, numbers: int, most: int | None = None) -> list[slice]:
        """Slices of so many things of so many numbers each, one at least; at most `most` things in one."""
        step = min(max(1, self._at_once // numbers), most or max(number, 1))
        return [slice(first, min(first + step, number)) for first in range(0, max(number, 1), step)]

    def refuse_stopped(self) -> None:
        """Raise Interrupted if nobody waits for the work any more."""
        if self._stop is not None and self._stop.is_set():
            raise Interrupted("stopped")

    def each(self, function: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
        """Generator of function(part) in the order of the parts, which the asking thread and its helpers share."""
        found: list[Future[Result]] = [Future() for _ in parts]
        left = collections.deque(zip(found, parts))
        helping = self._begun(functools.partial(self._do, left, function), len(parts) - 1)
        try:
            for each in found:
                while left and not each.done():
                    self._do_next(left, function)
                yield each.result()
        finally:
            left.clear()
            wait([each for each in helping if not each.cancel()])     # not for those whom the pool never began

    def _begun(self, work: Callable[[], None], useful: int) -> list[Future[None]]:
        """Futures of those who were asked to help; a pool that has ended has nobody."""
        with contextlib.suppress(RuntimeError):
            return [self._pool.submit(work) for _ in range(min(self._number, useful))] if self._pool else []
        return []

    def _do(self, left: Left[Result, Part], function: Callable[[Part], Result]) -> None:
        while left:
            self._do_next(left, function)

    def _do_next(self, left: Left[Result, Part], function: Callable[[Part], Result]) -> None:
        """Do the part that is next, if any is left; where one fails nobody begins another."""
        with contextlib.suppress(IndexError):
            each, part = left.popleft()
            try:
                self.refuse_stopped()
                each.set_result(function(part))
            except BaseException as error:
                left.clear()
                each.set_exception(error)



ALONE = Helpers()
