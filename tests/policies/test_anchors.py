"""Anchors appear once, stay while their policy lasts, weigh what they are given, and leave with it."""

import numpy as np
import pytest

from sim.base import random_streams
from sim.kernels import arrays
from sim.model import assemble, initialise
from sim.model.ensemble import Member
from sim.model.processes import anchors
from sim.model.step import step
from tests.samples import worlds

QUARTERS = 20
HEAD = dict(industry="industry-1", hq_type="regional", employees=5000.0, sites=["site-2"], name="head",
            start=worlds.date(2022, 1))
DEADLY = {"exit": {"headquarters_factor": 8.0}, "choice": {"review": 0.9}, "entry": {"rate": 0.5}}
CHILDLESS = {"spinoff": {"share": 0.0}}
STILL = {"land": {"rents": "frozen"}, "growth": {"density": 0.0}, **CHILDLESS}


def anchor(**keys):
    return worlds.policy("anchor", **{**HEAD, **keys})


def made(*overrides, policies=(), members=1):
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3)
    given = {"population": {"candidates": 300}, "moving": {"cost": 1.0},
             "base_year": {"constants": {"site-0": 0.5, "site-2": -2.0}}}
    return worlds.make(where, worlds.values(worlds.years(QUARTERS), given, DEADLY, *overrides), policies=policies,
                       members=members)


def history(m, name="head"):
    """(quarter,) site of the anchor of the first member at each close, -1 while it is nowhere; once at most."""
    key, economy, found = random_streams.key_of(f"anchor {name}"), m.economy, []
    for quarter in range(QUARTERS):
        economy, _ = step(m.world, m.fixed, economy, quarter)
        here = economy.state.site[0][(economy.state.id[0] == key) & (economy.state.site[0] >= 0)]
        assert len(here) <= 1
        found.append(int(here[0]) if len(here) else -1)
    return np.array(found)


def test_it_stands_at_its_site_from_the_first_day_to_the_last_whatever_happens():
    found = history(made(policies=[anchor(end=worlds.date(2024, 4))]))
    assert (found == np.where((np.arange(QUARTERS) >= 4) & (np.arange(QUARTERS) < 13), 2, -1)).all()


def test_without_an_end_it_never_leaves():
    assert (history(made(policies=[anchor()]))[4:] == 2).all()


@pytest.mark.parametrize("end", [None, worlds.date(2024, 4)])
def test_its_arrival_is_one_entry_its_withdrawal_one_exit(end):
    m = made({"switches": {"churn": False}, "choice": {"review": 0.0}}, policies=[anchor(end=end)])
    events = [info.events for info in worlds.run(m, QUARTERS)[0]]
    entries, exits = (np.array([getattr(e, name)[0] for e in events]) for name in ("entries", "exits"))
    assert entries.sum() == 1 and entries[4, 2, 1, 3] == 1
    assert exits.sum() == (end is not None) and exits[13, 2, 1, 3] == (end is not None)


def test_t29_stocks_follow_from_flows_with_anchors():
    policies = [anchor(end=worlds.date(2024, 4), suppliers=30.0), anchor(name="b", chooses=True, suppliers=9.0),
                anchor(name="old", start=worlds.date(2015, 1), end=worlds.date(2023, 1))]
    m = made(policies=policies, members=2)
    before = worlds.enterprises(m)
    for info in worlds.run(m, QUARTERS)[0]:
        e = info.events
        moved = (e.flows[..., :-1].sum(axis=2) - e.flows.sum(axis=3)).transpose(0, 2, 1)
        assert (info.enterprises.sum(axis=3) == before.sum(axis=3) + (e.entries - e.exits).sum(axis=3) + moved).all()
        before = info.enterprises


def test_one_that_is_there_before_the_run_is_in_the_opening_stock_at_its_age():
    with_it, without = made(policies=[anchor(start=worlds.date(2015, 1))]), made()
    assert worlds.enterprises(with_it).sum() == worlds.enterprises(without).sum() + 1
    state = with_it.economy.state
    (slot,) = np.flatnonzero(state.anchor[0])
    assert state.born[0, slot] == -24 and state.site[0, slot] == 2


def test_the_base_year_is_solved_around_it():
    solved = {"base_year": {"constants": "solve"}, "moving": {"cost": "solve"}, "choice": {"review": 0.5},
              "exit": {"headquarters_factor": 0.5}, "entry": {"rate": 0.075}}
    plain, pulled = (made(solved, policies=p) for p in ([], [anchor(start=worlds.date(2015, 1), weight=100.0)]))
    assert pulled.base.residual.max() < 1e-10
    assert pulled.base.constant[0, 2] < plain.base.constant[0, 2] - 0.1          # its pull is no longer the site's own


def test_it_counts_as_its_weight_in_ordinary_enterprises():
    m = made({"switches": {"churn": False}, "choice": {"review": 0.0}}, policies=[anchor(weight=12.5)])
    before, after = m.economy.counts.copy(), worlds.run(m, 5)[1].counts
    assert after[0, 1, 2] - before[0, 1, 2] == 12.5 * arrays.WEIGHT_ONE
    assert (after != before).sum() == 1


def test_one_without_weight_and_floor_changes_nothing_for_anybody_else():
    infos, others = (worlds.run(made(STILL, policies=p), QUARTERS)[0] for p in ([anchor(weight=0.0)], []))
    for quarter, (info, other) in enumerate(zip(infos, others)):
        extra = info.enterprises - other.enterprises
        assert extra.sum() == (quarter >= 4) and extra[0, 2, 1, 3] == (quarter >= 4)


