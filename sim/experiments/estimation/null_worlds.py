"""Worlds without peers: what an estimator of peers returns where there is nothing to find.

Places differ in a quality that nobody observes and that does not change. Firms choose by it and by what the spec
observes besides peers, with the coefficients that were estimated; counts of firms follow from their choices:

    V_ij = ln(mean firms of the industry at j + 1/2) + x_ij b        no term for peers
    n_t  = n_{t-1} + choices of the year - firms that go, at random        totals by industry as observed

A place that is good has many firms and goes on getting many. An estimator that takes this for the effect of firms on
firms returns about 1 here (without effects of places), or less than 0 (with effects, in a panel of few years).
"""

import numpy as np
from numpy.typing import NDArray

from sim.experiments.estimation.events import Events, Stocks
from sim.experiments.estimation.newton import Array

HALF = 0.5                     # of a firm, where an industry never was


def world(stock: Stocks, events: Events, known: Array, available: NDArray[np.bool_],
          generator: np.random.Generator) -> tuple[Stocks, Events]:
    """Counts and choices of one world; `known` is (event, place) x b of what is observed besides peers."""
    quality = np.log(stock.counts.mean(axis=0) + HALF)                                      # (industry + 1, place)
    value = np.where(available, quality[events.industry] + known, -np.inf)
    place = (value + generator.gumbel(size=value.shape)).argmax(axis=1)
    chosen = events._replace(place=place)
    return Stocks(stock.years, _counts(stock, chosen, quality, generator)), chosen


def _counts(stock, events, quality, generator):
    """(year, industry + 1, place) firms: those of unknown industry as observed."""
    counts = stock.counts.copy()
    for t in range(1, len(stock.years)):
        own = events.year == stock.years[t]
        now = counts[t - 1].copy()
        np.add.at(now, (events.industry[own], events.place[own]), 1.0)
        left = own & (events.origin >= 0)
        np.subtract.at(now, (events.industry[left], events.origin[left]), 1.0)
        now = np.maximum(now, 0.0)
        for s in range(len(now) - 1):
            now[s] = _to_total(now[s], stock.counts[t, s].sum(), quality[s], generator)
        counts[t, :-1] = now[:-1]
    return counts


def _to_total(now, total, quality, generator):
    """Firms of an industry, of which some go at random, or to which some come by quality, until there are so many."""
    apart = int(total - now.sum())
    if apart > 0:
        share = np.exp(quality - quality.max())
        return now + generator.multinomial(apart, share / share.sum())
    gone = generator.multivariate_hypergeometric(now.astype(np.int64), -apart) if apart else 0
    return now - gone
