"""Platforms, express roads and enclaves: peers of other sites count as if they were nearer."""

import copy
import dataclasses
import math

import numpy as np
import pytest

from sim import policies
from sim.kernels import arrays
from sim.model import choice_tables
from tests.oracles import naive
from tests.samples import worlds
from tests.terms.test_signs import chances, state_of

HERE, THERE, ELSEWHERE = 2, 4, 0
START = worlds.date(2022, 1)
NEARER = {"platform": {"reduction": 0.6, "sites": ["site-2", "site-4"]},
          "enclave": {"partner": "site-4", "reduction": 0.6, "sites": ["site-2"]},
          "express_road": {"stops": ["site-2", "site-4"], "speed": 120.0}}
LEVEL = {"terms": {"access_taste": {"sd": 0.0}}, "peers": {"decay": 40.0}}


def made(*given, quarters=24, members=None):
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    common = {"population": {"candidates": 200}, "moving": {"cost": 1.0}, "base_year": {"constants": {}},
              "entry": {"rate": 1.0}}
    scenarios = [worlds.values(worlds.years(quarters), common, LEVEL, own) for own in (members or [{}])]
    return worlds.make(where, *scenarios, policies=given)


def policy(instrument, **keys):
    return worlds.policy(instrument, start=START, **{**NEARER[instrument], **keys})


def levers(m, quarter):
    flat = np.zeros((1, m.world.sites))
    return choice_tables.levers_at(m.world, quarter, flat, flat + 1.0)


def at(m, quarter):
    """The same with the peers of a quarter."""
    peers = choice_tables.peers_at(m.world, levers(m, quarter), m.fixed.peers)
    return m._replace(fixed=m.fixed._replace(peers=peers))


def left(m, quarter):
    """(site, site) distance that peers feel, relative to the map's."""
    return np.broadcast_to(levers(m, quarter).distance, (m.world.members, 6, 6))[0]


# -- signs ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("instrument", NEARER)
def test_everybody_sees_more_peers_at_the_sites_and_nowhere_else(instrument):
    """Log-odds within the nest: only utilities of the two sites rise."""
    m = made(policy(instrument))
    before, after = (worlds.base_utilities_of(at(m, quarter)) for quarter in (0, 20))
    gain = after - before
    assert (gain[:, [HERE, THERE]] > 0).all() and policies.registry.get(instrument).sign == +1
    assert (np.delete(gain, [HERE, THERE], axis=1) == 0).all()


@pytest.mark.parametrize("instrument", NEARER)
def test_the_sites_draw_those_of_other_places(instrument):
    m = made(policy(instrument))
    m = m._replace(economy=worlds.with_newcomers(m, 0))
    change = chances(at(m, 20)) - chances(at(m, 0))
    there = np.isin(state_of(m).site, [HERE, THERE])
    assert (change[~there] > 0).all()


def test_one_site_alone_is_not_joined_with_anything():
    m = made(worlds.policy("platform", sites=["site-2"], reduction=0.9))
    assert (left(m, 20) == 1).all() and (at(m, 20).fixed.peers.w == m.fixed.peers.w).all()


# -- weights --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("instrument", NEARER)
def test_weights_are_those_of_the_shortened_distance_pair_by_pair(instrument):
    m = made(policy(instrument), members=[{"peers": {"decay": 15.0}}, {"peers": {"decay": 40.0}}])
    share = left(m, 20)
    assert share[HERE, THERE] == share[THERE, HERE] < 1 and (share > 0).all()
    assert ((share == 1) | (np.add.outer(np.arange(6), np.arange(6)) == HERE + THERE)).all()
    for n, decay in enumerate((15.0, 40.0)):
        for j in range(6):
            for k in range(6):
                weight = math.exp(-float(m.world.distance[j, k]) * float(share[j, k]) / decay)
                assert abs(int(at(m, 20).fixed.peers.w[n, j, k]) - weight * arrays.W_ONE) <= 0.5 + 1e-6


def test_a_platform_leaves_what_its_reduction_says_and_several_multiply():
    both = made(policy("platform"), worlds.policy("platform", name="second", sites="all", reduction=0.5))
    found = left(both, 20)
    assert math.isclose(found[HERE, THERE], 0.4 * 0.5) and math.isclose(found[ELSEWHERE, HERE], 0.5)


def test_a_reduction_of_one_makes_the_sites_one_place_to_peers():
    w = at(made(policy("platform", reduction=1.0)), 20).fixed.peers.w
    assert w[0, HERE, THERE] == arrays.W_ONE


