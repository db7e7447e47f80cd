"""Tables of a quarter: those that are kept from the last one are those that would be made anew."""

import dataclasses

import numpy as np

from sim.model import choice_tables
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
