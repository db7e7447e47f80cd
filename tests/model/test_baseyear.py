"""The base year: its equations are met, and runs start as the equations expect.

Solver 1e-10 relative to the number of candidates; simulations within 4 standard errors, fixed seeds.
"""

import dataclasses
import functools

import numpy as np
import pytest

from sim.base.calendar import EVE
from sim.kernels.firms.population import arrive
from sim.model import opening_population
from sim.model.base_year import SAMPLE
from sim.model.processes import demography
from sim.region import load as region_files
from tests.oracles import naive_life
from tests.samples import worlds

TOLERANCE = 1e-10
UNIFORM = {"moving": {"constants": "uniform"}}
SETTINGS = {
    "defaults": {}, "flat": {"choice": {"dissimilarity": 1.0}}, "deep": {"choice": {"dissimilarity": 0.3}},
    "deepest": {"choice": {"dissimilarity": 0.05}}, "no outside": {"choice": {"outside": False}},
    "no churn": {"switches": {"churn": False}}, "no entry": {"entry": {"rate": 0.0}},
    "few stay out": {"entry": {"outside_share": 0.05}}, "most stay out": {"entry": {"outside_share": 0.7}},
    "restless": {"moving": {"rate": 0.05}}, "settled": {"moving": {"rate": 0.002}},
    "given cost": {"moving": {"cost": 3.0}}, "shares": {"peers": {"form": "linear"}},
    "no spin-offs": {"spinoff": {"share": 0.0}}, "family firms": {"spinoff": {"share": 0.9, "stay": 1.0}},
    "leavers": {"spinoff": {"stay": 0.0, "size_exponent": 1.5}}, "a given rate": {"spinoff": {"rate": 0.05}},
    "memoryless": {"switches": {"exit": "constant"}},
    "strong peers": {"terms": {"localisation": {"gamma": 2.0}}}, "uneven": {"population": {"spread": 0.3}}}


@functools.cache
def synthetic(name, sites=12, members=2):
    where = worlds.synthetic_region(sites, nests=3 if sites > 2 else 1)
    v = worlds.values({"population": {"candidates": 1500}}, UNIFORM, SETTINGS[name])
    return worlds.make(where, v, members=members)


@functools.cache
def delta(members=1, *overrides):
    return worlds.make(region_files.load("yrd-zone"), worlds.values(UNIFORM, *overrides), members=members)


def one(values, m):
    return values[m % len(values)]


def entrants(made):
    """Chances of the potential entrants over whom the solver averages, (entrant, site + 1) a member."""
    state = opening_population.empty_state(made.world.members, SAMPLE)
    numbers = np.full(made.world.members, SAMPLE)
    arrive(EVE, made.fixed.streams["attributes"], numbers, state, made.fixed.traits)
    sample = made.economy._replace(state=state)
    return [worlds.expected(made, m, np.arange(SAMPLE), EVE, economy=sample) for m in range(len(numbers))]


def renewed(made, m):
    """Probability that an enterprise chooses with new errors within a quarter."""
    return one(made.fixed.rules.review, m) * (1 - one(made.fixed.rules.keep, m))


def reviews(made, m):
    """Chances of the enterprises in a review with new errors, and their present sites."""
    site = made.economy.state.site[m]
    p = worlds.expected(made, m, quarter=EVE)
    return p, site[site >= 0]


def exits(made, m):
    """(site,) expected exits on the eve of the start."""
    found, hazards = np.zeros(made.world.sites), opening_population.hazards_by_kind(made.world)
    for i in np.flatnonzero(made.economy.state.site[m] >= 0):
        yearly = naive_life.yearly_hazard(m, i, EVE, made.economy.state, hazards,
                                          demography.size_slope(made.world), np.ones((1, made.world.sites)),
                                          made.fixed.traits.log_median)
        found[made.economy.state.site[m, i]] += naive_life.closing(yearly, one(hazards, m))
    return found * made.world.p.switches.churn[0]


