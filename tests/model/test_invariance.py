"""What must not matter does not, bit for bit: order, company, threads. Labels and empty policies: T05 and T37."""

import copy
import dataclasses
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from sim.kernels import arrays
from sim.model.step import step
from sim.verification.theorems.everything import ALL_ON, FULL, TAX, differing, full
from tests.samples import worlds
from tests.samples.worlds import FROZEN, NESTS, PEERS, frozen


def stocks_and_rents(infos, member=slice(None)):
    """What the members had in every quarter, as arrays to compare."""
    return [np.stack([getattr(info, name)[member] for info in infos]) for name in ("enterprises", "rent")]


# -- order ------------------------------------------------------------------------------------------

def shuffled(economy, order):
    return economy._replace(state=arrays.State(*(array[:, order].copy() for array in economy.state)))


@pytest.mark.parametrize("revision", ["sequential", "simultaneous", "one"])
def test_the_order_of_slots_does_not_matter(revision):
    made = full({"switches": {"revision": revision, "churn": False}, "moving": {"cost": -3.0}})   # many move
    order = np.random.default_rng(2).permutation(400)
    (stocks, rents), others = (stocks_and_rents(worlds.run(m, 12)[0]) for m in (
        made, made._replace(economy=shuffled(made.economy, order))))
    assert (stocks == others[0]).all()
    assert (rents == others[1]).all()
    assert (stocks[0] != stocks[-1]).any()


@pytest.mark.parametrize(("nests", "length"), NESTS.values(), ids=NESTS)
def test_the_order_of_enterprises_does_not_matter_with_frozen_peers(nests, length):
    made = frozen(nests, length, PEERS)
    keys = made.world.keys._replace(order=made.world.keys.order + np.uint64(1))
    other = made._replace(world=dataclasses.replace(made.world, keys=keys))
    assert differing(worlds.run(made, 3), worlds.run(other, 3)) == 0


def test_the_order_of_enterprises_matters_with_live_peers():
    made = frozen(*NESTS["nests"], PEERS, {"peers": {"counts": "live"}})
    keys = made.world.keys._replace(order=made.world.keys.order + np.uint64(1))
    other = made._replace(world=dataclasses.replace(made.world, keys=keys))
    assert differing(worlds.run(made, 3), worlds.run(other, 3))


def test_with_frozen_peers_one_after_another_is_all_at_once():
    made = frozen(*NESTS["nests"], PEERS)
    rules = made.fixed.rules._replace(revision=arrays.SIMULTANEOUS)
    assert differing(worlds.run(made, 3), worlds.run(made._replace(fixed=made.fixed._replace(rules=rules)), 3)) == 0


# -- company ----------------------------------------------------------------------------------------

def test_a_member_does_not_know_its_ensemble():
    together = worlds.run(full(members=3), 12)[0]
    for k in range(3):
        alone = worlds.run(full(members=[k]), 12)[0]
        assert all(map(np.array_equal, stocks_and_rents(together, [k]), stocks_and_rents(alone)))


UNLIKE = [{"choice": {"dissimilarity": 0.4}, "peers": {"decay": 8.0}, "moving": {"cost": 0.5}},
          {"choice": {"review": 0.3}, "terms": {"rent": {"beta": 1.5}, "tax": {"beta": 0.3}},
           "exit": {"headquarters_factor": 2.0}},
          {"land": {"elasticity": 0.1, "slack": 1.0}, "entry": {"rate": 0.5, "trend": 0.1},
           "growth": {"drift": 0.3}, "population": {"median_size": 300.0}, "access": {"decay": 0.05},
           "exit": {"size_elasticity": 0.5}}]


def test_unlike_members_side_by_side_are_what_they_are_alone():
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3)
    scenarios = [worlds.values(worlds.years(12), FULL, ALL_ON, own) for own in UNLIKE]
    together = worlds.run(worlds.make(where, *scenarios, policies=[TAX]), 12)[0]
    for k, scenario in enumerate(scenarios):
        alone = worlds.run(worlds.make(where, scenario, policies=[TAX]), 12)[0]
        assert all(map(np.array_equal, stocks_and_rents(together, [k]), stocks_and_rents(alone)))


def test_runs_from_one_opening_share_nothing_that_they_write():
    made = full(members=2)
    before = pickle.dumps(made.fixed)
    worlds.run(made, 12)
    assert pickle.dumps(made.fixed) == before


def test_threads_move_no_draw():
    made = full(members=2)
    serial = worlds.run(made, 12)
    with ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda _: worlds.run(made, 12), range(8)))
    assert all(differing(serial, thread) == 0 for thread in threads)


@pytest.mark.parametrize("handed_on", [lambda economy: economy._replace(workspace=None), copy.deepcopy],
                         ids=["none", "a copy"])
def test_a_workspace_remembers_nothing(handed_on):
    made = full(members=2)
    economy, expected = (copy.deepcopy(made.economy) for _ in range(2))
    for quarter in range(12):
        economy, _ = step(made.world, made.fixed, handed_on(economy), quarter)
        expected, _ = step(made.world, made.fixed, expected, quarter)
    assert all(map(np.array_equal, economy.state, expected.state))
    assert (expected.state.arrived > 0).any()


def test_an_absent_enterprise_changes_nobody_elses_choice():
    made = frozen(*NESTS["nests"], PEERS, {"choice": {"keep_errors": 0.5}})
    state = copy.deepcopy(made.economy.state)
    state.site[:, ::7] = arrays.EMPTY
    _, economy = worlds.run(made, 5)
    _, without = worlds.run(made._replace(economy=made.economy._replace(state=state)), 5)
    others = np.arange(4000) % 7 > 0
    assert (economy.state.site[:, others] == without.state.site[:, others]).all()


def test_a_site_that_nobody_takes_moves_no_draw():
    given = {"site-1": 0.8, "site-3": -0.4}
    where = worlds.region([0, 0, 1, 1])
    row = where.sites.iloc[[2]].rename(index={"site-2": "a-new-site"})
    wider = dataclasses.replace(where, sites=pd.concat([row, where.sites]))
    common = [worlds.years(8), FULL, FROZEN, {"peers": {"counts": "live"}}]
    few, many = (worlds.make(region, worlds.values(*common, {"base_year": {"constants": constants}}))
                 for region, constants in ((where, given), (wider, given | {"a-new-site": -900.0})))
    for info, other in zip(worlds.run(few, 8)[0], worlds.run(many, 8)[0]):
        assert (other.enterprises[:, 1:] == info.enterprises).all()
        assert other.enterprises[:, 0].sum() == 0


@pytest.mark.parametrize("amount", [0.0, 500.0])
def test_policies_change_where_entrants_go_but_never_who_could_have_come(amount):
    alone = {"spinoff": {"share": 0.0}}
    made = full(alone, policies=[worlds.policy("grant", amount=amount, sites=["site-2"])])
    coming, without = ([info.events for info in worlds.run(m, 12)[0]]
                       for m in (made, full(alone, policies=[])))
    assert [e.entries.sum() + e.declined.sum() for e in coming] == [
        e.entries.sum() + e.declined.sum() for e in without]
