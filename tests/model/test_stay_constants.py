"""Constants of the moving cost by site: entrants choose the base shares, movers keep them, or the run is refused.

Solver 1e-10 relative to those who choose; T51 is where the theorem stands, here that the uniform cost fails it.
"""

import copy
import functools

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.config import toml_file
from sim.model.base_year import SAMPLE
from sim.model.preflight import validation
from sim.model.step import step
from sim.region import load as region_files
from sim.scenario.load import load
from sim.verification import theorems
from tests.model import test_baseyear as uniform
from tests.samples import worlds

TOLERANCE = 1e-10
BY_SITE = {"moving": {"constants": "by site"}}
SETTINGS = {
    "defaults": {}, "flat": {"choice": {"dissimilarity": 1.0}}, "deep": {"choice": {"dissimilarity": 0.3}},
    "no outside": {"choice": {"outside": False}},
    "no churn": {"switches": {"churn": False}}, "no entry": {"entry": {"rate": 0.0}},
    "most stay out": {"entry": {"outside_share": 0.7}}, "restless": {"moving": {"rate": 0.02}},
    "settled": {"moving": {"rate": 0.002}}, "shares": {"peers": {"form": "linear"}},
    "family firms": {"spinoff": {"share": 0.9, "stay": 1.0}},
    "strong peers": {"terms": {"localisation": {"gamma": 2.0}}}, "uneven": {"population": {"spread": 0.3}}}


@functools.cache
def synthetic(name, sites=12, members=2):
    where = worlds.synthetic_region(sites, nests=3 if sites > 2 else 1)
    v = worlds.values({"population": {"candidates": 1500}}, SETTINGS[name], BY_SITE)
    return worlds.make(where, v, members=members)


def weights(made, m, site):
    """(chooser,) what an enterprise counts so that sites have their shares; those without any are left out."""
    share = made.base.shares[m]
    return share[site] / np.bincount(site, minlength=len(share))[site]


# -- the equations ----------------------------------------------------------------------------------

@pytest.mark.parametrize("name", SETTINGS)
def test_the_solver_reports_that_it_met_its_equations(name):
    made = synthetic(name)
    assert (made.base.residual < TOLERANCE).all()
    assert (made.base.cost >= 0.0).all()


@pytest.mark.parametrize("name", SETTINGS)
def test_entrants_choose_the_base_shares_and_the_given_part_stays_outside(name):
    made = synthetic(name)
    for m, coming in enumerate(uniform.entrants(made)):
        chosen = coming.mean(axis=0)
        np.testing.assert_allclose(chosen[:-1] / chosen[:-1].sum(), made.base.shares[m], rtol=0, atol=TOLERANCE)
        if name != "no outside":
            assert abs(chosen[-1] - uniform.one(made.world.p.entry.outside_share, m)) < TOLERANCE


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "uneven"])
def test_movers_keep_the_base_shares_and_their_number_is_the_target(name):
    made = synthetic(name)
    for m in range(made.world.members):
        p, site = uniform.reviews(made, m)
        weight, share = weights(made, m, site), made.base.shares[m]
        assert set(site) == set(range(made.world.sites))
        net = weight @ p[:, :-1] - share
        np.testing.assert_allclose(net, share * net.sum(), rtol=0, atol=TOLERANCE)
        leaving = uniform.renewed(made, m) * (1.0 - weight @ p[np.arange(len(site)), site])
        assert abs(leaving - (1 - (1 - uniform.one(made.world.p.moving.rate, m)) ** 0.25)) < TOLERANCE


def test_a_site_without_enterprises_has_a_constant_too():
    made = synthetic("uneven")
    empty = [np.bincount(site[site >= 0], minlength=12) == 0 for site in made.economy.state.site]
    assert np.any(empty)
    assert np.isfinite(made.base.cost).all()
    assert made.base.cost[np.array(empty)].min() > made.base.cost[~np.array(empty)].max() - 3.0     # as of the small


def test_the_smaller_a_site_the_dearer_to_leave():
    made = synthetic("flat")
    for share, cost in zip(made.base.shares, made.base.cost):
        assert np.corrcoef(np.log(share), cost)[0, 1] < -0.9


def test_the_real_region_is_solved():
    made = worlds.make(region_files.load("yrd-zone"), worlds.values(BY_SITE), members=2)
    assert (made.base.residual < TOLERANCE).all()
    assert (made.base.cost > 0.0).all()


def test_a_uniform_cost_is_the_same_at_every_site():
    cost = uniform.synthetic("defaults").base.cost
    assert (cost == cost[:, :1]).all()


def test_solutions_do_not_depend_on_how_many_entrants_there_are():
    """Entrants' constants follow from their chances alone, not from their number."""
    few, none = synthetic("defaults"), synthetic("no entry")
    np.testing.assert_allclose(few.base.constant, none.base.constant, atol=1e-7)
    assert SAMPLE > 0


# -- what is refused --------------------------------------------------------------------------------

@pytest.mark.parametrize("rate", [0.02, 0.06])
def test_more_moves_than_constants_of_at_least_0_allow_are_refused_with_both_keys(rate):
    """At 0.02 there are constants, some below 0; at 0.06 there are none at all."""
    where = worlds.region([0, 0, 0], weights=[8.0, 1.0, 1.0])
    v = worlds.values(worlds.people(300), {"moving": {"rate": rate}}, BY_SITE)
    with pytest.raises(InputError) as caught:
        worlds.make(where, v)
    said = str(caught.value)
    for words in ("moving.rate", 'moving.constants = "by site"', "site-", "lower moving.rate"):
        assert words in said
    assert said.count("\n") == 0


