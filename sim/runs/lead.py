"""A process that leads the simulation of a single run: begun before anything is read, it imports and loads meanwhile.

To import and load what simulates takes as long as to read and check a scenario and to import what draws results. So one
process does the one and the command's the other. It then starts the workers, whose parent it is. Only in a command's
process, where nothing of it is imported yet; elsewhere, and where it is lost, a run is simulated as without it.

Decision 117 (docs/decisions.md).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing.connection
import pickle
import signal
import sys
from typing import TYPE_CHECKING, Any

from sim.base import collector
from sim.runs import spool, worker_process, worker_start
from sim.runs.process_pool import Lost
from sim.runs.worker_process import GOODBYE, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from sim.runs.open_runs import Asked

SHARED = ("numpy", "pandas")   # what both need
ENGINE = "numba"               # where it is imported there is little left to win
ABLE, STATE, DONE, FAILED = "able", "state", "done", "failed"        # what it says, with a value


@contextlib.contextmanager
def begun(processes: int) -> Iterator[Lead | None]:
    """Inside, there is a Lead where it saves time; it is gone afterwards."""
    lead = None
    if processes > 1 and ENGINE not in sys.modules and worker_process.are_forked():
        with collector.resting():
            for name in SHARED:
                importlib.import_module(name)
        with contextlib.suppress(OSError):       # the system starts none
            lead = Lead()
    try:
        yield lead
    finally:
        if lead:
            lead.end()


class Lead:
    """The process, as the one who started it sees it."""

    def __init__(self) -> None:
        self._worker, self._gone = Worker(_serve, "", leads=True), False

    def processor(self) -> dict[str, str]:
        """Of the processor what the engine uses, if it can simulate: the kernels are compiled. Waits for the answer."""
        try:
            return dict(self._heard()[1])
        except Lost:
            return {}

    def simulated(self, asked: Asked, folder: Path,
                  meanwhile: Callable[[], None]) -> Generator[tuple[int, int], None, bytes]:
        """Generator of (members done, members in all) of what is asked for in the run of a folder, whose lock is held.

        It returns the bytes of the table of what was assumed. Whatever ends it, no process is left afterwards that
        could write there. Lost if the process is.
        """
        try:
            with contextlib.suppress(OSError):   # it is lost: that is heard below
                self._worker.ask(asked)
            meanwhile()
            while (said := self._heard())[0] == STATE:
                yield said[1]
            if said[0] == FAILED:
                raise pickle.loads(said[1])
            return bytes(said[1])
        finally:
            self.end()
            spool.sweep(folder)

    def end(self) -> None:
        """End it and its workers, and wait until all are gone: they share its end of the connection."""
        if not self._gone:
            self._gone = True
            self._worker.kill()
            self._worker.hear_out(GOODBYE)
            self._worker.end()

    def _heard(self) -> tuple[str, Any]:
        """The next thing that it says; Lost where it ends instead."""
        said: tuple[str, Any] | None = None
        while not said and self._worker.is_alive():
            multiprocessing.connection.wait(self._worker.ends)
            said = self._worker.said()
        said = said or self._worker.said()               # its last words
        if said:
            return said
        raise Lost


def _serve(connection: Connection, _spool: str, _beats: Any) -> None:
    """Life of the process: load, say whether kernels are compiled, hear what to simulate, and do it.

    Signals of the terminal are its parent's to answer. If that is gone nothing can be said, and it ends.
    """
    for name in (signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        with collector.resting():
            from sim.runs import compiling, processor, run

            connection.send((ABLE, processor.used() if compiling.is_done() else {}))
            run.load()
            gc.freeze()                          # what is there stays, and is not looked through
        for said in _said(connection.recv()):
            connection.send(said)


def _said(asked: Asked) -> Iterator[tuple[str, Any]]:
    """States of what is asked for; last the table of what was assumed, made beside the workers, or what went wrong."""
    from sim.runs import run

    assumed = b""
    try:
        steps = run.simulated(asked)
        yield STATE, next(steps)
        for step in steps:
            assumed = assumed or run.assumed(asked)
            yield STATE, step
        yield DONE, assumed or run.assumed(asked)
    except Exception as error:
        yield FAILED, worker_start.packed_error(error)