@pytest.mark.parametrize("own", [0.0, 0.25, 1.0])
def test_it_rents_what_it_does_not_build_itself(own):
    calm = {"switches": {"churn": False}, "choice": {"review": 0.0}}
    m, without = (made(calm, policies=p) for p in ([anchor(own_floor=own)], []))
    (*_, info), (*_, other) = (worlds.run(each, 6)[0] for each in (m, without))
    spent = [m.fixed.base_spending[0] * i.floor[0] * i.rent[0] for i in (info, other)]
    rented = (1 - own) * 5000 * 0.1 * 0.15                                       # floor share x cost per employee
    np.testing.assert_allclose(spent[0] - spent[1], rented * (np.arange(6) == 2), rtol=1e-6, atol=1e-9)


def test_one_that_chooses_is_a_candidate_like_any_other_and_moves():
    restless = {"choice": {"keep_errors": 0.0, "outside": False}, "moving": worlds.PLAIN["moving"]}
    where = history(made(restless, policies=[anchor(chooses=True)]))
    assert (where[:4] == -1).all() and len(set(where[4:])) > 1


def test_one_that_chooses_takes_the_better_site():
    best = {"base_year": {"constants": {"site-4": 40.0}}}
    assert (history(made(best, policies=[anchor(chooses=True)]))[4:] == 4).all()


def test_one_that_finds_nothing_does_not_come_back():
    far = {"base_year": {"constants": {f"site-{k}": -60.0 for k in range(6)}}}
    assert (history(made(far, policies=[anchor(chooses=True)])) == -1).all()


def test_one_that_chooses_is_withdrawn_from_wherever_it_is():
    best = {"base_year": {"constants": {"site-4": 40.0}}}
    found = history(made(best, policies=[anchor(chooses=True, end=worlds.date(2024, 4))]))
    assert (found[4:13] == 4).all() and (found[13:] == -1).all()


def came(m):
    """(quarter, industry) potential entrants that chose a site or declined, without the anchor."""
    return np.array([info.events.entries[0].sum(axis=(0, 2)) for info in worlds.run(m, QUARTERS)[0]])


def test_suppliers_come_in_their_industries_while_it_is_there():
    near = {"choice": {"outside": False}, **STILL}
    policy = anchor(suppliers=400.0, supplier_industries=["industry-0", "industry-2"], end=worlds.date(2024, 1))
    added = came(made(near, policies=[policy])) - came(made(near))
    assert (added[:4] == 0).all() and (added[12:] == 0).all()
    assert added[4, 1] == 1 and (added[5:12, 1] == 0).all()                       # the anchor itself
    total, mean = added[4:12, [0, 2]].sum(), 100.0 * 8
    assert abs(total - mean) < 4 * mean**0.5 and (added[4:12, [0, 2]] > 20).all()


def test_one_that_was_there_before_has_its_suppliers_among_those_who_come_anyway():
    policy = anchor(suppliers=400.0, start=worlds.date(2015, 1))
    near = {"choice": {"outside": False}, **CHILDLESS}
    assert (came(made(near, policies=[policy])) == came(made(near))).all()


def test_suppliers_move_no_draw_of_the_others():
    infos, others = (worlds.run(made(STILL, {"peers": {"counts": "frozen"}, "exit": {"headquarters_factor": 0.0},
                                             "choice": {"outside": False, "review": 0.0}},
                                     policies=[anchor(suppliers=n)]),
                                QUARTERS)[0] for n in (40.0, 0.0))
    assert all((info.enterprises >= other.enterprises).all() for info, other in zip(infos, others))
    assert infos[-1].enterprises.sum() > others[-1].enterprises.sum() + 100


def test_several_members_have_their_own_dates_and_weights():
    where = worlds.region([0, 0, 1], industries=3)
    calm = worlds.values(worlds.years(8), worlds.people(100), {"switches": {"churn": False}, "choice": {"review": 0.0},
                                                              "base_year": {"constants": {}}, "moving": {"cost": 0.0}})
    own = [(anchor(sites=["site-1"], start=worlds.date(2021, start), weight=weight),)
           for start, weight in ((1, 5.0), (7, 8.0))]
    world = assemble.build(where, [Member(calm, p, 0) for p in own])
    m = worlds.Made(world, *initialise.prepare(world))
    counts = [worlds.run(m, quarters)[1].counts[:, 1, 1] - m.economy.counts[:, 1, 1] for quarters in (1, 3)]
    assert counts[0].tolist() == [80, 0] and counts[1].tolist() == [80, 128]


def test_spin_off_multipliers_are_the_anchors_and_one_for_all_others():
    m = made(policies=[anchor(spinoff_multiplier=3.0), anchor(name="b", spinoff_multiplier=0.5)], members=2)
    assert anchors.spinoff_multiplier(m.world).tolist() == [[1.0, 3.0, 0.5]] * 2


@pytest.mark.parametrize("multiplier", [0.0, 1.0, 6.0])
def test_an_anchor_has_spin_offs_in_proportion_to_its_multiplier(multiplier):
    """Expected spin-offs a quarter: c multiplier (size / median)^psi."""
    few = {"entry": {"rate": 0.0}, "spinoff": {"rate": 0.004, "size_exponent": 0.5}}
    m = made(few, {"population": {"median_size": 50.0}, "growth": {"sd": 0.0, "density": 0.0}},
             policies=[anchor(spinoff_multiplier=multiplier)], members=40)
    key, economy = random_streams.key_of("anchor head"), m.economy
    children = 0
    for quarter in range(QUARTERS):
        economy, _ = step(m.world, m.fixed, economy, quarter)
        children += int(((economy.state.parent == key) & (economy.state.born == quarter)).sum())
    expected = 40 * (QUARTERS - 5) * 0.001 * multiplier * (5000.0 / 50.0) ** 0.5
    assert abs(children - expected) <= 4 * expected**0.5
