"""The smallest value of a policy's key that reaches a target, by bisection under common random numbers.

Every value is run with the same replicates, hence the same draws, so that the mean over replicates is
a function of the value alone and its steps are the policy's. Bisection finds a crossing; that it is
the only one rests on monotonicity, which a coarse grid of values checks and the result tells.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.base.errors import InputError, Problem
from sim.base.messages import _

GRID = 5                       # values looked at before bisection, both ends included


class Search(NamedTuple):
    """What a search found; `value` is nan where no value reaches the target."""

    value: float               # smallest value that reaches the target, to the tolerance
    low: float                 # where the upper, and
    high: float                # the lower end of the mean's interval reaches it; nan for nowhere
    below: float               # largest value looked at that does not reach it; nan if the first one does
    monotone: bool             # whether the means never fall along the values looked at
    crossings: int             # of the target on the coarse grid
    seen: tuple[tuple[float, float, float], ...]                # of (value, mean, standard error) by value


@dataclasses.dataclass
class _Curve:
    """Replicates of a quantity at values, each value asked for once."""

    function: Callable[[float], NDArray[Any]]           # value -> (replicate,) values
    confidence: float
    whole: bool = False
    known: dict[float, NDArray[Any]] = dataclasses.field(default_factory=dict)

    def place(self, value: float) -> float:
        """A value as it can be asked for."""
        return float(np.floor(value + 0.5)) if self.whole else float(value)

    def ends(self, value: float) -> tuple[float, float, float]:
        """(lower end, mean, upper end) of the interval of the mean at a value."""
        if value not in self.known:
            self.known[value] = np.asarray(self.function(value), dtype=float)
        found = self.known[value]
        n = len(found)
        half = student.ppf(0.5 + self.confidence / 2.0, n - 1) * found.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        return found.mean() - half, found.mean(), found.mean() + half

    def seen(self) -> tuple[tuple[float, float, float], ...]:
        """(value, mean, standard error) by value."""
        return tuple((value, float(found.mean()), _error(found)) for value, found in sorted(self.known.items()))


def search(function: Callable[[float], NDArray[Any]], low: float, high: float, target: float, tolerance: float, *,
           confidence: float = 0.95, whole: bool = False) -> Search:
    """The Search of the smallest value in [low, high] at which the mean of `function` is `target` or more.

    function(value) -> (replicate,) values under equal draws. Bisection ends when the bracket is no wider
    than the tolerance; `whole` keeps to whole numbers. The interval of the value is where the ends of the
    mean's interval cross.
    """
    curve = _Curve(function, confidence, whole)
    grid = list(dict.fromkeys(curve.place(value) for value in np.linspace(low, high, GRID)))
    for value in grid:
        curve.ends(value)
    step = max(tolerance, 1.0) if whole else tolerance
    below, value = _crossing(curve, grid, 1, target, step)
    ends = [_crossing(curve, grid, which, target, step)[1] for which in (2, 0)] \
        if len(curve.known[grid[0]]) > 1 else [np.nan, np.nan]
    reached = [curve.ends(place)[1] >= target for place in grid]
    means = np.array([mean for _, mean, _ in curve.seen()])
    return Search(value, *ends, below,  # type: ignore[call-arg, arg-type]  # the ends are two
                  bool((np.diff(means) >= 0.0).all()),
                  int(np.diff(np.array(reached, dtype=int)).astype(bool).sum()), curve.seen())


def _crossing(curve, grid, which, target, tolerance):
    """(largest value looked at below the first crossing, smallest above) of an end of the interval."""
    reached = [curve.ends(value)[which] >= target for value in grid]
    if True not in reached:
        return grid[-1], np.nan
    first = reached.index(True)
    if first == 0:
        return np.nan, grid[0]
    below, above = grid[first - 1], grid[first]
    while above - below > tolerance:
        middle = curve.place(0.5 * (below + above))
        if curve.ends(middle)[which] >= target:
            above = middle
        else:
            below = middle
    return below, above


def _error(found):
    return float(found.std(ddof=1) / np.sqrt(len(found))) if len(found) > 1 else float("nan")


def refuse_bounds(low: float, high: float, tolerance: float, typed: Sequence[str] = ()) -> None:
    """InputError for a range or tolerance that is none; `typed` is how the user wrote the ends, such as dates."""
    first, last = typed or (f"{low:g}", f"{high:g}")
    if not low < high:
        raise InputError(Problem("", "--between", _("{low} is not below {high}", low=first, high=last),
                                 _("a lower end and a higher end")))
    if not (np.isfinite([low, high, tolerance]).all() and 0.0 < tolerance <= high - low):
        raise InputError(Problem(
            "", "--between", _("{low} to {high} cannot be searched with a tolerance of {tolerance:g}",
                               low=first, high=last, tolerance=tolerance),
            _("a lower end, a higher end, and a tolerance above 0 and within the range")))
