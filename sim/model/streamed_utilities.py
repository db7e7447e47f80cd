"""Utilities of more choosers at more sites than memory should hold: worked out anew whenever they are looked at.

A base year goes through (chooser, site + 1) utilities a dozen times. Those of 10,000 enterprises at 30 sites are
3 MB and are held; those of a million at a thousand sites would be 8 GB. They follow from the opening, so each pass
makes them again, some rows at a time.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.helpers import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.base.helpers import Helpers
    from sim.kernels.base_year.equations import Problem
    from sim.model.base_year import Choosers, Found, Ready

LAST = 1e-5                    # correction before the last of a search that goes through all of them
SURE = 1e-12                   # correction that would be left after a step, below which no pass looks at it
SAMPLED = 30                   # choosers of a site with whom a search begins where not all can be held


class Streamed:
    """(chooser, site + 1) utilities as `rows_of(numbers)` gives them, of some choosers by number; with helpers.

    `from_what()` are the arrays and numbers that rows follow from.
    """

    def __init__(self, rows_of: Callable[[NDArray[np.int64]], NDArray[np.float64]], numbers: NDArray[np.int64],
                 alternatives: int, helpers: Helpers = ALONE, from_what: Callable[[], tuple] = tuple) -> None:
        self._rows_of, self._numbers, self.helpers, self._from_what = rows_of, numbers, helpers, from_what
        self.shape = len(numbers), alternatives

    @property
    def too_many(self) -> bool:
        """Whether they are not held."""
        return self.shape[0] * self.shape[1] > self.helpers.held

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, which: Any) -> Streamed:
        """Those of some of the choosers: a slice, truth values, or numbers."""
        return Streamed(self._rows_of, self._numbers[which], self.shape[1], self.helpers, self._from_what)

    def follows(self) -> tuple[Any, ...]:
        """All that the utilities follow from."""
        return *self._from_what(), self._numbers

    def blocks(self, function: Callable[[slice, NDArray[np.float64]], Any]) -> Iterator[Any]:
        """Generator of function(choosers, their utilities), block by block."""
        return self.helpers.each(lambda rows: function(rows, self._rows_of(self._numbers[rows])),
                                 self.helpers.parts(*self.shape))


Utilities = np.ndarray | Streamed


def held(v: Utilities) -> Utilities:
    """The utilities as an array if they are few enough, else as they are."""
    return v if isinstance(v, Streamed) and v.too_many else array(v)


def array(v: Utilities) -> NDArray[np.float64]:
    """The utilities as an array."""
    if isinstance(v, np.ndarray):
        return v
    found = np.empty(v.shape)
    for _ in v.blocks(found.__setitem__):
        pass
    return found


def flows(who: Choosers, shift: NDArray[np.float64], cost: NDArray[np.float64],
          search: Any, jacobian: NDArray[np.float64]) -> None:
    """Put expected flows of Choosers, and slopes if `jacobian` has rows, where a Search looks for them."""
    from sim.kernels.base_year.expected_flows import flows as of_block

    def of(rows, v):
        slopes = np.empty_like(jacobian)
        inflow, moved = of_block(v, who.current[rows], who.amount[rows], shift, cost, *who.nests, slopes,
                                 search.room.another())
        here = slice(None) if slopes.shape[1] == len(inflow) else _columns(who.current[rows])
        return np.append(inflow, moved), here, slopes[:, here].copy()

    search.room.total[:], jacobian[:] = 0.0, 0.0
    for total, here, slopes in who.v.blocks(of) if isinstance(who.v, Streamed) else [of(slice(None), who.v)]:
        search.room.total[:] += total
        jacobian[:, here] += slopes


def _columns(current):
    """The slice of the sites that choosers are at: slopes in the cost of leaving others are 0."""
    return slice(max(current.min(), 0), current.max() + 1)


def moved(who: Choosers, shift: NDArray[np.float64], cost: NDArray[np.float64]) -> float:
    """The amount that leaves its site."""
    from sim.kernels.base_year.chooser_lanes import room_for_flows

    room = SimpleNamespace(room=room_for_flows(*who.nests))
    flows(who, shift, cost, room, np.empty((0, len(shift))))
    return float(room.room.total[-1])


class Passes:
    """Choosers whose utilities are worked out anew in each pass, and a search of what is asked of their flows."""

    def __init__(self, who: Choosers, problem: Problem, search: Any) -> None:
        order = np.argsort(who.current, kind="stable")         # slopes are by site
        self.who, self._problem, self._search = who._replace(
            v=who.v[order], current=who.current[order], amount=who.amount[order]), problem, search

    def solved(self, start: NDArray[np.float64], alpha: NDArray[np.float64], few: Ready | None,
               within: tuple[float, float]) -> Found:
        """What `Ready.solved` gives; the last correction may be larger where one step more needs no pass.

        Newton's corrections d shrink by their square, d3 = d2 (d2 / d1)^2, and what equations are off by with them: for
        a step after which both are surely small no flows are worked out, and the residual is that estimate.
        """
        from sim.kernels.base_year import equations as kernel
        from sim.kernels.base_year.constants_search import advance, begin
        s, t = self._search, self._problem
        last = max(within[1], LAST) if t.eager else within[1]
        asked, before = begin(s, t, start[0], within[0], last, *self.who.nests), 0.0
        while asked != kernel.DONE:
            at, who = (s.x if asked == kernel.SLOPES else s.there), self.who
            if asked == kernel.SLOPES and few is not None and not s.flag[kernel.ALL]:
                who = few.who
            shift, cost = (alpha, at) if t.form == kernel.MOVES else (at[:-1], at[-1])
            flows(who, shift, cost, s, s.jacobian[:0 if asked == kernel.FLOWS else None])
            asked = advance(s, t, *who.nests)
            if asked == kernel.BOTH:
                asked, before = self._stepped(before, within[0])
        return s.x[None].copy(), s.number[kernel.RESIDUAL:][:1].copy(), s.flag[kernel.STEPS:][:1].copy()

    def _stepped(self, before, tolerance):
        """(what is asked for next, size of the correction), that before it being known, 0 if there was none.

        As many leave as e^-c, about, so the correction is made in that.
        """
        from sim.kernels.base_year.equations import BOTH, DONE, FACTOR, RESIDUAL, SIZE
        s = self._search
        s.there[:] = s.x - np.log1p(np.maximum(s.x - s.there, -0.5))
        size = s.number[SIZE]
        shrinks = (size / before) ** 2 if before and s.number[FACTOR] == 1.0 else np.inf
        if shrinks * size > SURE or shrinks * s.number[RESIDUAL] > tolerance:
            return BOTH, size
        s.x[:] = s.there
        s.number[RESIDUAL] *= shrinks
        return DONE, size


def some_of_every_site(who: Choosers) -> Choosers:
    """So many of the choosers at every site that their utilities can be held, standing for all of them."""
    sites, number = who.of_site.size - 1, len(who.current)
    most = who.v.helpers.held if isinstance(who.v, Streamed) else who.v.size
    each = max(1, min(SAMPLED, most // (sites * who.of_site.size)))
    order = np.argsort(who.current, kind="stable")
    first = np.searchsorted(who.current[order], np.arange(sites))
    chosen = np.zeros(number, bool)
    chosen[order[np.arange(number) - first[who.current[order]] < each]] = True
    here = who.current[chosen]
    amount = (who.staying / np.maximum(np.bincount(here, minlength=sites), 1))[here]
    return who._replace(v=array(who.v[chosen]), current=here, amount=amount)
