"""How long enterprises are expected to stay where they are, by which a tax holiday is worth less than a permanent cut.

The hazard is that of the base year, and no policy changes it: exit by age at median size and base-year rent, and the
moves that the base year is solved for. Decision 73 (docs/decisions.md).
"""

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import PASSED, RATE, REST
from sim.model import opening_population
from sim.model.world import World

SUREST = 1.0 - 1e-12           # a hazard is at most this
SLOWEST = 1e-9                 # yearly rate where nobody leaves and nothing is discounted: a holiday is next to nothing


def table(world: World) -> NDArray[np.float64]:
    """(member, is a spin-off, year of age, 3) rate, its sum and the rest of the stay, for `kernels.choice.holiday`.

    Rate of a year of age: ln (1 + r) - ln (1 - h) - ln (1 - m), h the hazard of exit, m that of leaving. The last
    year's holds for all later ages, where the rest of the stay is 1 / rate. In years.
    """
    p = world.p
    exit_, leave = np.minimum(opening_population.hazards_by_kind(world), SUREST), np.minimum(p.moving.rate, SUREST)
    steady = np.log1p(p.terms.tax.discount_rate) - np.log1p(-leave)
    rate = np.maximum(steady[:, None, None] - np.log1p(-exit_), SLOWEST)
    stay = np.zeros((*rate.shape, 3))
    stay[..., RATE] = rate
    stay[..., 1:, PASSED] = np.cumsum(rate, axis=2)[..., :-1]
    stay[..., -1, REST] = 1.0 / rate[..., -1]
    for year in range(rate.shape[2] - 2, -1, -1):
        kept = np.exp(-rate[..., year])
        stay[..., year, REST] = (1.0 - kept) / rate[..., year] + kept * stay[..., year + 1, REST]
    return stay


def covered(stay: NDArray[np.float64], age: NDArray[np.float64], years: NDArray[np.float64]) -> NDArray[np.float64]:
    """(chooser, site) share of a permanent cut's worth that relief for `years` (chooser, site) has.

    stay (chooser, year of age, 3), age (chooser,) in years. The equation is in `kernels.choice.holiday`.
    """
    chooser, now = np.arange(len(age))[:, None], age[:, None]
    end = now + np.where(np.isinf(years), 0.0, years)
    kept = np.exp(_passed(stay, chooser, now) - _passed(stay, chooser, end))
    share = 1.0 - kept * _rest(stay, chooser, end) / _rest(stay, chooser, now)
    return np.where(np.isinf(years), 1.0, share)


def _passed(stay, chooser, age):
    year = np.minimum(age.astype(int), stay.shape[1] - 1)
    return stay[chooser, year, PASSED] + stay[chooser, year, RATE] * (age - year)


def _rest(stay, chooser, age):
    last = stay.shape[1] - 1
    year = np.minimum(age.astype(int), last)
    rate, after = stay[chooser, year, RATE], stay[chooser, np.minimum(year + 1, last), REST]
    kept = np.exp(rate * np.minimum(age - year - 1.0, 0.0))
    return np.where(year == last, stay[chooser, year, REST], (1.0 - kept) / rate + kept * after)
