"""What is worked out once for all who have the same: members, points of a sweep, scenarios.

Whether two have the same is not for the names of parameters to say: it is decided by the bytes of everything that
enters. So an axis that moves only what happens later brings no opening of its own, and whatever moves what utilities
follow from by one bit does.
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from sim.base.helpers import Helpers
    from sim.kernels import arrays
    from sim.model.step import RunConstants

MOST = 1000                    # results that are kept, the latest: a base year is a few kilobytes
MOST_BYTES = 2**26             # of all that is kept: an opening of 5,000 enterprises is a third of a megabyte
MANY = 4096                    # bytes of an array that has a digest of its own
OF_ALL = ("loading_of", "varies", "order", "row_of_kind", "payoff", "of_site", "size")     # arrays without members


class WorkedOutOnce:
    """It remembers what was worked out; threads may share it. Where `most` is 0 nothing is remembered.

    `asked` counts what was wanted and is counted, `solved` what of it had to be worked out.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.asked = self.solved = 0
        self._most, self._most_bytes, self._lock = most, most_bytes, threading.Lock()
        self._found: dict[Any, Future[Any]] = {}
        self._bytes: dict[Any, int] = {}           # of what is found

    def once(self, name: str, parts: Callable[[], Iterable[Any]], function: Callable[[], Any],
             counted: bool = False) -> Any:
        """What function() gives, or gave when it was asked for by this name with the same parts; nobody writes to it.

        parts: all that it follows from: arrays, numbers, texts, and tuples of them.
        """
        if not self._most:
            return function()
        key = _key((name, *parts()))
        with self._lock:
            mine = key not in self._found
            future = self._found.setdefault(key, Future())
            self.asked, self.solved = self.asked + counted, self.solved + (mine and counted)
        if mine:
            self._carry_out(key, future, function)
        return future.result()

    def _carry_out(self, key, future, function):
        """Work out for all who wait; what fails is told to them, and tried again by the next who asks."""
        try:
            found = function()
            self._keep(key, sum(part.nbytes for part in _flat((found,)) if isinstance(part, np.ndarray)))
            future.set_result(found)
        except BaseException as error:
            with self._lock:
                self._found.pop(key, None)
            future.set_exception(error)

    def _keep(self, key, size):
        """Make room for something of that size; of what is being worked out nothing is known yet."""
        with self._lock:
            self._bytes[key] = size
            while len(self._bytes) > self._most or sum(self._bytes.values()) > self._most_bytes:
                oldest = next(iter(self._bytes))
                del self._bytes[oldest], self._found[oldest]


NOT_SHARED = WorkedOutOnce(most=0)


def of_member(m: int, *given: Any) -> Iterator[Any]:
    """Generator of what named tuples of `arrays` hold of member m: arrays and single numbers."""
    for each in given:
        for name, part in zip(each._fields, each):
            if isinstance(part, tuple):
                yield from of_member(m, part)
            else:
                yield part if name in OF_ALL or not isinstance(part, np.ndarray) else part[m % len(part)]


def choices_follow_from(m: int, state: arrays.State, counts: NDArray[np.int64], offers: arrays.Tables,
                        fixed: RunConstants) -> tuple[Any, ...]:
    """All that utilities of member m's enterprises follow from."""
    return *of_member(m, state, offers, fixed.peers, fixed.moving), counts[m % len(counts)]


def by_choices(shared: WorkedOutOnce, name: str, given: tuple, m: int, more: tuple, function: Callable[[], Any],
               helpers: Helpers) -> Any:
    """What function() gives of member m, once for all who choose by the same numbers, `more` among them.

    given: World, RunConstants, ModelState, and what sites offer on the eve.
    Members that are too large for their utilities to be held are nobody else's.
    """
    world, fixed, economy, offers = given
    if economy.state.site.shape[1] * (world.sites + 1) > helpers.held:
        return function()
    return shared.once(name, lambda: (
        world.seeds[m], world.replicates[m], *more, *of_member(m, world.nests),
        *choices_follow_from(m, economy.state, economy.counts, offers, fixed)), function)


def _flat(parts):
    """Generator of the parts of nested tuples."""
    for part in parts:
        if isinstance(part, tuple):
            yield from _flat(part)
        else:
            yield part


def _key(parts):
    """Digest of arrays, numbers and texts; of large arrays their own is taken first, for it is quicker."""
    from sim.kernels.numerics.digest import digest
    said, words = [], []
    for part in _flat(parts):
        if isinstance(part, np.ndarray):
            own = part.nbytes > MANY and part.nbytes % 8 == 0
            said.append(f"{part.dtype.str}{part.shape}")
            words.append((digest(part) if own else part).tobytes())
        else:
            said.append(repr(part))
    whole = b"".join(words)
    numbers = np.frombuffer(whole + bytes(-len(whole) % 8), np.uint64)
    return hashlib.sha256(";".join(said).encode() + digest(numbers).tobytes()).digest()
