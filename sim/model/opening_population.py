"""The opening stock: district totals allocated to sites, and the enterprises that stand there.

Decision 18 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base import random_streams
from sim.kernels import arrays
from sim.model import alliances
from sim.region import mixes
from sim.region.opening_stock import ORIGINS, dated_stock, expected_shares, group_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World

OLDEST = 60                                  # years of age that the opening stock can have
LEAST = 0.5                                  # candidates that a group or site has at least, in expectation


class Mixes(NamedTuple):
    """Which industries and headquarters types the opening stock of each site has."""

    industry: np.ndarray        # (site, industry) shares, rows sum to 1
    hq_type: np.ndarray         # (site, type) the same


class Opening(NamedTuple):
    """The opening stock of an ensemble."""

    state: arrays.State
    shares: np.ndarray          # (member, site) allocated shares of candidates, sum 1
    log_threshold: np.ndarray   # (member,) ln employees of the criteria's revenue threshold


def allocate(world: World) -> NDArray[np.float64]:
    """(member, group, site) shares of all candidates, a Dirichlet over the sites of each group.

    Pseudo-counts are spread * weight of the site in its group; no source tells towns apart, so what
    comes out is an allocation, not an observation. No group has less than half a candidate, nor has
    a site of a group that has any; the sites of an empty group share its half. For no site constant
    explains a share of zero, and what was drawn or counted as zero once need not be zero for ever
    (half a count is the correction of Haldane 1956).
    """
    stock, index = world.region.stock, world.region.sites.index
    least = LEAST / int(world.p.population.candidates[0])
    totals = _at_least(least, group_counts(world.region, world.p.population.headquarters, world.calendar.start))
    shares = np.zeros((world.members, len(stock), world.sites))
    spread = np.broadcast_to(world.p.population.spread, (world.members,))
    groups = [(index.get_indexer(list(sites)), np.asarray(weights, float))  # type: ignore[arg-type]  # labels in a list
              for sites, weights in zip(stock["sites"], stock["weights"])]
    for m in range(world.members):
        draw = random_streams.generator("allocation", world.seeds[m], world.replicates[m])
        for g, (sites, weights) in enumerate(groups):
            drawn = draw.dirichlet(spread[m] * weights)
            shares[m, g, sites] = totals[g] * _at_least(least / totals[g], drawn)
    return shares


def _at_least(least, amounts):
    """Shares of amounts, those below `least` raised to about it, the others lowered in proportion."""
    shares = np.maximum(amounts / amounts.sum(), least)
    return shares / shares.sum()


def opening(world: World, traits: arrays.Traits) -> Opening:
    """The opening stock of every member; sizes are stratified so that each group has its headquarters."""
    from sim.kernels.firms.population import populate
    totals = group_counts(world.region, world.p.population.headquarters, world.calendar.start)
    mix = dated_stock(world.region, world.calendar.start)
    candidates = int(world.p.population.candidates[0])
    headquarters_share = totals.sum() / candidates
    if not 0 < headquarters_share < 1:
        raise ValueError(f"{totals.sum():g} headquarters among {candidates} candidates")
    shares = allocate(world)
    state = empty_state(world.members, candidates)
    stream = random_streams.streams("attributes", world.seeds, world.replicates)
    ages = _age_law(world)
    site, born = (np.empty((world.members, candidates), np.int64) for _ in range(2))
    u_size, industry = np.empty(site.shape), np.full(site.shape, -1)
    for m in range(world.members):
        draw = random_streams.generator("opening", world.seeds[m], world.replicates[m])
        site[m], group = _places(shares[m], candidates)
        if mix is not None:
            industry[m] = _industries(random_streams.generator("industries", world.seeds[m], world.replicates[m]),
                                      site[m], mix)
        u_size[m] = _size_quantiles(draw, group, totals, headquarters_share)
        years = np.searchsorted(ages[m % len(ages)], draw.random(candidates)) + draw.random(candidates)
        born[m] = -1 - (4 * years).astype(np.int64)
    laws = (np.cumsum(shares, axis=1) for shares in mixes_of(world))
    populate(stream, site, u_size, born, industry, state, traits, *laws)
    alliances.without_those_elsewhere(world, state)
    return Opening(state, shares.sum(axis=1), log_threshold(traits, headquarters_share, world.members))


def log_threshold(traits: arrays.Traits, headquarters_share: NDArray[np.float64] | float,
                  members: int) -> NDArray[np.float64]:
    """(member,) ln size that the stock's share of headquarters exceeds."""
    from sim.kernels.firms.attributes import log_size_quantile
    return np.array([log_size_quantile(1.0 - headquarters_share, m, traits) for m in range(members)])


def empty_state(members: int, slots: int) -> arrays.State:
    """A State without enterprises."""
    shape = (members, slots)
    ints: dict[str, NDArray[Any]] = {name: np.zeros(shape, np.int32) for name in arrays.State._fields}
    ints |= {name: np.zeros(shape, np.uint64) for name in ("id", "parent")}
    ints |= {name: np.full(shape, arrays.EMPTY, np.int32) for name in ("site", "legal")}
    ints["log_size"] = np.zeros(shape)
    ints["loading"] = np.zeros(shape + (len(arrays.LOADINGS),))
    return arrays.State(**ints)


