"""The command `sim`: every file of this folder is one command, imported when it is used."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.cli._group import group

__all__ = ["group", "main"]
INTERRUPTED = 130              # what a shell reports for a tool that SIGINT ended


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script. Before a command begins, and once it is over, Ctrl-C ends it without a word.

    The handler comes before all imports, and stays: an interrupt among them, or while Python shuts down, would put a
    traceback on the screen.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:        # not one that the caller ignores
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(INTERRUPTED))
    atexit.register(gc.freeze)        # Python's last collection would look through all libraries, 0.7 s after a run
    from sim.cli import _group

    try:
        _group.main(arguments)
    except SystemExit as end:
        if arguments is None:
            _leave(end.code)
        raise


def _leave(code: Any) -> None:
    """End the process of a command that is over, without taking down libraries one by one: 0.15 s after a run.

    What was registered for the end is called, and what was printed is written. Where a thread is left, or nobody
    reads what is written, Python ends in its own way.
    """
    if threading.active_count() > 1 or not isinstance(code, int | None):
        return
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code or 0)


def __getattr__(name: str) -> Any:
    """The group of commands, imported when it is used."""
    if name == "group":
        from sim.cli import _group
        return _group.group
    raise AttributeError(f"module 'sim.cli' has no attribute {name!r}")
