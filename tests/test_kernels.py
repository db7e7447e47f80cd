"""Every kernel equals its naive twin: bit for bit in whole numbers and choices, to 1e-12 in the rest."""

import copy
import math
from statistics import NormalDist

import numpy as np
import pytest

import naive
import naive_life
import worlds
from sim.kernels import elementary, expected, hashing, layout, life, population
from sim.kernels.choice import log_stable, settle_errors
from sim.processes import demography, land

CLOSE = dict(rtol=1e-12, atol=1e-12)
WIDE = np.concatenate([np.logspace(-300, 300, 601), 1 + np.linspace(-1e-3, 1e-3, 301)])
BITS = np.random.default_rng(1).integers(0, 2 ** 64, 500, dtype=np.uint64)
FORMS = ("log", "linear", "saturating", "table")
REVISIONS = {"sequential": layout.SEQUENTIAL, "simultaneous": layout.SIMULTANEOUS, "one": layout.ONE}
SEVERAL = [{"choice": {"review": 0.9, "dissimilarity": 0.5, "keep_errors": 0.2}, "peers": {"decay": 20.0}},
           {"choice": {"review": 0.6, "dissimilarity": 1.0, "keep_errors": 0.9}, "moving": {"cost": 0.3},
            "terms": {"localisation": {"gamma": 0.8}, "grant": {"beta": 0.6}, "tax": {"taste_sd": 0.2}},
            "population": {"size_sd": 0.7}, "peers": {"offset": 2.0}, "growth": {"drift": 0.1, "sd": 0.5}}]
POLICIES = [worlds.policy("tax_rate", rate=10.0, sites=["site-1", "site-3"], movers=True, years=1.0),
            worlds.policy("grant", amount=8.0, sites=["site-0"]),
            worlds.policy("regime_exposure", exposure="ftz", sites=["site-2"])]


def lively(*overrides):
    """Two unlike members with every term, three policies, a free and a single-site nest; after 2 quarters."""
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3)
    common = {"population": {"candidates": 40}, "moving": {"cost": 1.0}, "exit": {"headquarters_factor": 3.0},
              "base_year": {"constants": {"site-1": 0.5, "site-4": -1.0}}, "entry": {"rate": 0.9},
              "peers": {"payoff": [[0.1 * k * n for n in range(9)] for k in range(6)]}}
    members = [worlds.values(worlds.years(8), common, own, *overrides) for own in SEVERAL]
    made = worlds.make(where, *members, policies=POLICIES)
    return made._replace(economy=worlds.run(made, 2)[1])


@pytest.fixture(scope="module", params=FORMS)
def crowd(request):
    made = lively({"peers": {"form": request.param}})
    return made, worlds.with_newcomers(made, 2)


@pytest.fixture(scope="module")
def made():
    return lively()


# -- functions and draws ----------------------------------------------------------------------------

@pytest.mark.parametrize("kernel, twin, at", [
    (elementary.log, math.log, WIDE), (elementary.exp, math.exp, np.linspace(-700, 700, 1401)),
    (elementary.sine, math.sin, np.linspace(0, math.pi, 1001)),
    (elementary.normal_quantile, NormalDist().inv_cdf, np.linspace(1e-9, 1 - 1e-9, 1001))],
    ids=["log", "exp", "sine", "normal_quantile"])
def test_elementary_functions_agree_with_the_library(kernel, twin, at):
    np.testing.assert_allclose([kernel(x) for x in at], [twin(x) for x in at], rtol=2e-15, atol=4e-16)


def test_keys_are_mixed_as_in_splitmix():
    assert [int(hashing.mix(x)) for x in BITS] == [naive.mix(int(x)) for x in BITS]


def test_keys_are_chained_in_their_order():
    chained = [int(hashing.combine(a, b)) for a, b in zip(BITS, BITS[::-1])]
    assert chained == [naive.combine(a, b) for a, b in zip(BITS, BITS[::-1])]


def test_units_are_the_middles_of_equal_steps():
    assert [hashing.unit(x) for x in BITS] == [naive.unit(int(x)) for x in BITS]


def test_the_least_and_the_greatest_unit_lie_inside_the_open_interval():
    assert 0 < hashing.unit(np.uint64(0)) < hashing.unit(np.uint64(2 ** 64 - 1)) < 1


@pytest.mark.parametrize("index", [0.05, 0.3, 0.7, 0.99])
def test_stable_draws_follow_kanter(index):
    drawn = [log_stable(key, index) for key in BITS]
    np.testing.assert_allclose(drawn, [naive.log_stable(int(key), index) for key in BITS], rtol=1e-12, atol=1e-11)


# -- utility and choice -----------------------------------------------------------------------------

def arguments(made, economy, quarter, **rules):
    return [quarter, copy.deepcopy(economy.state), economy.counts.copy(), worlds.offers(made, quarter),
            made.world.nests, made.fixed.peers, made.fixed.moving, made.world.keys,
            made.fixed.rules._replace(**rules)]