def with_room(state: arrays.State, slots: int) -> arrays.State:
    """The State with at least `slots` more empty slots in every member, copied only if it must grow."""
    members, before = state.site.shape
    if slots <= before and bool((state.site[:, before - slots:] == arrays.EMPTY).all()):
        return state                                                             # cheap, and nearly always the case
    free = min(np.count_nonzero(site == arrays.EMPTY) for site in state.site)    # row by row it is the quickest
    if free >= slots:
        return state
    larger = empty_state(members, before + max(slots - free, before // 4))
    for old, new in zip(state, larger):
        new[:, :before] = old
    return larger


def mixes_of(world: World) -> Mixes:
    """The Mixes of the region: industries as counted where they were, else at the quotient that a name stands for."""
    p = world.p.population
    quotient = float(p.named_quotient[0])
    industries = mixes.industry_mix(world.region, quotient)
    counted = dated_stock(world.region, world.calendar.start)
    if counted is not None:
        known = counted[:, :-1].sum(axis=1, keepdims=True)
        industries = np.where(known > 0, counted[:, :-1] / np.maximum(known, 1e-300), industries)
    return Mixes(industries, mixes.type_mix(world.region, p.type_shares, quotient))


def laws(world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(industry,) and (type,) shares in the opening stock, as expected; entrants have the same, so entry keeps them."""
    stock = expected_shares(world.region, world.p.population.headquarters, world.calendar.start)
    industry, hq_type = (mixes.marginal(mix, stock) for mix in mixes_of(world))
    return industry, hq_type


def traits(world: World) -> arrays.Traits:
    """Laws of attributes from the region's industries and the scenario."""
    p = world.p.population
    industries = world.region.industries
    share, type_share = laws(world)
    return arrays.Traits(
        industry_cum=np.cumsum(share), type_cum=np.cumsum(type_share),
        origin_cum=np.cumsum([p.origin_shares.get(name, 0.0) for name in ORIGINS]),
        hightech=industries["hightech"].to_numpy(float),
        trade=_relative(industries["trade"].to_numpy(float), share),
        rnd=_relative(industries["rnd"].to_numpy(float), share),
        intensity_sd=p.intensity_sd, tax_sd=world.p.terms.tax.taste_sd,
        log_median=np.log(p.median_size), size_sd=p.size_sd, tail_exponent=p.tail_exponent,
        tail_share=p.tail_share, log_largest=np.log(p.largest), log_entrant=np.log(p.entrant_size),
        uniform=int(p.taste_law == "uniform"),
        alliance_key=random_streams.keys_of(f"alliance {alliance.name}" for alliance in world.alliances),
        alliance_share=_alliance_shares(world))


def _alliance_shares(world):
    """(member, alliance, industry) probability that an enterprise belongs to an alliance."""
    industries = world.region.industries.index
    shares = np.zeros((world.members, len(world.alliances), len(industries)))
    for k, alliance in enumerate(world.alliances):
        shares[:, k, industries.get_indexer(alliance.industries)] = alliance.share[:, None]
    return shares


def _relative(intensity, share):
    """Intensity of an industry relative to the mean enterprise, so that coefficients are per mean."""
    mean = intensity @ share
    return intensity / mean if mean > 0 else intensity


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
    """(candidate,) quantile of size: in each group, its number of headquarters lies above 1 - share."""
    u = draw.random(len(group))
    rank = draw.random(len(group))
    quantile = np.empty(len(group))
    for g in range(len(totals)):
        members = np.flatnonzero(group == g)
        large = members[np.argsort(rank[members], kind="stable")[:int(round(totals[g]))]]
        quantile[members] = (1.0 - headquarters_share) * u[members]
        quantile[large] = 1.0 - headquarters_share * u[large]
    return np.minimum(quantile, 1.0 - 1e-12)


def hazards(world: World) -> NDArray[np.float64]:
    """(member, year of age) yearly exit hazards at median size and base-year rent."""
    p = world.p.exit
    if world.p.switches.exit == "constant":
        return p.constant[:, None]
    return p.headquarters_factor[:, None] * np.asarray(p.hazard_by_age, float)


def hazards_by_kind(world: World) -> NDArray[np.float64]:
    """(member, is a spin-off, year of age) the same, those of spin-offs apart."""
    others = hazards(world)
    if world.p.switches.exit == "constant":
        return np.stack([others, others], axis=1)
    factor = world.p.spinoff.hazard_factor[:, None]
    return np.stack(np.broadcast_arrays(others, factor * others), axis=1)


def _age_law(world):
    """(member, year) cumulative law of age in a stationary stock: ages weigh by survival."""
    by_age = hazards(world)
    yearly = by_age[:, np.minimum(np.arange(OLDEST), by_age.shape[1] - 1)]
    survival = np.cumprod(1.0 - np.minimum(yearly, 1.0), axis=1)
    survival = np.concatenate([np.ones((len(yearly), 1)), survival[:, :-1]], axis=1)
    return np.cumsum(survival, axis=1) / survival.sum(axis=1, keepdims=True)