def spun_off(made, m):
    """(site,) expected spin-offs on the eve of the start, by their parent's site."""
    state, size = made.economy.state, one(made.world.p.spinoff.size_exponent, m)
    alive = state.site[m] >= 0
    relative = state.log_size[m] - one(made.fixed.traits.log_median, m)
    rate = one(made.fixed.spinoff_rate, m) * np.exp(size * relative)
    return np.bincount(state.site[m][alive], weights=np.minimum(rate, 1)[alive], minlength=made.world.sites)


def choosers(made, m):
    """Expected entrants who choose: those from outside, and spin-offs that do not stay."""
    leaving = (1 - one(made.world.p.spinoff.stay, m)) * spun_off(made, m).sum()
    return (one(demography.entry_mean(made.world, 0), m) + leaving) * made.world.p.switches.churn[0]


# -- sizes -------------------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_million_candidates_have_a_base_year():
    """The search begins with few of them, among whom there must be entrants enough."""
    v = worlds.values({"population": {"candidates": 1_000_000}, "diagnostics": {"members": 0}})
    made = worlds.make(worlds.synthetic_region(4, nests=2), v)
    assert (made.base.residual < TOLERANCE).all()
    assert (np.bincount(made.economy.state.site[0], minlength=4) > 0).all()


# -- the equations ----------------------------------------------------------------------------------

@pytest.mark.parametrize("name", SETTINGS)
def test_the_solver_reports_that_it_met_its_equations(name):
    assert (synthetic(name).base.residual < TOLERANCE).all()


@pytest.mark.parametrize("name", SETTINGS)
def test_net_flows_are_proportional_to_shares(name):
    made = synthetic(name)
    for m, coming in enumerate(entrants(made)):
        p, site = reviews(made, m)
        entry, staying = choosers(made, m), one(made.world.p.spinoff.stay, m) * spun_off(made, m)
        net = (renewed(made, m) * (p[:, :-1].sum(axis=0) - np.bincount(site, minlength=made.world.sites))
               + max(entry, 1e-6 * len(site)) * coming[:, :-1].mean(axis=0) + staying - exits(made, m))
        np.testing.assert_allclose(net, made.base.shares[m] * net.sum(), rtol=0, atol=TOLERANCE * len(site))


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "no outside"])
def test_the_given_share_of_entrants_stays_outside(name):
    made = synthetic(name)
    for m, coming in enumerate(entrants(made)):
        assert abs(coming[:, -1].mean() - one(made.world.p.entry.outside_share, m)) < TOLERANCE


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "given cost"])
def test_the_given_share_of_enterprises_moves(name):
    made = synthetic(name)
    for m in range(made.world.members):
        p, site = reviews(made, m)
        leaving = renewed(made, m) * (1 - p[np.arange(len(site)), site]).mean()
        assert abs(leaving - (1 - (1 - one(made.world.p.moving.rate, m)) ** 0.25)) < TOLERANCE


def test_a_given_moving_cost_is_kept():
    assert (synthetic("given cost").base.cost == 3.0).all()


@pytest.mark.parametrize("sites", [1, 2, 40])
def test_regions_of_any_size_are_solved(sites):
    assert (synthetic("defaults", sites, 1).base.residual < TOLERANCE).all()


def test_the_real_region_is_solved():
    assert (delta(2).base.residual < TOLERANCE).all()


# -- the opening stock ------------------------------------------------------------------------------

def test_the_opening_has_the_headquarters_of_the_stock():
    made = delta(2)
    info = worlds.headquarters(made)
    zone = made.world.region.sites["in_zone"].to_numpy()
    stock = made.world.region.stock["headquarters"]
    assert (info[:, zone].sum(axis=(1, 2, 3)) == stock[["qingpu", "wujiang", "jiashan"]].sum()).all()
    assert (info.sum(axis=(1, 2, 3)) == stock.sum()).all()


def test_towns_share_what_their_districts_have():
    made = synthetic("defaults")
    stock = made.world.region.stock
    for _group, row in stock.iterrows():
        inside = made.world.region.sites.index.isin(row["sites"])
        share = made.base.shares[:, inside].sum(axis=1)
        np.testing.assert_allclose(share, row["headquarters"] / stock["headquarters"].sum(), rtol=1e-12)


