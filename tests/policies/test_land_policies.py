"""Land: closing is at once, building takes its time, and rents tell what red lines and scarcity cost."""

import numpy as np
import pytest

from sim.model import choice_tables
from tests.samples import worlds

START = worlds.date(2022, 1)
HERE = 2


def made(*policies, quarters=24, **overrides):
    where = worlds.region([0, 0, 1, 1, 2, 2])
    v = worlds.values(worlds.years(quarters), {"population": {"candidates": 600}, "moving": {"cost": 1.0},
                                               "base_year": {"constants": {}}}, overrides)
    return worlds.make(where, v, policies=policies)


def land_at(world, quarter):
    """Usable floor and capacity relative to the base year, and the share of the land that is open."""
    flat = np.zeros((1, world.sites))
    levers = choice_tables.levers_at(world, quarter, flat, flat + 1.0)
    return levers.land, levers.open_land


def land(policy, quarters=24):
    """(quarter,) land at the policy's site; elsewhere there is 1."""
    m = made(policy, quarters=quarters)
    found = np.array([np.broadcast_to(land_at(m.world, q)[0], (1, 6))[0] for q in range(quarters)])
    assert (np.delete(found, HERE, axis=1) == 1).all()
    return found[:, HERE]


@pytest.mark.parametrize(("instrument", "keys", "after"), [
    ("land_capacity", {"change": 0.5}, 1.5), ("floor_area_ratio", {"change": 0.25}, 1.25)])
def test_what_is_permitted_is_there_after_the_building_time(instrument, keys, after):
    policy = worlds.policy(instrument, sites=["site-2"], start=START, building_time=1.5, **keys)
    assert (land(policy) == np.where(np.arange(24) >= 4 + 6, after, 1.0)).all()


@pytest.mark.parametrize(("instrument", "keys"), [("land_capacity", {"change": -0.2}), ("red_line", {"share": 0.2})])
def test_what_is_closed_is_gone_at_once(instrument, keys):
    policy = worlds.policy(instrument, sites=["site-2"], start=START, **keys)
    assert (land(policy) == np.where(np.arange(24) >= 4, 0.8, 1.0)).all()


def test_t35_what_a_withdrawn_red_line_closed_is_used_again_after_the_building_time():
    policy = worlds.policy("red_line", sites=["site-2"], start=START, end=worlds.date(2023, 1), share=0.2,
                           building_time=2.0)
    quarter = np.arange(24)
    assert (land(policy) == np.where((quarter >= 4) & (quarter < 8 + 8), 0.8, 1.0)).all()


@pytest.mark.parametrize("opened", [-1, 0, 9])
def test_tod_builds_where_a_station_is_open_and_after_it_opened(opened):
    import dataclasses
    m = made(worlds.policy("tod", sites="all", start=START, bonus=0.3, building_time=0.5))
    age = np.full((1, 25, 6), -1)
    if opened >= 0:
        age[0, 1 + opened:, HERE] = np.arange(24 - opened)
    world = dataclasses.replace(m.world, station_age=age)
    found = np.array([np.broadcast_to(land_at(world, q)[0], (1, 6))[0] for q in range(24)])
    first = max(opened, 4) + 2 if opened >= 0 else 99
    assert (found[:, HERE] == np.where(np.arange(24) >= first, 1.3, 1.0)).all()
    assert (np.delete(found, HERE, axis=1) == 1).all()


def test_red_lines_multiply():
    lines = [worlds.policy("red_line", name=name, sites="all", start=START, share=share)
             for name, share in (("a", 0.5), ("b", 0.2))]
    found, left = land_at(made(*lines).world, 10)
    np.testing.assert_allclose([found, left], 0.4 * np.ones((2, 1, 6)), rtol=1e-15)


def premium(share, **terms):
    """Premium in the first quarter in force, and rents with and without the line, from one opening."""
    line = worlds.policy("red_line", sites=["site-2"], share=share, start=worlds.date(2021, 1))
    more = worlds.policy("land_capacity", sites=["site-2"], change=0.3, building_time=0.0, start=worlds.date(2021, 1))
    closed, free = (worlds.run(made(*p, **terms), 1)[0][0] for p in ([line, more], [more]))
    return closed.red_line_premium[0], closed.rent[0], free.rent[0]


@pytest.mark.parametrize("share", [0.1, 0.6])
@pytest.mark.parametrize("slack", [1.0, 1.5])
def test_the_premium_is_the_rent_over_the_rent_without_red_lines(share, slack):
    found, rent, free = premium(share, land={"slack": slack})
    np.testing.assert_allclose(found, rent / free - 1, rtol=1e-12, atol=1e-15)
    assert found[HERE] > 0.05 and (np.delete(found, HERE) == 0).all()


def test_without_red_lines_there_is_no_premium_at_all():
    assert all((info.red_line_premium == 0).all() for info in worlds.run(made(), 8)[0])


def test_unmet_demand_is_what_the_rise_of_rents_keeps_from_being_used():
    """E (1 - 1/r); with floor in use f = E / (E0 r), this is E0 f (r - 1)."""
    line = worlds.policy("red_line", sites=["site-2"], share=0.5, start=worlds.date(2021, 1))
    m = made(line)
    for info in worlds.run(m, 4)[0]:
        np.testing.assert_allclose(info.unmet_demand, m.fixed.base_spending * info.floor * (info.rent - 1),
                                   rtol=1e-12, atol=1e-12)
        assert info.unmet_demand[0, HERE] > 0


def test_with_frozen_rents_nothing_is_unmet():
    infos = worlds.run(made(land={"rents": "frozen"}), 2)[0]
    assert all((info.unmet_demand == 0).all() and (info.red_line_premium == 0).all() for info in infos)


# -- services, talent, ecology ------------------------------------------------------------------------

@pytest.mark.parametrize(("instrument", "keys"), [
    ("services", {"system": "business"}), ("talent", {}), ("ecology", {})])
def test_t35_an_index_rises_as_it_becomes_known_and_falls_when_it_is_withdrawn(instrument, keys):
    """Erlang(2, L): 1 - e^-x (1 + x), x = 2 t / L, in the middle of the quarter."""
    policy = worlds.policy(instrument, sites=["site-2"], start=START, end=worlds.date(2024, 1), change=0.4, lag=1.5,
                           **keys)
    m = made(policy)
    known = lambda quarters: 1 - np.exp(-x) * (1 + x) if (x := 2 * (quarters + 0.5) / 4 / 1.5) > 0 else 0.0   # noqa: E731
    for quarter in range(24):
        levers = choice_tables.levers_at(m.world, quarter, m.fixed.constant, np.ones((1, 6)))
        found = levers.services[0, 3] if instrument == "services" else getattr(levers, instrument)[0]
        expected = 1 + 0.4 * known(quarter - 4) * (1 - known(quarter - 12)) * (np.arange(6) == HERE)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        if instrument == "services":
            assert (np.delete(levers.services[0], 3, axis=0) == 1).all()
