"""Values at the edge of what is allowed stay within the numbers, or are refused before memory is taken."""

import dataclasses

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.model import assemble, opening_draws
from sim.model.ensemble import Member
from sim.model.preflight import memory_of_run
from sim.model.recorder import Recorder
from sim.region import load as region_files
from tests.samples import worlds

ZONE = region_files.load("yrd-zone")
MINE = worlds.region([0, 0, 1])


def allocation(*overrides, where=ZONE, replicates=20):
    world = assemble.build(where, [Member(worlds.values(*overrides), (), k) for k in range(replicates)])
    law = opening_draws.law_of(world)
    return np.array([opening_draws.allocated(law, world, m) for m in range(replicates)])


@pytest.mark.parametrize("own", [
    {"spread": 0.001}, {"headquarters": {"wujiang": 0.0, "jiashan": 0.0}},
    {"spread": 0.001, "headquarters": {"pudong": 0.0, "wujiang": 0.0}, "candidates": 1500}])
def test_a_site_has_about_half_a_candidate_at_least_and_an_empty_group_half_a_one_to_share(own):
    shares = allocation({"population": own})
    np.testing.assert_allclose(shares.sum(axis=(1, 2)), 1.0, rtol=1e-12)
    for g, (name, group) in enumerate(ZONE.stock.iterrows()):
        empty = own.get("headquarters", {}).get(name) == 0.0
        least = shares[:, g, ZONE.sites.index.isin(group["sites"])].min() * own.get("candidates", 5000)
        assert least > 0.45 / (len(group["sites"]) if empty else 1)


def test_the_floor_of_shares_leaves_the_groups_totals_alone():
    shares = allocation({"population": {"spread": 0.001}})
    wanted = ZONE.stock["headquarters"] / ZONE.stock["headquarters"].sum()
    np.testing.assert_allclose(shares.sum(axis=2), np.broadcast_to(wanted, shares.shape[:2]), rtol=1e-12)


def test_a_site_without_any_user_has_a_rent_all_the_same():
    alone = {"land": {"modelled_share": 1.0}, "population": {"spread": 0.001, "candidates": 200},
             "moving": {"constants": "uniform"}}
    where = worlds.region([0, 0, 0, 1])
    made = worlds.make(where, worlds.values(worlds.years(8), alone), members=4)
    assert (made.economy.employees == 0).any()
    infos, _ = worlds.run(made, 8)
    assert all(np.isfinite(info.rent).all() and (info.rent > 0).all() for info in infos)


def test_a_site_days_away_from_every_hub_is_hard_to_reach_but_not_out_of_the_numbers():
    far = dataclasses.replace(MINE, sites=MINE.sites.assign(lon=[-120.0, 10.0, 10.1]))
    values = worlds.values(worlds.years(1), worlds.people(400), {"access": {"decay": 1.0}})
    world = assemble.build(far, [Member(values, (), 0)])
    log_access = world.log_access_at(0)[0, 0]
    assert np.isfinite(log_access).all() and log_access[0] < -5000 < log_access[1]


def test_a_run_that_grows_out_of_the_integers_is_refused():
    made = worlds.make(MINE, worlds.values(worlds.years(150), worlds.people(400), {"growth": {"drift": 1.0}},
                                           {"population": {"largest": 1e11}}))
    with pytest.raises(InputError, match=r"growth\.sd: .* employees in 20\d\d-Q\d of replicate 0"):
        worlds.run(made, 150)


def test_the_estimate_of_memory_covers_the_arrays_of_a_run():
    values = worlds.values(worlds.years(20), {"run": {"replicates": 3}, "population": {"candidates": 3000}})
    made = worlds.make(MINE, values, members=3)
    _, economy = worlds.run(made, 20)
    taken = sum(a.nbytes for a in (*economy.state, *Recorder(made.world).arrays.values()))
    assert memory_of_run.BASE + taken < memory_of_run.bytes_needed(values, MINE) < 2 * (memory_of_run.BASE + taken)


def test_without_churn_nobody_is_expected():
    assert memory_of_run.slots(worlds.values({"switches": {"churn": False}, "entry": {"rate": 5.0}})) == 5000