# -- the theorem ------------------------------------------------------------------------------------

def test_under_one_cost_for_all_sites_the_base_year_is_not_in_balance():
    """The negative control of T51: the very rows that hold by site fail."""
    entry = theorems.registry.get("T51")
    case = {**entry.cases["two classes, two nests"], "constants": "uniform", "runs": 40}
    failed = {row.what for row in entry(**case) if not row.holds}
    for what in ("shares of entrants", "shares after a review", "moves out less moves in",
                 "shares over 24 quarters of the mean field"):
        assert {f"class 1: {what}", f"class 2: {what}"} <= failed
    assert any("moves out of site" in what for what in failed)


# -- normalisations that may be given -----------------------------------------------------------------

def delta(*overrides, members=2):
    return worlds.make(region_files.load("yrd-zone"), worlds.values(*overrides), members=members)


def by_place(made, values):
    """jurisdiction -> sum of (site,) values."""
    of = made.world.region.sites["jurisdiction"].to_numpy()
    return {place: values[of == place].sum() for place in dict.fromkeys(of)}


def test_a_jurisdiction_gets_the_share_of_entrants_that_is_given_relative_to_its_stock():
    made = delta({"entry": {"share": {"qingpu": 1.25}}})
    for m, coming in enumerate(uniform.entrants(made)):
        chosen, stock = (by_place(made, each) for each in (coming.mean(axis=0)[:-1], made.base.shares[m]))
        ratio = {place: chosen[place] / sum(chosen.values()) / stock[place] for place in stock}
        assert ratio["qingpu"] / ratio["wujiang"] == pytest.approx(1.25, abs=1e-9)
        assert ratio["jiashan"] / ratio["wujiang"] == pytest.approx(1.0, abs=1e-9)


def test_net_moves_of_a_jurisdiction_are_those_that_are_given():
    made = delta({"moving": {"net": {"qingpu": 0.003}}})
    for m in range(2):
        chances, site = uniform.reviews(made, m)
        weight = weights(made, m, site) * uniform.renewed(made, m)
        net = (weight[:, None] * chances)[:, :-1].sum(axis=0) - np.bincount(site, weights=weight,
                                                                            minlength=made.world.sites)
        net -= made.base.shares[m] * net.sum()                        # what leaves the region is lost in proportion
        found, stock = by_place(made, net), by_place(made, made.base.shares[m])
        reviewing = (site >= 0).sum() / (made.economy.state.site[m] >= 0).sum()
        assert found["qingpu"] * reviewing / stock["qingpu"] == pytest.approx(0.25 * 0.003, rel=1e-3)


@pytest.mark.parametrize("settings, key", [
    ({"entry": {"share": {"qingpu": 1.2}}, "moving": {"constants": "uniform"}}, "entry.share"),
    ({"moving": {"net": {"qingpu": 0.01}, "cost": 2.0}}, "moving.net"),
    ({"moving": {"net": {"qingpu": 0.01}, "constants": "errors kept"}}, "moving.net")])
def test_what_a_form_of_the_base_year_cannot_meet_is_refused(tmp_path, settings, key):
    lines = [f'{section}.{name} = {toml_file.format_value(value)}' for section, table in settings.items()
             for name, value in table.items()]
    path = tmp_path / "x.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=f"x.toml:.*{key}: .*moving.constants"):
        validation.region_of(load(str(path)))


# -- errors kept instead of costs paid ------------------------------------------------------------------

@pytest.fixture(scope="module")
def free():
    return delta({"moving": {"constants": "errors kept"}})


def test_without_costs_as_many_move_as_get_new_errors_and_choose_another_place(free):
    assert (free.base.cost == 0.0).all()
    for m in range(2):
        chances, site = uniform.reviews(free, m)
        stays = chances[np.arange(len(site)), site[site >= 0]]
        moved = (weights(free, m, site) * (1.0 - stays)).sum() * uniform.renewed(free, m)
        reviewing = len(site) / (free.economy.state.site[m] >= 0).sum()
        assert moved * reviewing == pytest.approx(1 - 0.99 ** 0.25, rel=1e-6)


def test_without_costs_entrants_and_movers_choose_the_same_places(free):
    """Detailed balance holds at any share of kept errors: nobody's chances depend on where he stands."""
    for m in range(2):
        chances, site = uniform.reviews(free, m)
        where = np.array([chances[site == j].mean(axis=0)[:-1] for j in np.unique(site)])
        mean = free.base.shares[m] @ where            # of the whole stock, because places differ in kinds
        mean /= mean.sum()
        assert np.abs(np.log(mean / free.base.shares[m])).max() < 0.15          # tastes of who stands there
        assert np.abs(mean - free.base.shares[m]).max() < 0.01


def test_without_costs_nobody_who_keeps_his_errors_leaves_before_something_changes():
    """Who stands at a small place stands there by errors that few have: who stayed as well as who came."""
    made = delta({"moving": {"constants": "errors kept"}, "peers": {"counts": "frozen"}, "land": {"rents": "frozen"},
                  "choice": {"review": 0.9}})
    unchanged = made.fixed._replace(rules=made.fixed.rules._replace(keep=np.ones(1)))
    _, info = step(made.world, unchanged, copy.deepcopy(made.economy), 0)
    reviewing = (1 - 0.1 ** 0.25) * info.enterprises.sum()
    assert info.events.flows.sum() < 0.004 * reviewing


def test_more_moves_than_reviews_are_refused_without_costs():
    with pytest.raises(InputError, match="choice.review"):
        delta({"moving": {"constants": "errors kept", "rate": 0.24}})
