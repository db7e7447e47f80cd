"""Base years that are solved once for all who have the same: members, points of a sweep, scenarios.

A policy that starts later, or an axis that moves only what happens later, brings no base year of its own, and whatever
moves what utilities follow from, a target or a nest by one bit does.
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernels import arrays
from sim.model import kind_constants, stay_constants
from sim.model.base_year import Targets, length_of
from sim.model.streamed_utilities import Streamed, Utilities, array, held
from sim.model.worked_out_once import WorkedOutOnce


class SharedBaseYears(WorkedOutOnce):
    """A solver that remembers. Whoever makes runs from one start owns one and hands it on; openings are kept as well.

    `asked` counts the base years that were wanted, `solved` those that had to be solved.
    """

    def solve(self, m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: arrays.Nests,
              entry: stay_constants.Entry | None = None,
              start: NDArray[np.float64] | None = None) -> stay_constants.Solved:
        """What `stay_constants.solve` gives, to the last bit; who asks for one that is being solved waits for it.

        Utilities that are too many to be held are nobody else's.
        """
        return self._of_choosers("solved", lambda v, *given: stay_constants.solve(m, held(v), *given), v, m, nests,
                                 (current, targets, nests, entry, start), True)

    def roughly(self, m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: arrays.Nests,
                entry: stay_constants.Entry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What `stay_constants.solve_roughly` gives, in the same way; it counts as no base year of its own."""
        return self._of_choosers("roughly", lambda *given: stay_constants.solve_roughly(m, *given), v, m, nests,
                                 (current, targets, nests, entry))

    def entry(self, m: int, v: Utilities, kind: NDArray[np.int64], mix: NDArray[np.float64],
              targets: Targets, nests: arrays.Nests) -> stay_constants.Entry:
        """What `kind_constants.entry` gives, in the same way; it counts as no base year of its own."""
        return self.once("entry", lambda: (*_follows(v), kind, mix, targets, _nests(m, nests)),
                         lambda: kind_constants.entry(m, array(v), kind, mix, targets, nests))

    def _of_choosers(self, name, function, v, m, nests, given, counted=False):
        if isinstance(v, Streamed) and v.too_many:
            return function(v, *given)
        more = [part for part in given if part is not nests]
        return self.once(name, lambda: (*_follows(v), *_nests(m, nests), *more), lambda: function(v, *given), counted)


def _nests(m, nests):
    return nests.of_site, length_of(m, nests)


def _follows(v):
    """What utilities follow from, or they themselves."""
    return v.follows() if isinstance(v, Streamed) else (v,)
