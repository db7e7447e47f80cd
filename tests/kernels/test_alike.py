"""Choices of groups of enterprises that are alike are those that each would make by itself."""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.choice.alike import are_alike, choose_alike
from sim.kernels.choice.choice import choose
from sim.kernels.choice.systematic_utility import base_utilities
from tests.oracles import naive
from tests.samples import worlds

ALL_AT_ONCE = {"revision": arrays.SIMULTANEOUS, "review": np.ones(1), "keep": np.zeros(1)}
SOME = {"revision": arrays.SIMULTANEOUS, "review": np.full(1, 0.4), "keep": np.full(1, 0.5)}
SLIM = {"choice": {"dissimilarity": 1.0, "outside": True}, "moving": {"cost": 1.5, "log_size": 0.0, "age": 0.0},
        "terms": {"localisation": {"gamma": 0.4}}, "peers": {"decay": 10.0}}


def slim(number, members=1, *overrides):
    """Several members at six sites, of whom one leaves the region dearer than another."""
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3)
    v = worlds.plain(where, [0.3, -0.5, 0.9, 0.0, 0.6, -0.2], worlds.years(12), worlds.people(number), SLIM, *overrides)
    return worlds.make(where, v, members=members)


def given(made, economy, **rules):
    offers = worlds.offers(made, 2)
    return [2, copy.deepcopy(economy.state), economy.counts.copy(), offers, made.world.nests, made.fixed.peers,
            made.fixed.moving, made.world.keys, made.fixed.rules._replace(**rules), worlds.no_events(made.world)]


def chosen(kernel, made, economy, rules):
    """State and Events after the kernel."""
    arguments = given(made, economy, **rules)
    kernel(*arguments)
    return [*arguments[1], *arguments[-1]]


def alike(made, **rules):
    _, state, _, offers, nests, _, moving, _, rules, _ = given(made, made.economy, **rules)
    return are_alike(state, offers, nests, moving, rules)


@pytest.mark.parametrize("rules", [ALL_AT_ONCE, SOME], ids=["everybody", "some"])
@pytest.mark.parametrize("twin", [choose, naive.choose], ids=["kernel", "naive twin"])
def test_groups_choose_as_their_members_would_one_by_one(rules, twin):
    """In the quarter's twin all have tastes of their own, under which nobody is one of a group."""
    made = slim(400 if twin is naive.choose else 3000, 2)
    economy = worlds.with_newcomers(made, 2)
    assert alike(made, **rules)
    found = chosen(choose_alike, made, economy, rules)
    assert all((a == b).all() for a, b in zip(found, chosen(twin, made, economy, rules), strict=True))
    assert sum(events.sum() for events in found[-5:]) > 20


def test_the_law_of_groups_is_the_logit():
    made = slim(20_000)
    state, slots = made.economy.state, np.flatnonzero(made.economy.state.site[0] >= 0)
    quarter, _, counts, offers, _, peers, moving, *_ = given(made, made.economy)
    v = base_utilities(quarter, 0, slots, state, counts, offers, peers, moving)
    chance = np.exp(v - v.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    after = chosen(choose_alike, made, made.economy, ALL_AT_ONCE)[arrays.State._fields.index("site")][0, slots]
    seen = np.bincount(np.where(after < 0, made.world.sites, after), minlength=made.world.sites + 1)
    square = ((seen - chance.sum(axis=0)) ** 2 / (chance * (1.0 - chance)).sum(axis=0)).sum()
    assert square < 24.3                     # 1 in 1000 of a chi-square of 7 is above, and these have 6 at most


@pytest.mark.parametrize("change", [
    {"choice": {"dissimilarity": 0.5}}, {"moving": {"log_size": 0.1}}, {"moving": {"age": 0.1}},
    {"terms": {"access_taste": {"sd": 0.5}}}])
def test_who_is_of_his_own_kind_chooses_by_himself(change):
    assert not alike(slim(100, 1, change), **ALL_AT_ONCE)


def test_who_sees_what_the_one_before_did_chooses_by_himself():
    assert not alike(slim(100), **{**ALL_AT_ONCE, "revision": arrays.SEQUENTIAL})
