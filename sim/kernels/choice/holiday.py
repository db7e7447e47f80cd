"""What a tax holiday is worth: the part of the expected, discounted stay at a place that it covers.

Signatures: covered: (stay (year, 3), age, years) -> share of the worth of a permanent cut, in [0, 1].
Identities: R(a) = int_0^inf e^-(L(a + t) - L(a)) dt is the expected stay at age a in years of today, L the yearly rate
ln (1 + r) - ln (1 - xi) added up over age (r a real rate, xi the hazard of exit or leaving; a stay that may end is
discounted by its hazard as well: Yaari 1965, Blanchard 1985). Relief for n years covers
1 - e^-(L(a + n) - L(a)) R(a + n) / R(a) of it, which is 1 - q^n, q = (1 - xi) / (1 + r), where xi is the same at all
ages. It is 0 for no years, rises with n ever more slowly, and is 1 without an end.
"""

import numpy as np

from sim.kernels.arrays import PASSED, RATE, REST
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import exp


@inlined
def covered(stay, age, years):
    """Share of a permanent cut's worth that relief for so many years has at an age in years; inf is permanent."""
    if years == np.inf:
        return 1.0
    end = age + years
    return 1.0 - exp(_passed(stay, age) - _passed(stay, end)) * _rest(stay, end) / _rest(stay, age)


@inlined
def _passed(stay, age):
    """L at an age; the last year's rate holds for all later ones."""
    year = min(np.int64(age), stay.shape[0] - 1)
    return stay[year, PASSED] + stay[year, RATE] * (age - year)


@inlined
def _rest(stay, age):
    """R at an age."""
    year, last = min(np.int64(age), stay.shape[0] - 1), stay.shape[0] - 1
    if year == last:
        return stay[last, REST]
    kept = exp(stay[year, RATE] * (age - year - 1.0))
    return (1.0 - kept) / stay[year, RATE] + kept * stay[year + 1, REST]
