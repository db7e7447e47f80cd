"""T29: nobody is lost, nobody is in two places, caps hold, in every quarter; T27: survival is the hazards'.

Identities are exact in whole numbers and hold to 1e-12 otherwise.
"""

import numpy as np
import pytest

from tests.samples import worlds

QUARTERS = 16
SLACK = 1.1
LAND = dict(instrument="land_capacity", start=worlds.date(2022, 1))
POLICIES = [worlds.policy(**LAND, change=0.4, sites=["site-1"], building_time=0.5),
            worlds.policy(**LAND, change=-0.3, sites=["site-4"], building_time=0.0),
            worlds.policy("grant", amount=20.0, sites=["site-2"]),
            worlds.policy("tax_rate", rate=10.0, sites=["site-3"], movers=True, end=worlds.date(2023, 1))]
LIVELY = {"population": {"candidates": 1000}, "moving": {"rate": 0.04}, "land": {"slack": SLACK},
          "growth": {"drift": 0.2}, "entry": {"rate": 0.2}}


@pytest.fixture(scope="module")
def story():
    """Opening stocks and infos of 16 lively quarters of two members."""
    where = worlds.synthetic_region(8, nests=3)
    made = worlds.make(where, worlds.values(worlds.years(QUARTERS), LIVELY), members=2, policies=POLICIES)
    enterprises = worlds.enterprises(made)
    return made, [enterprises, *worlds.run(made, QUARTERS)[0]]


def pairs(story):
    """(enterprises before, info) of every quarter."""
    made, (opening, *infos) = story
    return zip([opening, *(info.enterprises for info in infos)], infos)


def test_the_quarters_have_every_kind_of_event(story):
    events = [info.events for info in story[1][1:]]
    for name in ("entries", "exits", "declined", "flows"):
        assert sum(getattr(e, name).sum() for e in events) > 20
    assert sum(e.flows[..., -1].sum() for e in events) > 0


def test_t29_nobody_is_lost(story):
    for before, info in pairs(story):
        e, total = info.events, lambda cube: cube.reshape(2, -1).sum(axis=1)
        assert (total(info.enterprises) == total(before) + total(e.entries) - total(e.exits)
                - total(e.flows[..., -1])).all()


def test_t29_employees_are_those_of_the_enterprises(story):
    made, (_, *infos) = story
    state = worlds.run(made, QUARTERS)[1].state
    for m in range(2):
        alive = state.site[m] >= 0
        size = np.floor(1024 * np.exp(state.log_size[m][alive]) + 0.5)
        found = np.bincount(state.site[m][alive], weights=size, minlength=8)
        assert (abs(found - infos[-1].employees[m]) <= 1).all()                    # the rounding of exp


def capacity(quarter):
    """Usable floor relative to the base year, (site,)."""
    land = np.ones(8)
    land[4] = 0.7 if quarter >= 4 else 1.0
    land[1] = 1.4 if quarter >= 6 else 1.0
    return land


def test_t29_floor_in_use_never_exceeds_the_cap(story):
    filled = 0
    for quarter, info in enumerate(story[1][1:]):
        assert (info.floor <= SLACK * capacity(quarter) * (1 + 1e-12)).all()
        filled += np.isclose(info.floor, SLACK * capacity(quarter), rtol=1e-12).sum()
    assert filled > 10


def test_t29_rents_clear_the_floor_market(story):
    for quarter, info in enumerate(story[1][1:]):
        land, eta = capacity(quarter), story[0].world.p.land.elasticity
        supply = np.minimum(SLACK * land, land * info.rent ** eta)
        np.testing.assert_allclose(info.floor, supply, rtol=1e-12)
