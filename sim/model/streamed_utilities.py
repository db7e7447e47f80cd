"""Utilities of more choosers at more sites than memory should hold: worked out anew whenever they are looked at.

A base year goes through (chooser, site + 1) utilities a dozen times. Those of 10,000 enterprises at 30 sites are
3 MB and are held; those of a million at a thousand sites would be 8 GB. They follow from the opening, so each pass
makes them again, some rows at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.model.base_year import Choosers

HELD = 2**26                   # utilities that are held: half a GiB
BLOCK = 2**22                  # utilities that are worked out at a time: 32 MiB
SAMPLED = 30                   # choosers of a site with whom a search begins where not all can be held


class Streamed:
    """(chooser, site + 1) utilities as `rows_of(numbers)` gives them, of some choosers by number."""

    def __init__(self, rows_of: Callable[[NDArray[np.int64]], NDArray[np.float64]], numbers: NDArray[np.int64],
                 alternatives: int) -> None:
        self._rows_of, self._numbers = rows_of, numbers
        self.shape = len(numbers), alternatives

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: Any) -> Utilities:
        """Those of some of the choosers: a slice, or truth values."""
        return streamed(self._rows_of, self._numbers[which], self.shape[1])

    def copy(self) -> Streamed:
        """Itself: nobody writes into it."""
        return self

    def blocks(self) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Generator of (choosers, their utilities)."""
        step = max(1, BLOCK // self.shape[1])
        for first in range(0, len(self), step):
            rows = slice(first, first + step)
            yield rows, self._rows_of(self._numbers[rows])


Utilities = np.ndarray | Streamed


def streamed(rows_of: Callable[[NDArray[np.int64]], NDArray[np.float64]], numbers: NDArray[np.int64],
             alternatives: int) -> Utilities:
    """The utilities of choosers by number: an array if it is small enough to be held, else Streamed."""
    found = Streamed(rows_of, numbers, alternatives)
    if len(numbers) * alternatives > HELD:
        return found
    held = np.empty(found.shape)
    for rows, values in found.blocks():
        held[rows] = values
    return held


def room_for(who: Choosers) -> Any:
    """Scratch for `flows` of Choosers, for one search."""
    from sim.kernels.choice import expected_flows

    return expected_flows.room_for_flows(len(who.of_site), len(who.length))


def flows(who: Any, shift: NDArray[np.float64], cost: Any, jacobian: NDArray[np.float64],
          room: Any = None) -> tuple[NDArray[np.float64], float]:
    """What `expected_flows.flows` gives of Choosers: inflow (site + 1,), what moves, slopes in `jacobian`."""
    from sim.kernels.choice import expected_flows

    if isinstance(who.v, np.ndarray):
        return expected_flows.flows(who.v, who.current, who.amount, shift, cost, who.of_site, who.length, jacobian,
                                    room)
    inflow, moved, slopes = np.zeros(len(who.of_site)), 0.0, np.empty_like(jacobian)
    jacobian[:] = 0.0
    for rows, v in who.v.blocks():
        more, leaving = expected_flows.flows(v, who.current[rows], who.amount[rows], shift, cost, who.of_site,
                                             who.length, slopes, room)
        inflow, moved = inflow + more, moved + leaving
        jacobian += slopes
    return inflow, moved


def some_of_every_site(who: Choosers) -> Choosers:
    """So many of the choosers at every site that their utilities can be held, standing for all of them."""
    sites, number = who.of_site.size - 1, len(who.current)
    each = max(1, min(SAMPLED, HELD // (sites * who.of_site.size)))
    order = np.argsort(who.current, kind="stable")
    first = np.searchsorted(who.current[order], np.arange(sites))
    chosen = np.zeros(number, bool)
    chosen[order[np.arange(number) - first[who.current[order]] < each]] = True
    here = who.current[chosen]
    amount = (who.staying / np.maximum(np.bincount(here, minlength=sites), 1))[here]
    return who._replace(v=who.v[chosen], current=here, amount=amount)
