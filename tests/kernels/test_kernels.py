"""Kernels of choice equal their naive twins: bit for bit in whole numbers and choices, to 1e-12 in the rest."""

import copy
import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim import terms
from sim.kernels import arrays
from sim.kernels.base_year import expected_flows
from sim.kernels.choice import systematic_utility
from sim.kernels.choice.initial_errors import settle_those
from sim.model import choice_tables
from tests.oracles import naive
from tests.samples import worlds

CLOSE = {"rtol": 1e-12, "atol": 1e-12}
FORMS = ("log", "linear", "saturating", "table")


@pytest.fixture(scope="module", params=[*FORMS, "function"])
def crowd(request):
    """Everybody registers apart, but where the case is called function."""
    apart = request.param != "function"
    made = worlds.lively({"peers": {"form": request.param if apart else "log"},
                          "switches": {"registration": "separate" if apart else "function"},
                          "terms": {"localisation": {"gamma": 3.0}}})
    return made, worlds.with_newcomers(made, 2)


@pytest.fixture(scope="module")
def made():
    return worlds.lively()


# -- utility and choice -----------------------------------------------------------------------------

def arguments(made, economy, quarter, **rules):
    return [quarter, copy.deepcopy(economy.state), economy.counts.copy(), worlds.offers(made, quarter),
            made.world.nests, made.fixed.peers, made.fixed.moving, made.world.keys,
            made.fixed.rules._replace(**rules)]


@pytest.mark.parametrize("live", [1, 0])
def test_utilities(crowd, live):
    """Of all at once, as samples are weighed; a quarter weighs those who choose."""
    made, economy = crowd
    offers, peers = worlds.offers(made, 2), made.fixed.peers._replace(live=live)
    for m in range(made.world.members):
        slots = np.flatnonzero(economy.state.site[m] != arrays.EMPTY)
        found = systematic_utility.base_utilities(2, m, slots, economy.state, economy.counts, offers, peers,
                                                  made.fixed.moving)
        twins = [naive.utilities(m, i, 2, economy.state, offers, peers, made.fixed.moving, economy.counts)
                 for i in slots]
        np.testing.assert_allclose(found, twins, **CLOSE)


def with_costs_by_site(made):
    """The ensemble with another constant of the moving cost at each site and in each member."""
    number = np.arange(made.world.members * made.world.sites, dtype=float)
    costs = (0.3 + 0.4 * number % 3.0).reshape(made.world.members, -1)
    return made._replace(fixed=made.fixed._replace(moving=made.fixed.moving._replace(cost=costs)))


def test_utilities_and_choices_where_each_site_has_a_cost_of_its_own(crowd):
    """Choices at one cost for all sites have their twin in `tests/model/test_quarter.py`."""
    made, economy = with_costs_by_site(crowd[0]), crowd[1]
    test_utilities((made, economy), 1)
    for revision in (arrays.SEQUENTIAL, arrays.SIMULTANEOUS, arrays.ONE):
        rules = {"revision": revision, "review": np.ones(1), "keep": np.zeros(1)}
        given, events = arguments(made, economy, 2, **rules), worlds.no_events(made.world)
        naive.choose(*given, events)
        state, found, _ = worlds.chosen(made, economy, 2, **rules)
        assert all((a == b).all() for a, b in zip([*state, *found], [*given[1], *events]))


def test_the_crowd_has_movers_stayers_entrants_and_decliners(made):
    state, events, _ = worlds.chosen(made, worlds.with_newcomers(made, 2), 2)
    assert events.flows.sum() >= 3
    assert events.entries.sum() > 3
    assert events.declined.sum() > 0
    assert set(state.status[state.site >= 0]) == {arrays.NEWCOMER_STAYS, arrays.MOVER_STAYS, arrays.SETTLED}


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("tries", [1, 5, 60])
def test_opening_errors(made, tries, apart):
    """The opening's own, which no quarter draws; of members whose nests are alike, and of those with nests apart."""
    length = made.world.nests.dissimilarity[0] * (np.linspace(0.5, 1.0, made.world.members)[:, None] if apart else 1.0)
    nests = made.world.nests._replace(dissimilarity=np.atleast_2d(length))
    given, found = ([*each[:4], nests, *each[5:-1]] for each in (arguments(made, made.economy, 2) for _ in range(2)))
    assert made.world.members > 1
    naive.settle_errors(*given, tries)
    settle_those(found[0], *np.nonzero(found[1].site >= 0), *found[1:], tries)
    assert (found[1].epoch == given[1].epoch).all()


@pytest.mark.parametrize("length", [1.0, 0.6, 0.02])
def test_probabilities(made, length):
    """Expected choices, which a quarter draws."""
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
    nests = arrays.Nests(np.array([0, 0, 1, 1, 1, 2]), np.array([2, 3, 1]), np.array([[0.5, 0.8, 1.0]]))
    return draw.normal(size=(30, 6)), draw.integers(-1, 5, 30), draw.random(30), draw.normal(size=5), nests


