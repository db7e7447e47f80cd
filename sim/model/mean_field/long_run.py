"""The long run: where the mean field settles.

Decision 29 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.model.mean_field import map_slopes, quarter_map
from sim.model.mean_field.modes import flat, leading, of_shares, solved_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.map_slopes import Slopes
    from sim.model.mean_field.modes import Map
    from sim.model.mean_field.quarter_map import Field

TOLERANCE = 1e-10             # of a fixed point: change in a quarter, relative to the whole
FIRST_STEP = 8.0              # quarters of the first implicit step
FASTER = (0.5, 10.0)          # a step is at least, at most so many times the one before
MOST = 200
MOST_NEWTON = 60
LONGEST = 1.0                 # change of ln n of a cell in a step
SHARE = 0.5                   # of the time in which the fastest growing mode grows by e, at most a step
LEAST = 1e-13                 # of the whole, below which a cell is as good as empty


class Settled(NamedTuple):
    n: np.ndarray             # (kind, site)
    change: float             # largest change in a quarter, relative to the whole
    steps: int

    @property
    def found(self) -> bool:
        return self.change <= TOLERANCE


def settle(field: Field, start: NDArray[np.float64], newton: bool = False) -> Settled:
    """The fixed point that the map leads to from `start` (kind, site), or Newton's nearest with `newton`.

    Implicit Euler steps in time, (1/t + 1 - J) d = map(n) - n, longer as the rest shrinks: they follow
    the flow at first and are Newton steps at last (pseudo-transient continuation, Kelley & Keyes 1998).
    While a mode still grows, steps are shorter than its time: longer ones would turn back to the unstable
    fixed point that the flow leaves. Newton's alone also finds unstable ones.
    """
    n, time, before = np.maximum(start, LEAST * start.sum()), np.inf if newton else FIRST_STEP, np.inf
    for step in range(MOST_NEWTON if newton else MOST):
        rest, change = _rest(field, n)
        if not np.isfinite(change) or change <= TOLERANCE:
            break
        slopes = map_slopes.slopes(field, n)
        if not newton:
            time *= np.clip(before / change, *FASTER) if step else 1.0
            growing = fastest(field, slopes, n) - 1.0
            time = SHARE / growing if growing > 0.0 else time
        before = change
        n = _moved(field, n, solved_changes(field, n, 1.0 / time + 1.0, slopes.all, rest))
    return _polished(field, Settled(n, float(change), step))


def _rest(field, n):
    """(change of n in a quarter, its largest entry relative to the whole)."""
    rest = quarter_map.advance(field, n) - n
    return rest, np.abs(rest).max() / n.sum()


def fastest(field: Field, slopes: Slopes, n: NDArray[np.float64]) -> float:
    """The leading eigenvalue of the quarterly map at n, on the changes that there can be."""
    return leading(*map_of(field, slopes, n))


def map_of(field: Field, slopes: Slopes, n: NDArray[np.float64]) -> tuple[Map, int]:
    """(map, size): the slopes at n, on the changes that there can be."""
    if field.closed:
        return of_shares(slopes.all, n), n.size - len(n)
    return flat(slopes.all, n.shape), n.size


def _polished(field, end):
    """A fixed point after one more step of Newton's method, if that leaves less: slow modes hide errors."""
    if not end.found:
        return end
    n = _moved(field, end.n, solved_changes(field, end.n, 1.0, map_slopes.slopes(field, end.n).all,
                                            _rest(field, end.n)[0]))
    change = float(_rest(field, n)[1])
    return Settled(n, change, end.steps + 1) if change < end.change else end


def _moved(field, n, step):
    """n + step to first order, by factors, so that no cell is left with less than nothing."""
    moved = np.maximum(n * np.exp(np.clip(step / n, -LONGEST, LONGEST)), LEAST * n.sum())
    if field.closed:
        moved *= n.sum(axis=1, keepdims=True) / moved.sum(axis=1, keepdims=True)
    return moved