@pytest.mark.parametrize("live", [1, 0])
def test_utilities(crowd, live):
    made, economy = crowd
    offers, peers = worlds.offers(made, 2), made.fixed.peers._replace(live=live)
    for m in range(made.world.members):
        slots = np.flatnonzero(economy.state.site[m] != layout.EMPTY)
        found = expected.base_utilities(2, m, slots, economy.state, economy.counts, offers, peers,
                                        made.fixed.moving)
        twins = [naive.utilities(m, i, 2, economy.state, offers, peers, made.fixed.moving, economy.counts)
                 for i in slots]
        np.testing.assert_allclose(found, twins, **CLOSE)


@pytest.mark.parametrize("revision", REVISIONS)
def test_choices(crowd, revision):
    made, economy = crowd
    given = arguments(made, economy, 2, revision=REVISIONS[revision])
    events = worlds.no_events(made.world)
    naive.choose(*given, events)
    state, found, _ = worlds.chosen(made, economy, 2, revision=REVISIONS[revision])
    assert all((a == b).all() for a, b in zip([*state, *found], [*given[1], *events]))


def test_the_crowd_has_movers_stayers_entrants_and_decliners(made):
    state, events, _ = worlds.chosen(made, worlds.with_newcomers(made, 2), 2)
    assert events.flows.sum() > 3 and events.entries.sum() > 3 and events.declined.sum() > 0
    assert set(state.status[state.site >= 0]) == {layout.NEWCOMER_STAYS, layout.MOVER_STAYS, layout.SETTLED}


def test_opening_errors(made):
    given = arguments(made, made.economy, 2)[:-1]
    naive.settle_errors(*given, 5)
    found = arguments(made, made.economy, 2)[:-1]
    settle_errors(*found, 5)
    assert (found[1].epoch == given[1].epoch).all()


@pytest.mark.parametrize("length", [1.0, 0.6, 0.02])
def test_probabilities(made, length):
    nests = made.world.nests
    made = made._replace(world=copy.copy(made.world))
    object.__setattr__(made.world, "nests", nests._replace(dissimilarity=np.append([length] * 3, 1.0)[None]))
    for m in range(made.world.members):
        slots = np.flatnonzero(made.economy.state.site[m] >= 0)
        offers = worlds.offers(made, 2)
        twins = [naive.probabilities(naive.utilities(m, i, 2, made.economy.state, offers, made.fixed.peers,
                                                     made.fixed.moving), m, made.world.nests) for i in slots]
        np.testing.assert_allclose(worlds.expected(made, m, slots, 2), twins, **CLOSE)


# -- expected flows ---------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def choosers():
    """Utilities, present sites (-1: entrant) and amounts of 30 choosers among five sites in two nests."""
    draw = np.random.default_rng(3)
    nests = layout.Nests(np.array([0, 0, 1, 1, 1, 2]), np.array([2, 3, 1]), np.array([[0.5, 0.8, 1.0]]))
    return draw.normal(size=(30, 6)), draw.integers(-1, 5, 30), draw.random(30), draw.normal(size=5), nests


def kernel_flows(choosers, shift, cost, stride=1, slopes=False):
    v, current, amount, _, nests = choosers
    jacobian = np.empty((len(shift) + 2 if slopes else 0, len(shift) + 1))
    w = expected.weights(v, nests.of_site, nests.dissimilarity[0])
    inflow, moved = expected.flows(w, current, amount, shift, cost, nests.of_site, nests.dissimilarity[0],
                                   jacobian, stride)
    return jacobian if slopes else np.append(inflow, moved)


def test_expected_flows(choosers):
    v, current, amount, shift, nests = choosers
    np.testing.assert_allclose(kernel_flows(choosers, shift, 0.7),
                               naive.flows(v, current, amount, shift, 0.7, 0, nests), **CLOSE)


def test_slopes_of_expected_flows_are_their_finite_differences(choosers):
    v, current, amount, shift, nests = choosers
    x = np.append(shift, 0.7)
    for column, step in enumerate(1e-3 * np.eye(len(x))):
        at = [naive.flows(v, current, amount, y[:-1], y[-1], 0, nests)
              for y in (x - 2 * step, x - step, x + step, x + 2 * step)]
        slope = np.dot([1, -8, 8, -1], at) / 12e-3
        np.testing.assert_allclose(kernel_flows(choosers, shift, 0.7, slopes=True)[:, column], slope, atol=1e-10)


def test_sampled_slopes_are_those_of_every_third_chooser_threefold(choosers):
    v, current, amount, shift, nests = choosers
    third = v[::3], current[::3], 3 * amount[::3], shift, nests
    np.testing.assert_allclose(kernel_flows(choosers, shift, 0.7, 3, True),
                               kernel_flows(third, shift, 0.7, 1, True), **CLOSE)