@pytest.mark.parametrize("speed", [1.0, 30.0, 90.0])
def test_a_road_shortens_in_proportion_to_minutes_and_never_lengthens(speed):
    """Between neighbours 1.3 d / v over the minutes of the region's rule, by segments of 8, 17 and 35 km."""
    m = made(policy("express_road", speed=speed))
    km = 1.3 * float(m.world.distance[HERE, THERE])
    usual = sum(60 * min(max(km - a, 0), b - a) / v for a, b, v in
                ((0, 8, 35), (8, 25, 55), (25, 60, 75), (60, 1e9, 95)))
    assert math.isclose(left(m, 20)[HERE, THERE], min(1.0, 60 * km / speed / usual), rel_tol=1e-12)


def test_a_road_joins_places_that_are_no_neighbours_by_way_of_others():
    m = made(policy("express_road", stops=["site-2", "site-0", "site-4"], speed=200.0))
    km, found = m.world.distance, left(m, 20)
    direct = left(made(policy("express_road", stops=["site-2", "site-4"], speed=200.0)), 20)[HERE, THERE]
    by_way = direct * (km[HERE, 0] + km[0, THERE]) / km[HERE, THERE]
    assert math.isclose(found[HERE, THERE], min(1.0, by_way), rel_tol=1e-12)


# -- time -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("instrument", NEARER)
def test_t35_distance_shrinks_as_it_becomes_known_and_grows_again_when_withdrawn(instrument):
    """Erlang(2, L): 1 - e^-x (1 + x), x = 2 t / L, in the middle of the quarter."""
    m = made(policy(instrument, lag=1.5, end=worlds.date(2024, 1)))
    whole = left(made(policy(instrument)), 20)[HERE, THERE]
    for quarter in range(24):
        known = [1 - math.exp(-x) * (1 + x) if (x := 2 * (q + 0.5) / 4 / 1.5) > 0 else 0.0
                 for q in (quarter - 4, quarter - 12)]
        expected = 1 - (1 - whole) * known[0] * (1 - known[1])
        assert math.isclose(left(m, quarter)[HERE, THERE], expected, rel_tol=1e-12)


def test_before_the_start_and_long_after_the_end_the_bits_are_the_same():
    m = made(policy("platform", lag=0.0, end=worlds.date(2023, 1)))
    for quarter in (0, 3, 8, 20):
        assert (at(m, quarter).fixed.peers.w == m.fixed.peers.w).all()


# -- kernels ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("instrument", ["platform"])
def test_choices_on_shortened_distances_equal_the_naive_twins(instrument):
    """Live updates included: peers are counted enterprise by enterprise in the twin."""
    m = at(made(policy(instrument), members=[{"terms": {"localisation": {"gamma": 3.0}}}, {}]), 20)
    economy, events = worlds.with_newcomers(m, 20), worlds.no_events(m.world)
    state = copy.deepcopy(economy.state)
    rules = m.fixed.rules._replace(review=np.ones(1), keep=np.zeros(1))
    naive.choose(20, state, economy.counts.copy(), worlds.offers(m, 20), m.world.nests, m.fixed.peers,
                 m.fixed.moving, m.world.keys, rules, events)
    found, counted, _ = worlds.chosen(m, economy, 20, review=np.ones(1), keep=np.zeros(1))
    assert all((a == b).all() for a, b in zip([*found, *counted], [*state, *events]))
    assert counted.flows.sum() > 10


# -- an enclave's status --------------------------------------------------------------------------------------

def recorded(levels, *given):
    """The world with recorded statuses {(regime, site): level}."""
    m = made(*given)
    statuses = {name: level.copy() for name, level in m.world.statuses.items()}
    for (regime, site), level in levels.items():
        statuses[regime][:, site] = level
    return m._replace(world=dataclasses.replace(m.world, statuses=statuses))


@pytest.mark.parametrize(("own", "expected"), [(0.0, 0.2), (0.1, 0.2), (0.7, 0.7)])
def test_an_enclave_lifts_to_its_share_of_the_partners_status(own, expected):
    m = recorded({("ftz", THERE): 0.8, ("ftz", HERE): own}, policy("enclave", share=0.25))
    found = np.broadcast_to(levers(m, 20).regimes["ftz"], (1, 6))[0]
    np.testing.assert_allclose(found, [0, 0, expected, 0, 0.8, 0], rtol=1e-12)
    assert (levers(m, 3).regimes["ftz"] == m.world.statuses["ftz"][4]).all()