def test_nobody_moves_before_something_changes_or_errors_are_renewed():
    made = synthetic("defaults")
    _, events, _ = worlds.chosen(made, made.economy, EVE, review=np.ones(1), keep=np.ones(1))
    assert events.flows.sum() <= 1e-3 * 1500 * 2               # those whom 64 error vectors did not hold


# -- runs start as expected -------------------------------------------------------------------------

@pytest.fixture(scope="module")
def repeated():
    """Sums of 150 rounds of choices by everybody under ever new draws, and what is expected of one."""
    v = worlds.values({"population": {"candidates": 300}, "entry": {"rate": 1.0}},
                      {"peers": {"counts": "frozen"}})
    offered = [worlds.policy("grant", amount=10.0, sites=["site-1"]),
               worlds.policy("tax_rate", rate=5.0, sites=["site-3"], movers=True)]
    made = worlds.make(worlds.region([0, 0, 1, 1, 2, 2], industries=3), v, policies=offered)
    economy = worlds.with_newcomers(made, 0)
    rules = {"review": np.ones(1), "keep": np.zeros(1)}
    places = np.zeros((150, made.world.sites))
    for n, key in enumerate(np.arange(1, 151, dtype=np.uint64)):
        keys = made.world.keys._replace(choice=made.world.keys.choice + key)
        other = made._replace(world=dataclasses.replace(made.world, keys=keys))
        site = worlds.chosen(other, economy, **rules)[0].site[0]
        places[n] = np.bincount(site[site >= 0], minlength=made.world.sites)
    slots = np.flatnonzero(economy.state.site[0] != -1)
    return places, worlds.expected(made, slots=slots, economy=economy)


def test_the_mean_of_choices_is_the_expected_flow(repeated):
    places, p = repeated
    error = places.mean(axis=0) - p[:, :-1].sum(axis=0)
    assert (abs(error) < 4 * ((p * (1 - p)).sum(axis=0)[:-1] / len(places)) ** 0.5).all()


def test_the_variance_of_choices_is_that_of_independent_ones(repeated):
    places, p = repeated
    variance = (p * (1 - p)).sum(axis=0)[:-1]
    assert (abs(places.var(axis=0, ddof=1) - variance) < 4 * variance * (2 / 149) ** 0.5).all()


@pytest.fixture(scope="module")
def first_year():
    """Infos of twenty members' first four quarters, all at its default but for more moves."""
    v = worlds.values(worlds.years(4), UNIFORM, {"population": {"candidates": 2000}, "moving": {"rate": 0.04}})
    return worlds.run(worlds.make(worlds.synthetic_region(12, nests=3), v, members=20), 4)[0]


def founded(candidates):
    """Spin-offs of a year in twenty members: a quarter of those who enter, of whom 70 % do not choose."""
    return 20 * candidates * 0.075 * 0.25 * 0.8 / (0.7 + 0.3 * 0.8)


def choosing(candidates):
    """Entrants of a year in twenty members who choose a site."""
    return 20 * candidates * 0.075 * 0.75 + 0.3 * founded(candidates)


def test_enterprises_move_at_the_target_rate(first_year):
    expected = 4 * 2000 * 20 * (1 - 0.96 ** 0.25)
    assert abs(sum(info.events.flows.sum() for info in first_year) - expected) < 4 * expected ** 0.5


def test_entrants_stay_outside_at_the_target_rate(first_year):
    out = sum(info.events.declined.sum() for info in first_year)
    expected = 0.2 * choosing(2000)
    assert abs(out - expected) < 4 * expected ** 0.5


def test_potential_entrants_come_at_their_rate(first_year):
    coming = sum(info.events.declined.sum() + info.events.entries.sum() for info in first_year)
    expected = choosing(2000) + 0.7 * founded(2000)
    assert abs(coming - expected) < 4 * expected ** 0.5


def test_spinoffs_are_their_share_of_entrants(first_year):
    entries, spun_off = (sum(getattr(info.events, name).sum() for info in first_year)
                         for name in ("entries", "spinoffs"))
    assert abs(spun_off - 0.25 * entries) < 4 * (0.1875 * entries) ** 0.5
