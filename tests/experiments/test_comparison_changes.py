"""What an effect is made of, in headquarters, money, welfare and time, from small arrays whose answers are known."""

import dataclasses

import numpy as np
import pytest

from sim.base.errors import CorruptError
from sim.experiments.compare import costs, decomposition, feedback, fiscal, leakage, persistence, welfare
from tests.samples import comparisons

RNG = np.random.default_rng(5)


# -- what a change is made of -------------------------------------------------------------------------

def story(members=3):
    """Levels whose stocks follow from random flows of three sites."""
    flow = {name: RNG.integers(0, 5, (members, 3, 3)).cumsum(axis=1) for name in ("entries", "exits", "growth")}
    flow["growth"] -= RNG.integers(0, 9, flow["growth"].shape)
    flow["spinoffs"] = flow["entries"] // 2
    moves = RNG.integers(0, 4, (members, 3, 3, 4)).cumsum(axis=1)
    for each in (*flow.values(), moves):
        each[:, 0] = 0
    moved = moves[..., :-1].sum(axis=2) - moves.sum(axis=3)
    stock = 100 + flow["entries"] - flow["exits"] + flow["growth"] + moved
    return comparisons.levels(headquarters=comparisons.cube(stock), headquarters_moves=moves,
                              **{f"headquarters_{name}": values for name, values in flow.items()})


def changes(here, there):
    """Parts of the zone's headquarters in two runs, and of the effect."""
    return decomposition.differences(*(decomposition.whole(levels, "headquarters", here.zone)
                                       for levels in (here, there)))


def test_parts_sum_to_the_effect_in_every_member():
    here, there = story(), story()
    found = changes(here, there)
    total = found.pop(("total", ""))[2]
    assert (sum(each[2] for each in found.values()) == total).all()
    zone = [each["headquarters"][:, :, :2].sum(axis=(2, 3, 4)) for each in (here, there)]
    assert (total == zone[0] - zone[1]).all()


def test_moves_within_the_place_net_out():
    there = story()
    moves = there["headquarters_moves"].copy()
    moves[:, 1:, 0, 1] += 7                                  # both sites are in the zone
    stock = there["headquarters"].copy()
    stock[:, 1:, 0] -= 7
    stock[:, 1:, 1] += 7
    here = comparisons.with_arrays(there, headquarters_moves=moves, headquarters=stock)
    found = changes(here, there)
    assert all((each[2] == 0).all() for each in found.values())


def test_flows_that_do_not_add_up_are_a_corrupt_file():
    here = story()
    harmed = comparisons.with_arrays(here, headquarters_exits=here["headquarters_exits"] + 1)
    with pytest.raises(CorruptError, match="do not add up"):
        changes(harmed, here)


def test_what_the_zone_gains_comes_from_somewhere():
    here, there = story(40), story(40)
    gained = here["headquarters"] + np.array([9, 9, -4])[:, None, None]
    here = comparisons.with_arrays(here, headquarters=gained, enterprises=gained)
    there = comparisons.with_arrays(there, enterprises=there["headquarters"])
    table = leakage.table([("s", here, there)], [0.2])
    for _, of in table.groupby("measure"):
        assert of["share"].sum() == pytest.approx(1.0)
        assert of["mean"].sum() == pytest.approx(of["gain"].iloc[0])


def test_diversion_and_rivalness_are_two_numbers_by_their_definitions():
    """A logit zone of share s that gains g: the others lose rho g (1 - s)/(1 - rho s) of it, D; rho comes back."""
    s, rho = 0.25, 0.8
    diversion = rho * (1 - s) / (1 - rho * s)
    there = comparisons.levels(**{name: comparisons.cube(np.tile([1500.0, 1000.0, 7500.0], (4, 3, 1)))
                                  for name in ("headquarters", "enterprises")})
    gained = there["headquarters"] + comparisons.cube([60.0, 40.0, -100.0 * diversion])
    here = comparisons.with_arrays(there, headquarters=gained, enterprises=gained)
    table = leakage.table([("s", here, there)], [0.2])
    assert table["diversion"].to_numpy() == pytest.approx(diversion) and diversion == pytest.approx(0.75)
    assert table["rivalness"].to_numpy() == pytest.approx(rho)


