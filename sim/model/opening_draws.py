"""Where enterprises of the opening stock stand, how large and how old they are, and in which industries, by draws.

Decision 18 (docs/decisions.md).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.model.world import World
from sim.region.opening_stock import dated_stock, group_counts

OLDEST = 60                                  # years of age that the opening stock can have
LEAST = 0.5                                  # candidates that a group or site has at least, in expectation


class Law(NamedTuple):
    """What the opening stock of a member is drawn by, beside its seed."""

    totals: np.ndarray          # (group,) headquarters
    groups: tuple               # a group's sites and their weights each
    mix: tuple                  # (site, industry) counted enterprises, where there are any
    candidates: int
    spread: np.ndarray          # (1,) or (member,)
    ages: np.ndarray            # (1 or member, year) cumulative law of age


def allocated(law: Law, world: World, m: int) -> NDArray[np.float64]:
    """(group, site) shares of all candidates of member m, a Dirichlet over the sites of each group.

    Pseudo-counts are spread * weight of the site in its group; no source tells towns apart, so what
    comes out is an allocation, not an observation. No group has less than half a candidate, nor has
    a site of a group that has any; the sites of an empty group share its half. For no site constant
    explains a share of zero, and what was drawn or counted as zero once need not be zero for ever
    (half a count is the correction of Haldane 1956).
    """
    least, shares = LEAST / law.candidates, np.zeros((len(law.groups), world.sites))
    totals, draw = _at_least(least, law.totals), random_streams.generator("allocation", *_keys(world, m))
    for g, (of_group, weights) in enumerate(law.groups):
        drawn = draw.dirichlet(law.spread[m % len(law.spread)] * weights)
        shares[g, of_group] = totals[g] * _at_least(least / totals[g], drawn)
    return shares


def law_of(world: World) -> Law:
    """The Law of the opening stock of an ensemble."""
    stock, start = world.region.stock, world.calendar.start
    place = {site: j for j, site in enumerate(world.region.sites.index)}
    mix = dated_stock(world.region, start)
    groups = ((np.array([place[site] for site in sites]), np.asarray(weights, float))
              for sites, weights in zip(stock["sites"], stock["weights"]))
    return Law(group_counts(world.region, world.p.population.headquarters, start), tuple(groups),
               () if mix is None else (mix,), int(world.p.population.candidates[0]), world.p.population.spread,
               _age_law(world))


def _at_least(least, amounts):
    """Shares of amounts, those below `least` raised to about it, the others lowered in proportion."""
    shares = np.maximum(amounts / amounts.sum(), least)
    return shares / shares.sum()


def _keys(world, m):
    return world.seeds[m], world.replicates[m]


def drawn_from(law: Law, world: World, m: int) -> tuple[Any, ...]:
    """All that the stock of member m follows from."""
    own = law._replace(spread=law.spread[m % len(law.spread)], ages=law.ages[m % len(law.ages)])
    return *own, world.sites, *_keys(world, m)


def drawn(law: Law, world: World, m: int) -> tuple[NDArray[Any], ...]:
    """(site,) shares, and (candidate,) site, quantile of size, quarter of birth and industry, of member m."""
    shares, draw = allocated(law, world, m), random_streams.generator("opening", *_keys(world, m))
    site, group = _places(shares, law.candidates)
    industry = np.full(law.candidates, -1)
    for mix in law.mix:
        industry = _industries(random_streams.generator("industries", *_keys(world, m)), site, mix)
    u_size = _size_quantiles(draw, group, law.totals, law.totals.sum() / law.candidates)
    years = np.searchsorted(law.ages[m % len(law.ages)], draw.random(law.candidates)) + draw.random(law.candidates)
    return shares.sum(axis=0), site, u_size, -1 - (4 * years).astype(np.int64), industry


def _places(shares, candidates):
    """(candidate,) site and group: largest remainders, first over groups, then over a group's sites."""
    of_group = _largest_remainder(shares.sum(axis=1), candidates)
    site, group = [], []
    for g, number in enumerate(of_group):
        if number:
            per_site = _largest_remainder(shares[g] / shares[g].sum(), number)
            site.append(np.repeat(np.arange(len(per_site)), per_site))
            group.append(np.full(number, g))
    return np.concatenate(site), np.concatenate(group)


def _industries(draw, site, mix):
    """(candidate,) industry in proportion to what was counted at the site, -1 (to be drawn) where it is unknown."""
    found = np.full(len(site), -1)
    for j in np.unique(site):
        there = draw.permutation(np.flatnonzero(site == j))
        if mix[j].sum() > 0:
            of_industry = _largest_remainder(mix[j] / mix[j].sum(), len(there))
            found[there] = np.repeat([*range(mix.shape[1] - 1), -1], of_industry)
    return found


def _largest_remainder(shares, total):
    exact = shares * total
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[:total - whole.sum()]] += 1
    return whole


def _size_quantiles(draw, group, totals, headquarters_share):
    """(candidate,) quantile of size: in each group, its number of headquarters lies above 1 - share.

    Those of a group stand side by side.
    """
    u = draw.random(len(group))
    rank = draw.random(len(group))
    quantile = (1.0 - headquarters_share) * u
    begin = np.searchsorted(group, np.arange(len(totals) + 1))
    for g in range(len(totals)):
        large = begin[g] + np.argsort(rank[begin[g]:begin[g + 1]], kind="stable")[:int(round(totals[g]))]
        quantile[large] = 1.0 - headquarters_share * u[large]
    return np.minimum(quantile, 1.0 - 1e-12)


def hazards(world: World) -> NDArray[np.float64]:
    """(member, year of age) yearly exit hazards at median size and base-year rent."""
    p = world.p.exit
    if world.p.switches.exit == "constant":
        return p.constant[:, None]
    return p.headquarters_factor[:, None] * np.asarray(p.hazard_by_age, float)


def _age_law(world):
    """(member, year) cumulative law of age in a stationary stock: ages weigh by survival."""
    by_age = hazards(world)
    yearly = by_age[:, np.minimum(np.arange(OLDEST), by_age.shape[1] - 1)]
    survival = np.cumprod(1.0 - np.minimum(yearly, 1.0), axis=1)
    survival = np.concatenate([np.ones((len(yearly), 1)), survival[:, :-1]], axis=1)
    return np.cumsum(survival, axis=1) / survival.sum(axis=1, keepdims=True)
