"""Workers as processes of this machine: the engine by default.

Each worker has a connection of its own, whose other end closes with it: a death is noticed at once,
whatever the worker was at, and costs the chunk that it held and no other.

Decision 70 (docs/decisions.md).
"""

import collections
import contextlib
import multiprocessing.connection
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from sim.base import collector
from sim.base.errors import OutputError, Unanswered
from sim.base.messages import _
from sim.runs import spool, worker_process, worker_start
from sim.runs.worker_process import Worker

STARTS, NOBODY = 5, 30.0       # processes that end as they begin, in a row, and seconds for which none has begun
PATIENCE = 60.0                # seconds for a first answer
PAUSE = 0.2                    # seconds until another try to start a process, where there is none


class Lost(Exception):
    """A chunk came to no end: its worker died, or it was taken back. Whose fault it was is not known."""


Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class PoolEngine(Generic[Chunk, Result]):
    """Single-thread processes, which do `function(packed, chunk)`; a dead one is replaced.

    Results come in files of a spool in `folder`, whose lock the caller holds. Where workers are forked, `prepare`
    imports and loads here what all of them need.
    """

    chunks_a_worker = 2            # one to do, one to go on with

    def __init__(self, workers: int, function: Callable[[Any, Chunk], Result], packed: Any, folder: str | Path,
                 prepare: Callable[[], None] | None = None) -> None:
        self.workers, self._room = workers, workers
        if prepare and worker_process.are_forked():
            with collector.resting():
                prepare()
        self._spool = spool.make(folder)
        spool.put(self._spool, worker_start.WORK, pickle.dumps((function, packed), protocol=5))
        self._waiting: collections.deque[tuple[int, str]] = collections.deque()
        self._staff: list[Worker] = []
        self._submitted = 0
        self._stillborn: list[float] = []        # times at which processes ended as they began

    def begin(self) -> None:
        """Start a worker before there is work, so that it imports meanwhile."""
        self._hire(1)

    def submit(self, number: int, chunk: Chunk, alone: bool = False) -> None:
        """Give a chunk, under a number, to whoever is free; one that goes alone has the machine's memory."""
        self._submitted += 1
        name = f"task-{self._submitted}"
        spool.put(self._spool, name, pickle.dumps(chunk, protocol=5))
        self._waiting.append((number, name))
        for worker in [each for each in self._staff if alone and not each.busy][1:]:
            self._staff.remove(worker)
            worker.end()
        self._hand_out()

    def finished(self, timeout: float) -> list[tuple[int, Result | BaseException]]:
        """(number, result or exception) of the chunks that have ended; Lost where a worker died."""
        ends: dict[Any, Worker] = {end: worker for worker in self._staff for end in worker.ends}
        if not ends:
            time.sleep(min(timeout, PAUSE) if self._waiting else timeout)
        spoke = multiprocessing.connection.wait(list(ends), timeout) if ends else []
        ended = [outcome for worker in dict.fromkeys(ends[end] for end in spoke) for outcome in self._heard(worker)]
        for worker in [each for each in self._staff if not each.ready and each.age > PATIENCE]:
            ended += self._buried(worker, _("no answer within {seconds:.0f} s", seconds=PATIENCE))
        for worker in [each for each in self._staff if each.ready and each.busy and each.is_silent()]:
            ended += self._buried(worker)
        self._hand_out()
        return ended

    def held(self) -> set[int]:
        """Numbers of the chunks that wait here or are with a worker that lives."""
        return {number for number, _ in self._waiting} | {worker.task[0] for worker in self._staff if worker.task}

    def take_back(self) -> list[tuple[int, Result | BaseException]]:
        """End all workers at once; chunks under way come back as Lost, those just finished with results."""
        ended = [outcome for worker in list(self._staff) for outcome in self._heard(worker)]
        ended += [(number, Lost()) for number in self.held()]
        self._end_all()
        return ended

    def close(self) -> None:
        """End the workers without waiting for what they are at."""
        self._end_all()
        spool.remove(self._spool)

    def _end_all(self) -> None:
        staff, self._staff = self._staff, []
        self._waiting.clear()
        for worker in staff:
            worker.kill()
        for worker in staff:
            worker.end()

    def _heard(self, worker: Worker) -> list[tuple[int, Result | BaseException]]:
        """What a worker said or left: (number, outcome) of at most one chunk."""
        said, why = worker.said(), ""
        if said and said[0] == worker_start.UNABLE:
            why = said[1]
        elif said and said[0] == worker_start.READY:
            worker.ready, self._stillborn = True, []
            return [] if worker.is_alive() else self._heard(worker)
        elif said and worker.task:
            number, worker.task = worker.task[0], None
            return [(number, self._opened(*said)), *([] if worker.is_alive() else self._buried(worker))]
        return [] if worker.is_alive() and not why else self._buried(worker, why)

    def _opened(self, kind: str, name: str, digest: str) -> Any:
        """The result in a file, or the exception that was raised or that it raises when it is unpacked."""
        if kind == worker_start.UNWRITTEN:
            raise OutputError(name)
        content = spool.take(self._spool, name, digest)
        try:
            return pickle.loads(content)
        except Exception as error:
            return error

    def _buried(self, worker: Worker, why: str = "") -> list[tuple[int, Result | BaseException]]:
        """Let a dead worker go; what it held is lost, unless it never began."""
        self._staff.remove(worker)
        worker.end()
        if not worker.ready:
            self._waiting.extendleft([worker.task] if worker.task else [])
            self._note_stillborn(why)
            return []
        return [(worker.task[0], Lost())] if worker.task else []

    def _note_stillborn(self, why: str) -> None:
        """Go on with the workers there are if no more can begin; without any, Unanswered."""
        self._stillborn.append(time.monotonic())
        if len(self._stillborn) < STARTS or self._stillborn[-1] - self._stillborn[0] < NOBODY:
            return
        if not any(worker.ready for worker in self._staff):
            raise Unanswered(_("worker processes end as soon as they start, {times} times in a row ({why}); "
                               "is there enough memory?", times=len(self._stillborn), why=why or _("no reason given")))
        self._room, self._stillborn = len(self._staff), []

    def _hand_out(self) -> None:
        """Give what waits to those that are free, and start workers for the rest as far as there is room."""
        self._hire(len(self._waiting) - sum(not worker.busy for worker in self._staff))
        free = sorted((worker for worker in self._staff if not worker.busy), key=lambda worker: not worker.ready)
        for worker in free[:len(self._waiting)]:
            worker.task = self._waiting.popleft()
            with contextlib.suppress(OSError):          # it has died: `finished` hears of it
                worker.ask(worker.task[1])

    def _hire(self, wanted: int) -> None:
        """Start so many more workers, as far as there is room."""
        for _worker in range(min(wanted, self._room - len(self._staff))):
            try:
                self._staff.append(Worker(worker_start.serve, self._spool))
            except OSError as error:
                self._note_stillborn(f"{error.strerror or error}")
