"""What must not matter does not, bit for bit: labels, order, company, threads and empty policies."""

import copy
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import worlds
from worlds import FROZEN, NESTS, PEERS, frozen

from sim.kernels import layout

FULL = {"population": {"candidates": 400, "spread": 20.0}, "moving": {"cost": 1.5},
        "base_year": {"constants": {"site-1": 0.8, "site-2": 0.4, "site-5": -0.6}}}
TAX = worlds.policy("tax_rate", rate=5.0, years=1.0, sites=["site-3"], movers=True, name="first")
ALL_ON = {"terms": {"tax": {"beta": 0.1}, "grant": {"beta": 1.0}},
          "choice": {"review": 0.8, "keep_errors": 0.3}}


def full(*overrides, policies=(TAX,), where=None, members=1):
    """Everything switched on: churn, peers, rents, nests, a policy."""
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3) if where is None else where
    return worlds.make(where, worlds.values(worlds.years(12), FULL, ALL_ON, *overrides), policies=policies,
                       members=members)


def same(left, right):
    """Whether two runs leave the same behind, bit for bit."""
    (infos, economy), (others, other) = left, right
    alive = economy.state.site >= 0
    return (all(np.array_equal(a, b) for x, y in zip(infos, others) for a, b in zip(arrays(x), arrays(y)))
            and np.array_equal(alive, other.state.site >= 0)
            and all(np.array_equal(a[alive], b[alive]) for a, b in zip(economy.state, other.state)))


def arrays(info):
    return [*info[:-1], *info.events]


def stocks_and_rents(infos, member=slice(None)):
    """What the members had in every quarter, as arrays to compare."""
    return [np.stack([getattr(info, name)[member] for info in infos]) for name in ("enterprises", "rent")]


# -- labels and order -------------------------------------------------------------------------------

def test_t05_relabelling_sites_permutes_the_output():
    order = np.array([4, 0, 5, 2, 1, 3])
    made = full()
    infos, others = (worlds.run(m, 12)[0] for m in (made, permuted(made, order)))
    for info, other in zip(infos, others):
        assert (other.enterprises == info.enterprises[:, order]).all()
        assert (other.headquarters == info.headquarters[:, order]).all()
        assert (other.employees == info.employees[:, order]).all()
        assert (other.rent == info.rent[:, order]).all()
        assert (other.events.flows == info.events.flows[:, :, order][..., [*order, 6]]).all()


def permuted(made, order):
    """The same opening with rows of sites (and of nests) in another order."""
    region = made.world.region
    where = dataclasses.replace(region, sites=region.sites.iloc[order], nests=region.nests.iloc[::-1])
    other = full(where=where)
    assert (other.world.keys.site[:-1] == made.world.keys.site[order]).all()
    site = made.economy.state.site
    moved = np.where(site >= 0, np.argsort(order)[site], site).astype(np.int32)
    registered = np.argsort(order)[made.economy.state.legal].astype(np.int32)
    state = copy.deepcopy(made.economy.state)._replace(site=moved, legal=registered)
    economy = made.economy._replace(state=state, counts=made.economy.counts[..., order],
                                    employees=made.economy.employees[:, order],
                                    log_density=made.economy.log_density[:, order])
    fixed = other.fixed._replace(base_spending=made.fixed.base_spending[:, order],
                                 background=made.fixed.background[:, order])
    return other._replace(fixed=fixed, economy=economy)


def shuffled(economy, order):
    return economy._replace(state=layout.State(*(array[:, order].copy() for array in economy.state)))


@pytest.mark.parametrize("revision", ["sequential", "simultaneous", "one"])
def test_the_order_of_slots_does_not_matter(revision):
    made = full({"switches": {"revision": revision, "churn": False}, "moving": {"cost": 0.3}})
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
    assert same(worlds.run(made, 3), worlds.run(other, 3))


def test_the_order_of_enterprises_matters_with_live_peers():
    made = frozen(*NESTS["nests"], PEERS, {"peers": {"counts": "live"}})
    keys = made.world.keys._replace(order=made.world.keys.order + np.uint64(1))
    other = made._replace(world=dataclasses.replace(made.world, keys=keys))
    assert not same(worlds.run(made, 3), worlds.run(other, 3))