def test_an_enclave_with_a_place_that_has_no_status_gives_none():
    assert all((level == 0).all() for level in levers(made(policy("enclave", share=1.0)), 20).regimes.values())


# -- free trade accounts and bundles -----------------------------------------------------------------------------

def exposure(name, level, **keys):
    return worlds.policy("regime_exposure", name=name, exposure=name, level=level, sites=["site-2"], **keys)


@pytest.mark.parametrize("order", [("ftz", "accounts"), ("accounts", "ftz")])
def test_opening_up_and_accounts_are_a_full_status_together_in_any_order(order):
    level = {"ftz": 0.8, "accounts": 0.2}
    found = levers(made(*(exposure(name, level[name]) for name in order)), 20).status("ftz")
    np.testing.assert_allclose(found[0], [0, 0, 1, 0, 0, 0], rtol=1e-15)


@pytest.mark.parametrize("full", [0.9, 1.0])
def test_accounts_never_lift_a_status_above_a_full_one(full):
    m = recorded({("ftz", HERE): full}, exposure("accounts", 0.5))
    assert levers(m, 20).status("ftz")[0, HERE] == 1.0


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_bundle_takes_the_place_of_recorded_components_as_far_as_it_goes(level):
    m = recorded({("ftz", HERE): 0.5, ("scitech", HERE): 0.3, ("scitech", THERE): 1.0}, exposure("bundle", level))
    found = levers(m, 20)
    np.testing.assert_allclose(found.status("ftz")[0, HERE], 0.5 * (1 - level), rtol=1e-15)
    np.testing.assert_allclose(found.status("scitech")[0, [HERE, THERE]], [0.3 * (1 - level), 1.0], rtol=1e-15)


# -- talent from a city --------------------------------------------------------------------------------

def test_talent_spills_over_by_minutes_to_the_hub():
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    hub = list(where.hubs.index)[1]
    m = made(worlds.policy("talent_spillover", sites=["site-1", "site-2"], hub=hub, change=0.5, reach=60.0,
                           start=START))
    minutes = m.world.minutes_at(10)[0, :, 1]
    for site, found in enumerate(levers(m, 10).talent[0]):
        expected = 1 + 0.5 * math.exp(-minutes[site] / 60) if site in (1, 2) else 1.0
        assert math.isclose(found, expected, rel_tol=1e-12)
    assert (levers(m, 3).talent == 1).all()


def test_a_new_line_to_the_city_brings_more_of_its_talent():
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    hub = where.hubs.index[0]
    talent = worlds.policy("talent_spillover", sites=["site-2"], hub=hub, change=0.5)
    line = worlds.policy("transit_link", line="new", stops=["site-2", hub], speed=400.0, headway=1.0, start=START)
    m = made(talent, line)
    before, after = (levers(m, quarter).talent[0] for quarter in (3, 4))
    assert after[HERE] > before[HERE] > 1 and (np.delete(after - before, HERE) == 0).all()


# -- what it costs --------------------------------------------------------------------------------

def units(m, quarter):
    """(site,) units that the first policy spends in a quarter."""
    (policy, *_) = m.world.dated(quarter)
    return np.broadcast_to(policies.registry.get(policy.instrument).spends(policy, m.world, 1.0), (1, 6))[0]


def test_a_road_is_paid_once_by_its_places_for_every_stretch_once():
    m = made(policy("express_road", stops=["site-2", "site-0", "site-4", "site-0"]))
    km = m.world.distance[2, 0] + m.world.distance[0, 4]
    np.testing.assert_allclose(units(m, 4), km / 3 * np.isin(np.arange(6), [0, 2, 4]), rtol=1e-12)
    assert all((units(m, quarter) == 0).all() for quarter in (3, 5, 12))


@pytest.mark.parametrize(("instrument", "where", "size"), [("platform", [2, 4], 0.6), ("enclave", [2], 0.6)])
def test_platforms_and_enclaves_are_paid_by_the_year_while_they_last(instrument, where, size):
    m = made(policy(instrument, end=worlds.date(2023, 1)))
    np.testing.assert_allclose(units(m, 5), 0.25 * size * np.isin(np.arange(6), where), rtol=1e-12)
    assert (units(m, 3) == 0).all() and (units(m, 8) == 0).all()