def kernel_flows(choosers, shift, cost, slopes=False):
    """Inflow and moved in one row, or their slopes in (shift, cost)."""
    v, current, amount, _, nests = choosers
    jacobian = np.empty((len(shift) + 2 if slopes else 0, len(shift) + 1))
    inflow, moved = expected_flows.flows(v, current, amount, shift, cost, nests.of_site, nests.dissimilarity[0],
                                   jacobian)
    return jacobian if slopes else np.append(inflow, moved)


def test_expected_flows(choosers):
    """Of the base year's search, as the slopes and costs below."""
    v, current, amount, shift, nests = choosers
    np.testing.assert_allclose(kernel_flows(choosers, shift, 0.7),
                               naive.flows(v, current, amount, shift, 0.7, 0, nests), **CLOSE)


def test_slopes_of_expected_flows_are_their_finite_differences(choosers):
    v, current, amount, shift, nests = choosers
    slopes = kernel_flows(choosers, shift, 0.7, slopes=True)
    x = np.append(shift, 0.7)
    for column, step in enumerate(1e-3 * np.eye(len(x))):
        at = [naive.flows(v, current, amount, y[:-1], y[-1], 0, nests)
              for y in (x - 2 * step, x - step, x + step, x + 2 * step)]
        np.testing.assert_allclose(slopes[:, column], np.dot([1, -8, 8, -1], at) / 12e-3, atol=1e-10)


COSTS = np.array([0.7, 2.0, 0.0, 1.3, 3.1])         # of leaving each of the five sites


def test_expected_flows_where_each_site_has_a_cost_of_its_own(choosers):
    v, current, amount, shift, nests = choosers
    np.testing.assert_allclose(kernel_flows(choosers, shift, COSTS),
                               naive.flows(v, current, amount, shift, COSTS, 0, nests), **CLOSE)


def test_slopes_in_the_cost_of_each_site_are_finite_differences(choosers):
    v, current, amount, shift, nests = choosers
    slopes = np.zeros((len(shift) + 2, len(shift)))
    expected_flows.flows(v, current, amount, shift, COSTS, nests.of_site, nests.dissimilarity[0], slopes)
    for column, step in enumerate(1e-3 * np.eye(len(shift))):
        at = [naive.flows(v, current, amount, shift, COSTS + k * step, 0, nests) for k in (-2, -1, 1, 2)]
        wanted = np.dot([1, -8, 8, -1], at) / 12e-3
        np.testing.assert_allclose(slopes[:-2, column], wanted[:-2], atol=1e-10)
        np.testing.assert_allclose(slopes[-1, column], wanted[-1], atol=1e-10)


def test_leaving_a_site_costs_what_that_site_has():
    """Utility elsewhere lacks the constant of the site where an enterprise is, whatever the others'."""
    where = worlds.region([0, 0, 0])
    made = worlds.make(where, worlds.plain(where, [0.3, 0.0, -0.2], worlds.people(60)))
    site, free = made.economy.state.site[0], worlds.utilities(made, np.arange(60))
    costs = np.array([[0.5, 1.5, 2.5]])
    other = made._replace(fixed=made.fixed._replace(moving=made.fixed.moving._replace(cost=costs)))
    lost = free - worlds.utilities(other, np.arange(60))
    elsewhere = np.arange(3) != site[:, None]
    np.testing.assert_allclose(lost[:, :-1], elsewhere * costs[0][site][:, None], rtol=1e-12, atol=1e-12)


def test_a_move_costs_more_the_farther_it_goes():
    """Utility elsewhere lacks moving.log_distance x ln(1 + km) from where an enterprise is; staying is free."""
    where = worlds.region([0, 0, 0, 0])
    made = worlds.make(where, worlds.plain(where, [0.0] * 4, worlds.people(200), {"moving": {"log_distance": 0.4}}))
    slots = np.flatnonzero(made.economy.state.site[0] >= 0)
    here = made.economy.state.site[0, slots]
    lost = 0.4 * np.log1p(made.world.distance[here])
    lost[np.arange(len(here)), here] = 0.0
    assert len(np.unique(lost.round(6))) > 4
    np.testing.assert_allclose(worlds.utilities(made, slots)[:, :-1], -lost, atol=1e-12)


def test_decay_weights_fall_by_e_over_the_decay():
    distance = np.array([[0.0, 15.0, 30.0], [15.0, 0.0, 7.5], [30.0, 7.5, 0.0]])
    found = choice_tables.decay_weights(distance, np.array([15.0]))[0]
    assert found.tolist() == [[round(math.exp(-km / 15.0) * arrays.W_ONE) for km in row] for row in distance]


def test_a_station_counts_from_its_opening_and_in_full_after_the_ramp():
    """Quarters since the opening, -1 for none: a tenth of 2.5 years at once, four tenths after a year."""
    p = SimpleNamespace(terms=SimpleNamespace(station=SimpleNamespace(beta=np.array([0.25]), ramp=np.array([2.5]))))
    world = SimpleNamespace(p=p, station_age=np.array([[[-1, 0, 3, 9, 100]]]),
                            keep=lambda name, parts, make: make(world, parts))
    found = terms.registry.get("station")(world, None, -1)
    np.testing.assert_allclose(found.ravel(), 0.25 * np.array([0.0, 0.1, 0.4, 1.0, 1.0]), rtol=1e-15)