# -- money, welfare, dynamics ------------------------------------------------------------------------------

def accounts(members=20):
    return dict(cost=RNG.integers(0, 10 ** 9, (members, 2, 4)), paid=RNG.integers(0, 10 ** 8, (members, 2)),
                taxes=RNG.integers(0, 10 ** 9, (members, 2)), taxes_all=RNG.integers(0, 10 ** 9, members),
                transfers=RNG.integers(0, 10 ** 7, (members, 3, 3)))


def test_transfers_move_money_and_make_none():
    given = accounts()
    given["transfers"][:, 2] = given["transfers"][:, :, 2] = 0                  # nothing through the fund
    found = fiscal.accounts(comparisons.levels(**given))
    assert found["transfers"].sum(axis=1) == pytest.approx(0.0, abs=1e-6)
    assert found["after"] == pytest.approx(found["before"] + found["transfers"])


def test_cost_per_headquarters():
    there = comparisons.with_arrays(story(20), **accounts())
    here = comparisons.with_arrays(there, headquarters=there["headquarters"] + 2, cost=there["cost"] + 10 ** 6)
    table = costs.table([("s", here, there)], {}, {}).set_index("per")
    assert table.loc["net_zone", "headquarters"] == 4.0
    assert table.loc["net_zone", "cost_per"] == pytest.approx(8 / 4)         # 8 cells of a million each
    assert table.loc["net_delta", "cost_per"] == pytest.approx(8 / 6)


def test_the_surplus_counts_every_potential_entrant():
    asked = np.array([[0, 10, 20, 30, 40]])
    change = np.array([[np.nan, np.nan, 0.5, np.nan, 0.25]])
    surplus, last = welfare._surplus(asked, change)
    assert surplus[0] == 30 * 0.5 + 70 * 0.25
    assert last[0] == 0.25


def test_tipping_counts_measured_members_only():
    r_dyn = np.array([[0.9, np.nan, 1.1], [0.9, np.nan, 0.8], [np.nan] * 3, [np.nan] * 3])
    path = np.array([[50, 90, 120], [50, 100, 99], [50, 60, 70], [50, 60, 70]])
    given = comparisons.levels(r_dyn=r_dyn, zone_headquarters=path)
    given.attrs["critical_mass"] = 100.0
    row = feedback.tipping({"s": given}).iloc[0]
    assert (row["tipping"], row["measured"], row["reached"], row["years"]) == (0.5, 2, 0.5, 0.375)


def test_what_lasts():
    there = comparisons.with_arrays(story(30), enterprises=story(30)["headquarters"])
    gain = np.array([0, 8, 2])[:, None, None, None]
    here = comparisons.with_arrays(there, **{name: there[name] + gain for name in ("headquarters", "enterprises")})
    table = persistence.table([("s", here, there)], {"s": "2021-Q4"}).set_index("measure")
    columns = ["effect_at_withdrawal", "effect_at_end", "persistence", "years_after"]
    assert table.loc["headquarters", columns].tolist() == [16.0, 4.0, 0.25, 1.0]


def test_without_feedback_what_lasts_is_what_survives():
    """3.5 % of exits a year leave 0.70 after ten years; nothing is said of a run that records no exits."""
    labels = tuple(f"{year}-Q4" for year in range(2030, 2041))
    exits = comparisons.cube(np.tile(35.0 * np.arange(11)[None, :, None], (4, 1, 3)))
    stock = comparisons.cube(np.full((4, 11, 3), 1000.0))
    levels = dataclasses.replace(comparisons.levels(enterprises=stock, exits=exits), quarters=labels)
    assert persistence.survival(levels, "enterprises", 0) == pytest.approx(np.exp(-0.35))
    assert np.exp(-0.35) == pytest.approx(0.70, abs=0.01)
    assert persistence.survival(levels, "enterprises", 10) == 1.0
    assert np.isnan(persistence.survival(comparisons.levels(headquarters=stock), "headquarters", 0))
