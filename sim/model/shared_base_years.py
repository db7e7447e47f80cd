"""Base years and openings that are worked out once for all who have the same: members, points of a sweep, scenarios.

Whether two have the same is not for the names of parameters to say: it is decided by the bytes of everything that
enters. So a policy that starts later, or an axis that moves only what happens later, brings no base year of its own and
no tastes and errors of its own, and whatever moves what utilities follow from, a target or a nest by one bit does.
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model import kind_constants, stay_constants
from sim.model.streamed_utilities import Streamed, Utilities, array, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from sim.kernels import arrays
    from sim.model.base_year import Targets

MOST = 1000                    # that are kept, the latest: a base year is a few kilobytes
MOST_BYTES = 2**26             # of all that is kept: an opening of 5,000 enterprises is a third of a megabyte
MANY = 4096                    # bytes of an array that has a digest of its own
OF_ALL = ("loading_of", "varies", "order", "row_of_kind", "payoff", "of_site", "size")     # arrays without members


class SharedBaseYears:
    """A solver that remembers. Whoever makes runs from one start owns one and hands it on; threads may share it.

    `asked` counts the base years that were wanted, `solved` those that had to be solved. Where `most` is 0 nothing is
    remembered.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.asked = self.solved = 0
        self._most, self._most_bytes, self._lock = most, most_bytes, threading.Lock()
        self._found: dict[Any, Future[Any]] = {}
        self._bytes: dict[Any, int] = {}           # of what is found

    def solve(self, m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: arrays.Nests,
              entry: stay_constants.Entry | None = None,
              start: NDArray[np.float64] | None = None) -> stay_constants.Solved:
        """What `stay_constants.solve` gives, to the last bit; who asks for one that is being solved waits for it.

        Utilities that are too many to be held are nobody else's.
        """
        return self._of_choosers("solved", stay_constants.solve, v, (m, current, targets, nests, entry, start), True)

    def roughly(self, m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: arrays.Nests,
                entry: stay_constants.Entry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What `stay_constants.solve_roughly` gives, in the same way; it counts as no base year of its own."""
        return self._of_choosers("roughly", stay_constants.solve_roughly, v, (m, current, targets, nests, entry))

    def entry(self, m: int, v: Utilities, kind: NDArray[np.int64], mix: NDArray[np.float64],
              targets: Targets, nests: arrays.Nests) -> stay_constants.Entry:
        """What `kind_constants.entry` gives, in the same way; it counts as no base year of its own."""
        return self.once("entry", lambda: (*_follows(v), kind, mix, targets, _nests(m, nests)),
                         lambda: kind_constants.entry(m, array(v), kind, mix, targets, nests))

    def _of_choosers(self, name, function, v, given, counted=False):
        m, current, targets, nests, *more = given
        if isinstance(held(v), Streamed):
            return function(m, v, current, targets, nests, *more)
        return self.once(name, lambda: (*_follows(v), current, targets, _nests(m, nests), *more),
                         lambda: function(m, held(v), current, targets, nests, *more), counted)

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


def of_member(m: int, *given: Any) -> Iterator[Any]:
    """Generator of what named tuples of `arrays` hold of member m: arrays and single numbers."""
    for each in given:
        for name, part in zip(each._fields, each):
            if isinstance(part, tuple):
                yield from of_member(m, part)
            else:
                yield part if name in OF_ALL or not isinstance(part, np.ndarray) else part[m % len(part)]


def _nests(m, nests):
    return nests.of_site, nests.dissimilarity[m % len(nests.dissimilarity)]


def _follows(v):
    """What utilities follow from, or they themselves."""
    return v.follows() if isinstance(v, Streamed) else (v,)


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
