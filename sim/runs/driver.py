"""One driver for whoever runs many members, by whatever engine: a bounded window of chunks, and one that stores.

A chunk whose worker died is run again, alone. If it ends its worker alone, it is cut in pieces, down to
the run that does it; a run that ends five workers alone, or fails three times alone in another way, is
given up. Nobody else is charged for it. Five, because somebody else may kill workers too: the
system for want of memory, or a cluster that wants its nodes back.

What a chunk is, and what becomes of its result, is its Work's to say. An engine has `workers`, `chunks_a_worker`,
`submit(number, chunk, alone)`, `finished(seconds)`, `held()`, `close()`, and `take_back()` if chunks have a limit.

Decisions 54, 68 and 71 (docs/decisions.md).
"""

import collections
import time
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar, cast

from sim.base.errors import SimError, in_a_line
from sim.base.messages import _
from sim.runs.engine import Engine, Reclaiming
from sim.runs.process_pool import Lost
from sim.runs.watch import Watch

STRIKES, DEATHS = 3, 5         # failures, and deaths of its worker, until a run is given up


Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Work(Generic[Chunk, Result]):
    """Chunks that are done once each, whatever their results; who does more overrides what differs."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self.chunks = iter(chunks)

    def keep(self, chunk: Chunk, result: Result) -> int:
        """Store a result; how many runs are new."""
        return 1

    def blames(self, error: BaseException) -> bool:
        """Whether an exception counts against its chunk, which is tried again, instead of ending everything."""
        return False

    def pieces(self, chunk: Chunk) -> list[Chunk]:
        """Smaller chunks that make it up; it alone if there are none."""
        return [chunk]

    def give_up(self, chunk: Chunk, why: str) -> int:
        """Record a chunk, of a single run, that nobody can finish; how many runs are new."""
        raise SimError(_("{why}; is there enough memory?", why=why))


class Task(NamedTuple, Generic[Chunk]):
    """A chunk on its way; suspects are run alone."""

    chunk: Chunk
    alone: bool = False
    strikes: int = 0
    begun: float = 0.0


class Driver(Generic[Chunk, Result]):
    """Brings the chunks of a Work through an engine; `limit` in seconds for a chunk, if any, and `window` of chunks."""

    def __init__(self, work: Work[Chunk, Result], engine: Engine[Chunk, Result], limit: float | None = None,
                 window: int = 0) -> None:
        self._work, self._engine, self._limit = work, engine, limit
        self._window = window or engine.chunks_a_worker * engine.workers
        self._suspects: collections.deque[Task[Chunk]] = collections.deque()
        self._tasks: dict[int, Task[Chunk]] = {}
        self._next, self._watch = 0, Watch(engine)

    def run(self) -> Iterator[int]:
        """Generator of the number of runs that came in, chunk by chunk, and of 0 now and then."""
        while self._fill():
            ended = self._engine.finished(1.0)
            for number, outcome in ended:
                yield self._settle(self._tasks.pop(number), outcome)
            self._take_back_stuck()
            self._watch.look(self._tasks)
            if not ended:
                yield 0

    def _fill(self) -> bool:
        """Hand out chunks as far as the window goes, none beside one that goes alone; whether any are under way."""
        if any(task.alone for task in self._tasks.values()):
            return True
        if self._suspects:
            if not self._tasks:
                self._hand_out(self._suspects.popleft())
            return True
        while len(self._tasks) < self._window and (chunk := next(self._work.chunks, None)):
            self._hand_out(Task(chunk))
        return bool(self._tasks)

    def _hand_out(self, task: Task[Chunk]) -> None:
        self._next += 1
        self._engine.submit(self._next, task.chunk, task.alone)
        self._tasks[self._next] = task._replace(begun=time.monotonic())

    def _settle(self, task: Task[Chunk], outcome: Result | BaseException) -> int:
        """Store what came back, or see to it that it is done again; how many runs are new."""
        if isinstance(outcome, Lost):
            return self._strike(task, _("its worker died"), DEATHS)
        if not isinstance(outcome, BaseException):
            return self._work.keep(task.chunk, outcome)
        if not self._work.blames(outcome):
            raise outcome
        return self._strike(task._replace(alone=True), in_a_line(outcome))

    def _strike(self, task: Task[Chunk], why: str, most: int = STRIKES) -> int:
        """Count a failure of a whole chunk against it if it was alone; at the end against one run."""
        pieces = self._work.pieces(task.chunk) if task.alone else []
        if not task.alone:
            self._suspects.append(task._replace(alone=True))
        elif len(pieces) != 1:
            self._suspects.extend(Task(piece, alone=True) for piece in pieces)
        elif task.strikes + 1 < most:
            self._suspects.appendleft(task._replace(strikes=task.strikes + 1))
        else:
            return self._work.give_up(task.chunk, _("{why} ({times} times, alone)", why=why, times=most))
        return 0

    def _take_back_stuck(self) -> None:
        """Take all chunks back when one has been under way for too long; it alone is suspected."""
        chunks = self._engine.chunks_a_worker                  # a chunk may have waited for one before it
        now = time.monotonic()
        stuck = {number for number, task in self._tasks.items()
                 if self._limit and now - task.begun > self._limit * (1 if task.alone else chunks)}
        if not stuck:
            return
        engine = cast("Reclaiming[Chunk, Result]", self._engine)     # as who sets a limit knows
        for number, outcome in engine.take_back():
            task = self._tasks.pop(number)
            if number in stuck:
                self._strike(task._replace(alone=True), _("it did not end within {seconds:g} s", seconds=self._limit))
            elif isinstance(outcome, Lost):
                self._suspects.append(task._replace(alone=True, strikes=0))
            else:
                self._settle(task, outcome)
