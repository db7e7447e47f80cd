"""The opening stock: district totals allocated to sites, and the enterprises that stand there.

Decision 18 (docs/decisions.md).
"""

import functools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.kernels import arrays
from sim.model import alliances, opening_draws
from sim.model.opening_draws import hazards
from sim.model.worked_out_once import NOT_SHARED, WorkedOutOnce
from sim.model.world import World
from sim.region import mixes
from sim.region.opening_stock import ORIGINS, dated_stock, expected_shares


class Mixes(NamedTuple):
    """Which industries and headquarters types the opening stock of each site has."""

    industry: np.ndarray        # (site, industry) shares, rows sum to 1
    hq_type: np.ndarray         # (site, type) the same


class Opening(NamedTuple):
    """The opening stock of an ensemble."""

    state: arrays.State
    shares: np.ndarray          # (member, site) allocated shares of candidates, sum 1
    log_threshold: np.ndarray   # (member,) ln employees of the criteria's revenue threshold


def opening(world: World, traits: arrays.Traits, shared: WorkedOutOnce = NOT_SHARED) -> Opening:
    """The opening stock of every member; sizes are stratified so that each group has its headquarters."""
    from sim.kernels.firms.population import populate
    law = opening_draws.law_of(world)
    headquarters_share = law.totals.sum() / law.candidates
    if not 0 < headquarters_share < 1:
        raise ValueError(f"{law.totals.sum():g} headquarters among {law.candidates} candidates")
    state = empty_state(world.members, law.candidates)
    stream = random_streams.streams("attributes", world.seeds, world.replicates)
    drawn = [shared.once("opening", functools.partial(opening_draws.drawn_from, law, world, m),
                         functools.partial(opening_draws.drawn, law, world, m)) for m in range(world.members)]
    shares, site, u_size, born, industry = map(np.array, zip(*drawn))
    laws = (np.cumsum(shares, axis=1) for shares in mixes_of(world))
    populate(stream, site, u_size, born, industry, state, traits, *laws)
    alliances.without_those_elsewhere(world, state)
    return Opening(state, shares, log_threshold(traits, headquarters_share, world.members))


def log_threshold(traits: arrays.Traits, headquarters_share: NDArray[np.float64] | float,
                  members: int) -> NDArray[np.float64]:
    """(member,) ln size that the stock's share of headquarters exceeds."""
    from sim.kernels.firms.attributes import log_size_quantile
    return np.array([log_size_quantile(1.0 - headquarters_share, m, traits) for m in range(members)])


def empty_state(members: int, slots: int) -> arrays.State:
    """A State without enterprises."""
    shape = (members, slots)
    ints: dict[str, NDArray[Any]] = {name: np.zeros(shape, np.int16) for name in arrays.State._fields}
    ints |= {name: np.zeros(shape, np.int8) for name in ("hq_type", "origin", "hightech", "status")}
    ints |= {name: np.zeros(shape, np.int32) for name in ("kind", "epoch")}
    ints |= {name: np.zeros(shape, np.uint64) for name in ("id", "parent")}
    ints |= {name: np.full(shape, arrays.EMPTY, np.int16) for name in ("site", "legal")}
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
    return world.keep("mixes", (), lambda world, _: _mixes_of(world))


def _mixes_of(world):
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


def hazards_by_kind(world: World) -> NDArray[np.float64]:
    """(member, is a spin-off, year of age) the same, those of spin-offs apart."""
    others = hazards(world)
    if world.p.switches.exit == "constant":
        return np.stack([others, others], axis=1)
    factor = world.p.spinoff.hazard_factor[:, None]
    return np.stack(np.broadcast_arrays(others, factor * others), axis=1)
