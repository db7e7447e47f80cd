"""A worker process as the one who started it sees it: a process, a connection and the task it has.

It is forked where that is safe, and has then all that is imported and loaded here; elsewhere it starts anew.

Decisions 69 and 110 (docs/decisions.md).
"""

import contextlib
import gc
import multiprocessing
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sim.base import forked
from sim.runs import limits

GOODBYE = 5.0                  # seconds for a process that was killed to be gone
SILENCE = 120                  # looks, a second apart or more, at a worker whose heart does not beat


def are_forked() -> bool:
    """Whether a worker that is started now is forked: from a process with one thread, also of linear algebra.

    What another thread holds at a fork is held for ever in the new process. Threads of libraries see to that
    themselves, but those of linear algebra would come back in every worker.
    """
    return forked.POSSIBLE and threading.active_count() == 1 and limits.has_linear_algebra_in_one_thread()


class Worker:
    """A process that begins to serve; OSError if the system starts none. One that leads has workers of its own."""

    def __init__(self, serve: Callable[..., None], spool: Path | str, leads: bool = False) -> None:
        forks = are_forked()
        context = multiprocessing.get_context("fork") if forks else multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._beats, self._seen, self._looks, self._looked = context.RawValue("Q"), 0, 0, 0.0
        given = (theirs, str(spool), self._beats)
        target, more = (_begun, (self._connection, serve)) if forks else (serve, ())
        self._process = context.Process(target=target, args=(*more, *given), daemon=not leads)
        self.ready, self._begun = False, time.monotonic()
        self.task: tuple[int, str] | None = None
        with theirs, _nameless_main(), _deaf(), forked.unwarned():
            try:
                self._process.start()
            except BaseException:
                self._connection.close()
                raise

    @property
    def busy(self) -> bool:
        return self.task is not None

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._begun

    @property
    def ends(self) -> tuple[Connection, int]:
        """What to wait for: it says something, or it ends."""
        return self._connection, self._process.sentinel

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def is_silent(self) -> bool:
        """Whether its heart has stopped, as that of a process that somebody stopped has; to be asked again and again.

        What counts is how often we looked, so that a machine that slept costs nobody a worker.
        """
        now = time.monotonic()
        if self._beats.value != self._seen:
            self._seen, self._looks = self._beats.value, 0
        elif now - self._looked > 1.0:
            self._looks, self._looked = self._looks + 1, now
        return self._looks > SILENCE

    def ask(self, what: Any) -> None:
        """Tell it the name of a task; it answers when that is done."""
        self._connection.send(what)

    def said(self) -> Any:
        """What it said and nobody has heard yet, or None."""
        try:
            return self._connection.recv() if self._connection.poll() else None
        except (EOFError, OSError):
            self.kill()
            return None

    def hear_out(self, seconds: float) -> None:
        """Wait until nobody has the other end of its connection any more: neither it nor whom it has started."""
        with contextlib.suppress(EOFError, OSError):
            while self._connection.poll(seconds):
                self._connection.recv_bytes()

    def kill(self) -> None:
        """End it at once, without waiting until it is gone."""
        with contextlib.suppress(OSError, ValueError):
            self._process.kill()

    def end(self) -> None:
        """End it at once and let go of all that the system holds for it."""
        self.kill()
        self._process.join(GOODBYE)
        with contextlib.suppress(ValueError):           # the system has not let it go yet
            self._process.close()
        self._connection.close()


def _begun(other_end: Connection, serve: Callable[..., None], *given: object) -> None:
    """Life of a process that was forked, without what is its parent's alone."""
    other_end.close()
    gc.freeze()                                  # what was there stays, and is not looked through again
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    serve(*given)


@contextlib.contextmanager
def _nameless_main() -> Iterator[None]:
    """Inside, processes that begin do not run the program's main file again, which they need nothing of."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Inside, processes that begin do not hear Ctrl-C from their first moment on; this one hears it afterwards.

    What is blocked stays so in a process that is started, unlike a handler.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    if not are_forked():
        resource_tracker.ensure_running()        # it unblocks these signals when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
