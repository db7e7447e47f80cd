"""Who qualified before the opening: the opening stock's sizes walked back, each to its birth.

A list that nobody leaves has on it those who qualified once and no longer do. A run opens with sizes and no past, so
that whoever stands just below a threshold would be counted as new when it rises above it again. The past is drawn given
the size at the opening. Forward, dx = mu dt + s(x) dW, x = ln size, s(x) = s0 e^-b(x - median) (`life.grow`). Backward
in time the drift is -mu + d(s^2 p)/dx / p = -mu + s^2 (d ln p/dx - 2b), s as it was, p the density of sizes
(Haussmann & Pardoux 1986: time reversal of diffusions), here that of the opening at all times: lognormal in the body,
Pareto in the tail.

Left out: that those who shrank close more often, where an enterprise stood before, and the day on which a list began.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.random_streams import generator
from sim.experiments.backtest.measures import Look
from sim.kernels.arrays import EMPTY
from sim.kernels.firms.attributes import log_size_quantile
from sim.model.world import World

FLOOR = -5.0                   # of ln size less the median's, as in `life.grow`
LEAST_SD = 1e-3                # of the body: where all have one size there is no slope to speak of


def looks(world: World, opening: Look) -> Iterator[Look]:
    """Looks at those of the opening who existed, a quarter earlier each, until none did; none without churn."""
    state = opening.state
    if not world.p.switches.churn[0]:
        return
    draws = [generator("sizes before the opening", seed, replicate)
             for seed, replicate in zip(world.seeds, world.replicates, strict=True)]
    law, size = _law(world, opening.fixed.traits), state.log_size
    for ago in range(1, 1 - int(state.born.min(initial=1, where=state.site >= 0))):
        size = quarter_before(size, law, np.stack([draw.standard_normal(size.shape[1]) for draw in draws]))
        there = np.where(state.born <= -ago, state.site, EMPTY).astype(state.site.dtype)
        yield opening._replace(state=state._replace(log_size=size, site=there))


class Law(NamedTuple):
    """How sizes grow and how they are spread, every array (member or 1, 1); sizes are ln employees."""

    drift: NDArray[np.float64]         # a year
    sd: NDArray[np.float64]            # a year, at the median
    exponent: NDArray[np.float64]      # fall of ln sd with size
    median: NDArray[np.float64]
    body_sd: NDArray[np.float64]
    tail_start: NDArray[np.float64]
    tail_exponent: NDArray[np.float64]
    largest: NDArray[np.float64]


def quarter_before(size: NDArray[np.float64], law: Law, noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sizes a quarter before sizes (member, slot), by standard normal draws; the largest size reflects."""
    variance = (law.sd * np.exp(-law.exponent * np.maximum(size - law.median, FLOOR))) ** 2
    body = (law.median - size) / np.maximum(law.body_sd, LEAST_SD) ** 2
    slope = np.where(size < law.tail_start, body, -law.tail_exponent)          # d ln p / dx
    drift = variance * (slope - 2.0 * law.exponent) - law.drift
    before = size + 0.25 * drift + 0.5 * np.sqrt(variance) * noise
    return np.minimum(before, 2.0 * law.largest - before)


def _law(world, traits):
    growth, members = world.p.growth, max(len(each) for each in (traits.log_median, traits.size_sd, traits.tail_share))
    start = np.array([log_size_quantile(1.0 - traits.tail_share[m % len(traits.tail_share)], m, traits)
                      for m in range(members)])
    return Law(*(np.asarray(each, float)[:, None] for each in (
        growth.drift, growth.sd, growth.size_exponent, traits.log_median, traits.size_sd, start, traits.tail_exponent,
        traits.log_largest)))
