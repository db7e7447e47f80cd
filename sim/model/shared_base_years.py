"""Base years that are solved once for all who have the same: members, points of a sweep, scenarios.

Whether two have the same is not for the names of parameters to say: it is decided by the bytes of everything that
enters the solver. So a policy that starts later, or an axis that moves only what happens later, brings no
base year of its own, and whatever moves a utility, a target or a nest by one bit does.
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model import kind_constants, stay_constants
from sim.model.base_year import length_of
from sim.model.streamed_utilities import Streamed, Utilities, held

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels import arrays
    from sim.model.base_year import Targets

MOST = 1000                    # that are kept, the latest: a few kilobytes each
MANY = 512                     # numbers of an array that has a digest of its own


class SharedBaseYears:
    """A solver that remembers. Whoever makes runs from one start owns one and hands it on; threads may share it.

    `asked` counts the base years that were wanted, `solved` those that had to be solved.
    """

    def __init__(self, most: int = MOST) -> None:
        self.asked = self.solved = 0
        self._most, self._lock = most, threading.Lock()
        self._found: dict[Any, Future[Any]] = {}

    def solve(self, m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: arrays.Nests,
              entry: stay_constants.Entry | None = None,
              start: NDArray[np.float64] | None = None) -> stay_constants.Solved:
        """What `stay_constants.solve` gives, to the last bit; who asks for one that is being solved waits for it.

        Utilities that are too many to be held are nobody else's.
        """
        v = held(v)
        given = (m, v, current, targets, nests, entry, start)
        if isinstance(v, Streamed):
            return stay_constants.solve(*given)
        return self._once(_key(targets, v, current, nests.of_site, length_of(m, nests), *(entry or ()),
                               *(() if start is None else (start,))),
                          stay_constants.solve, given)

    def entry(self, m: int, v: NDArray[np.float64], kind: NDArray[np.int64], mix: NDArray[np.float64],
              targets: Targets, nests: arrays.Nests) -> stay_constants.Entry:
        """What `kind_constants.entry` gives, in the same way; it counts as no base year of its own."""
        return self._once(_key(targets, v, kind, mix, nests.of_site, length_of(m, nests)), kind_constants.entry,
                          (m, v, kind, mix, targets, nests), counted=False)

    def _once(self, key, function, given, counted=True):
        with self._lock:
            mine = key not in self._found
            future = self._found.setdefault(key, Future())
            self.asked, self.solved = self.asked + counted, self.solved + (mine and counted)
            if len(self._found) > self._most:
                self._found.pop(next(iter(self._found)))
        if mine:
            self._carry_out(key, future, function, given)
        return future.result()

    def _carry_out(self, key, future, function, given):
        """Solve for all who wait; what fails is told to them, and tried again by the next who asks."""
        try:
            future.set_result(function(*given))
        except BaseException as error:
            with self._lock:
                self._found.pop(key, None)
            future.set_exception(error)


def _key(targets, *arrays):
    """Digest of the arrays and numbers that a base year follows from; of large arrays their own is taken first."""
    from sim.kernels.numerics.digest import digest
    found = hashlib.sha256()
    cost = np.nan if targets.cost is None else targets.cost
    found.update(targets.form.encode())
    for part in (*arrays, *targets._replace(cost=cost, form="")):
        array = np.ascontiguousarray(part)
        found.update(f"{array.dtype}{array.shape}".encode())
        found.update((digest(array) if array.size > MANY and array.itemsize == 8 else array).data)
    return found.digest()
