"""The life of a worker process: one thread, deaf to Ctrl-C, gone when its parent is gone.

It is told names of files with tasks, and tells names of files with results (see `sim.runs.spool`). A message
fits into one write that the system does in full or not at all. Only the standard library is imported
here, because numpy reads the number of threads when it is imported.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from sim.base.errors import OutputError
from sim.runs import limits, spool

THREADS = (*limits.LINEAR_ALGEBRA, "NUMBA_NUM_THREADS", "ARROW_NUM_THREADS", "ARROW_IO_THREADS")
WORK = "work"                  # file with the function that does tasks, and what all tasks need
READY, UNABLE = "ready", "unable"
DONE, RAISED, UNWRITTEN = "done", "raised", "unwritten"
BEAT = 1.0                     # seconds between two signs of life
LONGEST = 500                  # characters of a text in a message; what is longer goes into a file


def serve(connection: Connection, folder: str, beats: Any) -> None:
    """Do task after task, as long as somebody asks; `folder` is the spool, `beats` a number that tells of life."""
    try:
        begin(beats)
        function, packed = pickle.loads(spool.read(folder, WORK))
    except Exception as error:
        connection.send((UNABLE, f"{type(error).__name__}: {error}"[-LONGEST:], ""))
        return
    connection.send((READY, "", ""))
    while True:
        try:
            name = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_carried_out(function, packed, folder, name))


def begin(beats: Any) -> None:
    """Set up a worker process; signals of the terminal are the parent's to answer."""
    for name in THREADS:
        os.environ[name] = "1"
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_live_with, args=(multiprocessing.parent_process(), beats), daemon=True).start()


def _carried_out(function: Callable[[Any, Any], Any], packed: Any, folder: str, name: str) -> tuple[str, str, str]:
    """(DONE or RAISED, file, its digest) of a task, or (UNWRITTEN, why, "")."""
    kind, result = DONE, f"{name}-result"
    try:
        content = pickle.dumps(function(packed, pickle.loads(spool.read(folder, name))), protocol=5)
    except Exception as error:
        kind, content = RAISED, packed_error(error)
    try:
        return kind, result, spool.put(folder, result, content)
    except OutputError as error:
        return UNWRITTEN, str(error)[-LONGEST:], ""


def packed_error(error: Exception) -> bytes:
    """Bytes of an exception that carries its traceback as a note; of one that says why it cannot be sent."""
    error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    try:
        return pickle.dumps(error, protocol=5)
    except Exception as unsendable:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}: {unsendable}"), protocol=5)


def _live_with(parent: BaseProcess, beats: Any) -> None:
    """Beat once a second, and end with the parent: a worker whose parent was killed would wait for ever."""
    while parent.is_alive():
        beats.value += 1
        parent.join(BEAT)
    os._exit(1)
