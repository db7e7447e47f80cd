"""Work of this process that processes forked from it take a share of: nothing is imported, read or packed for them.

Only on Linux, where a fork of a process with other threads is safe as long as nothing inside needs a lock of theirs.
Elsewhere this process does all of it.

Decision 106 (docs/decisions.md).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

from sim.base.errors import ScenarioNote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

PATIENCE = 60.0               # seconds for what another process is at, once nothing else is left to do
GOODBYE = 5.0                 # seconds for a process that was killed to be gone
BYTES = 2                     # of a number in a pipe, which has room for 32,768 of them
POSSIBLE = sys.platform == "linux"

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(function: Callable[[Item], Result], items: Iterable[Item], processes: int) -> list[Result]:
    """[function(item), ...], by this process and others, each of which takes the next item until none is left.

    What fails or warns in another process, or is lost with it, is done here instead: whoever asked hears of it as if
    nobody had helped. Results of others are pickled.
    """
    items = list(items)
    others = min(processes, len(items)) - 1 if POSSIBLE and not multiprocessing.current_process().daemon else 0
    found: dict[int, Result] = {}
    if others > 0:
        with _numbers(len(items)) as numbers, _helped(others, _share, (function, items, numbers)) as ends:
            found |= {number: function(items[number]) for number in _taken(numbers)}
            for end in ends:
                found |= _heard(end)
    return [found[number] if number in found else function(item) for number, item in enumerate(items)]


@contextlib.contextmanager
def _numbers(number: int) -> Iterator[int]:
    """A pipe that holds 0, 1, ...: a process takes one by one read, and one that dies leaves no lock behind."""
    numbers, ours = os.pipe()
    try:
        with open(ours, "wb") as file:
            file.write(b"".join(one.to_bytes(BYTES, "little") for one in range(number)))
        yield numbers
    finally:
        os.close(numbers)


def _taken(numbers: int) -> Iterator[int]:
    """Numbers that nobody else has taken, one after another."""
    while one := os.read(numbers, BYTES):
        yield int.from_bytes(one, "little")


@contextlib.contextmanager
def _helped(others: int, serve: Callable[..., None], given: tuple[Any, ...]) -> Iterator[list[Connection]]:
    """Inside, so many processes serve; the ends at which they are heard. They are gone afterwards."""
    context = multiprocessing.get_context("fork")
    with contextlib.ExitStack() as stack:
        ends = []
        for _ in range(others):
            ours, theirs = context.Pipe(duplex=False)
            stack.callback(ours.close)
            helper = context.Process(target=serve, args=(theirs, *given), daemon=True)
            with theirs, unwarned(), contextlib.suppress(OSError):      # a full system starts none
                helper.start()
                stack.callback(_ended, helper)
            ends.append(ours)
        yield ends


@contextlib.contextmanager
def unwarned() -> Iterator[None]:
    """Inside, Python 3.12 and later do not warn of threads that are there at a fork: those of libraries see to it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* is multi-threaded, use of fork", DeprecationWarning)
        yield


def _ended(helper: Any) -> None:
    helper.kill()
    helper.join(GOODBYE)


def _share(end: Connection, function: Callable[[Any], Any], items: Sequence[Any], numbers: int) -> None:
    """Life of a helper: take items, and say at the end what came of those that neither failed nor warned."""
    for name in (signal.SIGINT, signal.SIGHUP):                # of the terminal: its parent answers
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    warnings.simplefilter("error", ScenarioNote)
    done = {}
    for number in _taken(numbers):
        with contextlib.suppress(Exception):
            done[number] = function(items[number])
    end.send(done)


def _end_with(parent: Any) -> None:
    """End this process with its parent: what it has to say would wait for ever for one that was killed."""
    parent.join()
    os._exit(1)


def _heard(end: Connection) -> dict[int, Any]:
    """What a helper has done; nothing of one that has died or is stuck."""
    with contextlib.suppress(EOFError, OSError):
        return end.recv() if end.poll(PATIENCE) else {}
    return {}