# -- life -------------------------------------------------------------------------------------------

def both(kernel, twin, state, *given, out=()):
    """States after the kernel and after its twin, each with its own copies of `out`."""
    sides = []
    for function in (kernel, twin):
        state_, out_ = copy.deepcopy(state), [array.copy() for array in out]
        function(*given[:1], state_, *given[1:], *out_) if given else function(state_, *out_)
        sides.append((state_, out_))
    return sides


def assert_equal(left, right):
    for name in left._fields:
        np.testing.assert_allclose(getattr(left, name), getattr(right, name), rtol=1e-12, atol=0, err_msg=name)


def test_exits(made):
    rent = np.linspace(0.5, 3, 12).reshape(2, 6)
    events = worlds.no_events(made.world)
    given = (made.fixed.streams["exit"], demography.hazards(made.world) * 3, np.array([0.1, -0.2]), rent,
             made.fixed.traits.log_median)
    (left, a), (right, b) = both(life.close_down, naive_life.close_down, made.economy.state, 2, *given,
                                 out=[events.exits])
    assert a[0].sum() > 5 and (a[0] == b[0]).all()
    assert_equal(left, right)


def test_growth(made):
    given = (made.fixed.streams["growth"], np.array([0.1, -0.1]), np.array([0.2, 0.4]), np.array([0.15, 0.3]),
             made.fixed.traits.log_median, np.linspace(-0.1, 0.1, 12).reshape(2, 6))
    (left, _), (right, _) = both(life.grow, naive_life.grow, made.economy.state, 2, *given)
    assert_equal(left, right)


@pytest.mark.parametrize("research", [np.inf, 1.0])
def test_counts(made, research):
    bars = np.array([[4.0, 0.3, 0.6, research], [3.5, 0.1, 0.2, research]])
    kinds = np.zeros((2, 3, 6), np.int64), np.zeros((2, 6, 3, 4), np.int32), np.zeros((2, 6, 3, 4), np.int32)
    sides = [[array.copy() for array in (*kinds, np.zeros((2, 6), np.int64))] for _ in range(2)]
    life.count(made.economy.state, bars, *sides[0])
    naive_life.count(made.economy.state, bars, *sides[1])
    assert all((a == b).all() for a, b in zip(*sides)) and sides[0][2].sum() > 3


@pytest.mark.parametrize("promised", [0.0, 1.0, 2.0, 40.0])
def test_benefits_expire(made, promised):
    promise = np.tile(np.array([promised, 0, 1, 2, 3, 40]), (2, 1))
    (left, _), (right, _) = both(life.expire, naive_life.expire, made.economy.state, 3, promise)
    assert_equal(left, right)


# -- who there is -----------------------------------------------------------------------------------

@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 12.5, 255.9, 256.1, 900.0])
def test_poisson_draws(mean):
    assert [population.poisson(key, mean) for key in BITS[:60]] == [naive_life.poisson(int(key), mean) for key in BITS[:60]]


def test_numbers_of_potential_entrants():
    found = population.count_arrivals(7, BITS[:40], np.array([5.0]))
    assert list(found) == naive_life.count_arrivals(7, BITS[:40], [5.0])


def test_potential_entrants(made):
    room = copy.deepcopy(made.economy.state)
    room.site[:, 5:15] = layout.EMPTY
    (left, _), (right, _) = both(
        lambda q, state, *rest: population.arrive(q, rest[0], rest[1], state, rest[2]),
        lambda q, state, *rest: naive_life.arrive(q, rest[0], rest[1], state, rest[2]),
        room, 3, made.fixed.streams["attributes"], np.array([6, 9]), made.fixed.traits)
    assert (left.site == layout.CANDIDATE).sum(axis=1).tolist() == [6, 9]
    assert_equal(left, right)


def test_the_opening_stock(made):
    draw = np.random.default_rng(5)
    site, u, born = draw.integers(0, 6, 40), draw.random(40), -draw.integers(1, 99, 40)
    sides = [copy.deepcopy(made.economy.state) for _ in range(2)]
    for function, state in zip((population.populate, naive_life.populate), sides):
        function(1, made.fixed.streams["attributes"][1], site, u, born, state, made.fixed.traits)
    assert_equal(*sides)


# -- rents ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("spending", [0.2, 1.0, 1.5, 2.5, 6.0])
@pytest.mark.parametrize("factor", [0.7, 1.0, 1.6])
def test_rents_clear(made, spending, factor):
    p = made.world.p.land
    found = land.clear(made.world, np.full((1, 1), spending), np.ones((1, 1)), np.full((1, 1), factor))
    twin = naive_life.rent(spending, factor, p.elasticity[0], p.slack[0])
    np.testing.assert_allclose(found, twin, **CLOSE)