def test_with_frozen_peers_one_after_another_is_all_at_once():
    made = frozen(*NESTS["nests"], PEERS)
    rules = made.fixed.rules._replace(revision=layout.SIMULTANEOUS)
    assert same(worlds.run(made, 3), worlds.run(made._replace(fixed=made.fixed._replace(rules=rules)), 3))


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


def test_threads_move_no_draw():
    made = full(members=2)
    serial = worlds.run(made, 12)
    with ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda _: worlds.run(made, 12), range(8)))
    assert all(same(serial, thread) for thread in threads)


def test_an_absent_enterprise_changes_nobody_elses_choice():
    made = frozen(*NESTS["nests"], PEERS, {"choice": {"keep_errors": 0.5}})
    state = copy.deepcopy(made.economy.state)
    state.site[:, ::7] = layout.EMPTY
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


# -- empty policies ---------------------------------------------------------------------------------

NOTHING = {"tax_rate": {"rate": 25.0, "years": 40.0, "movers": True, "incumbents": True},
           "recognition": {"amount": 0.0, "revenue": {"growth": 10.0}},
           "fiscal_sharing": {"matrix": {"district-0": {"district-0": 1.0}}}, "joint_fund": {"share": 0.0},
           "grant": {"amount": 0.0}, "regime_exposure": {"exposure": "ftz", "level": 0.0},
           "land_capacity": {"change": 0.0}, "floor_area_ratio": {"change": 0.0}, "tod": {"bonus": 0.0},
           "red_line": {"share": 0.0}, "services": {"system": "talent", "change": 0.0}, "talent": {"change": 0.0},
           "ecology": {"change": 0.0}, "alliance": {"industries": ["industry-0"], "share": 0.0},
           "platform": {"reduction": 0.0}, "talent_spillover": {"hub": "station-0", "change": 0.0},
           "enclave": {"partner": "site-0", "reduction": 0.0, "share": 0.0},
           "express_road": {"stops": ["site-2", "site-4"], "speed": 1.0},
           "transit_link": {"line": "x", "stops": ["station-0", "station-3"], "speed": 1.0}}
SOMETHING = {"tax_rate": {"rate": 0.0, "movers": True}, "grant": {"amount": 50.0},
             "recognition": {"amount": 50.0, "revenue": {"growth": 10.0, "regional": 10.0}},
             "regime_exposure": {"exposure": "bundle"},
             "land_capacity": {"change": 1.0, "building_time": 0.0}, "floor_area_ratio": {"change": 1.0, "building_time": 0.0},
             "tod": {"bonus": 1.0, "building_time": 0.0}, "red_line": {"share": 0.5}, "talent": {"change": 1.0},
             "services": {"system": "finance", "change": 1.0}, "ecology": {"change": 1.0},
             "alliance": {"industries": ["industry-0", "industry-1"], "share": 0.5},
             "anchor": {"industry": "industry-1", "employees": 500.0}, "enclave": {"partner": "site-0"},
             "express_road": {"stops": ["site-2", "site-4"], "speed": 150.0},
             "talent_spillover": {"hub": "station-0", "change": 2.0}, "platform": {"reduction": 0.9},
             "transit_link": {"line": "x", "stops": ["site-4", "station-0"], "speed": 500.0, "headway": 1.0}}


@pytest.fixture(scope="module")
def without():
    return worlds.run(full(), 12)


@pytest.mark.parametrize("instrument", NOTHING)
def test_t37_a_policy_of_size_nothing_is_no_policy(without, instrument):
    empty = worlds.policy(instrument, sites="all", **NOTHING[instrument])
    assert same(worlds.run(full(policies=[TAX, empty]), 12), without)


@pytest.mark.parametrize("instrument", SOMETHING)
def test_t37_a_policy_that_starts_after_the_horizon_is_no_policy(without, instrument):
    late = worlds.policy(instrument, sites="all", start=worlds.date(2024, 1), **SOMETHING[instrument])
    assert same(worlds.run(full(policies=[TAX, late]), 12), without)


@pytest.mark.parametrize("instrument", sorted(set(SOMETHING) - {"tod", "platform"}))   # no station here, no second site
def test_t37_the_same_policy_in_force_is_one(without, instrument):
    there = worlds.policy(instrument, sites=["site-2"], start=worlds.date(2021, 1), **SOMETHING[instrument])
    assert not same(worlds.run(full(policies=[TAX, there]), 12), without)
