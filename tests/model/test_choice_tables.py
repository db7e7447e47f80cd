"""Tables of a quarter: those that are kept from the last one are those that would be made anew."""

import dataclasses

import numpy as np

from sim.model import assemble, choice_tables
from sim.model.ensemble import Member
from sim.region import network
from tests.samples import worlds

QUARTERS = 12
POLICIES = [worlds.policy("tax_rate", rate=10.0, sites=["site-1"], start=worlds.date(2021, 7),
                          end=worlds.date(2022, 7)),
            worlds.policy("regime_exposure", exposure="ftz", sites=["site-2"], start=worlds.date(2022, 1))]


def tables(world, fixed, quarter):
    rent = np.linspace(0.9, 1.1 + 0.01 * quarter, world.members * world.sites).reshape(world.members, world.sites)
    levers = choice_tables.levers_at(world, quarter, fixed.constant, rent)
    return choice_tables.choice_tables(world, levers, quarter)


def test_tables_that_are_kept_are_those_made_anew():
    made = worlds.make(worlds.synthetic_region(8, nests=3), worlds.values(worlds.years(QUARTERS)), members=2,
                       policies=POLICIES)
    kept = [tables(made.world, made.fixed, quarter) for quarter in range(QUARTERS)]
    for quarter, found in enumerate(kept):
        anew = tables(dataclasses.replace(made.world), made.fixed, quarter)
        for name in ("site", "by_class", "personal", "benefit_quarters", "stay"):
            assert (getattr(found, name) == getattr(anew, name)).all(), (quarter, name)
        assert np.array_equal(found.places.relief, anew.places.relief)
    assert kept[4].personal is kept[3].personal or kept[4].by_class is kept[3].by_class
    assert not all((each.personal == kept[0].personal).all() for each in kept)


def test_what_is_perceived_in_all_quarters_at_once_is_what_is_in_each():
    lags = {"lag": 0.7, "announced": worlds.date(2021, 4)}
    there = [(name, kind, section.model_copy(update=lags)) for name, kind, section in POLICIES]
    world = worlds.make(worlds.synthetic_region(8, nests=3), worlds.values(worlds.years(QUARTERS)), members=2,
                        policies=there).world
    for number, policy in enumerate(world.policies):
        for quarter in range(-1, QUARTERS):
            alone = choice_tables.intensity(policy, world.calendar, quarter)
            assert (choice_tables._intensities(world, ())[number][quarter + 1] == alone).all()


def test_ensembles_of_a_region_share_their_timetable(monkeypatch):
    made, where, values = [], worlds.synthetic_region(8, nests=3), worlds.values(worlds.years(QUARTERS))
    timetable = network.timetable
    monkeypatch.setattr(network, "timetable", lambda *given: made.append(given) or timetable(*given))
    for delays in ({}, {}, {where.links["line"].iloc[0]: 3}):
        late = values.model_copy(update={"access": values.access.model_copy(update={"delays": delays})})
        assemble.build(where, [Member(late, (), replicate) for replicate in range(2)])
    assert len(made) == 2
