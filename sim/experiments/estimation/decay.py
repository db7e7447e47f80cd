"""The reach of peers by profile likelihood: for each reach the best coefficients, and the reach that is best of all.

    ln L(d) = max_b ln L(b, d);      95 % interval: 2 [ln L(d^) - ln L(d)] <= 3.84
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize

DROP = 1.9207                  # of the log-likelihood, half the 95 % point of chi-squared on 1
CLOSE = 1e-3                   # of ln d


class Reach(NamedTuple):
    """Kilometres of the decay exp(-d / reach), its interval, and whether an end of that is an end of the search."""

    km: float
    low: float
    high: float
    open_low: bool
    open_high: bool
    likelihood: float


def profile(likelihood: Callable[[float], float], between: tuple[float, float]) -> Reach:
    """The Reach between two bounds; `likelihood` of a reach, km, is maximised over all else."""
    known: dict[float, float] = {}

    def loss(log_km: float) -> float:
        if log_km not in known:
            known[log_km] = -likelihood(float(np.exp(log_km)))
        return known[log_km]

    low, high = np.log(between)
    best = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": CLOSE}).x
    best = min((best, low, high), key=loss)
    above = lambda at: loss(at) - loss(best) - DROP                                                      # noqa: E731
    ends = [optimize.brentq(above, *sorted((end, best)), xtol=CLOSE) if above(end) > 0.0 else end
            for end in (low, high)]
    km, least, most = (float(np.exp(each)) for each in (best, *ends))
    return Reach(km, least, most, above(low) <= 0.0, above(high) <= 0.0, -loss(best))
