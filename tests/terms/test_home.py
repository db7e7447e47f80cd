"""Home bias: who comes from a place prefers it, and the opening stock has come from somewhere."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from sim import terms
from sim.kernels import arrays
from sim.model import choice_tables
from sim.region.opening_stock import AT_HOME, ORIGINS
from tests.samples import worlds

BETA = 1.2
SHARES = {"local": 0.3, "shanghai": 0.2, "delta": 0.1, "china": 0.25, "foreign": 0.15}
BIASED = {"terms": {"home": {"beta": BETA}}, "population": {"origin_shares": SHARES}}


def region(homes=(["local"], ["shanghai", "delta"], [])):
    """Three sites, each a jurisdiction, and whose homes they are."""
    made = worlds.region([0, 0, 0])
    return dataclasses.replace(made, jurisdictions=made.jurisdictions.assign(home=list(homes)))


def opened(*overrides, where=None, candidates=3000):
    v = worlds.plain(region() if where is None else where, [0.3, 0.0, -0.2], worlds.people(candidates), *overrides)
    return worlds.make(region() if where is None else where, v)


def alive(made):
    return np.flatnonzero(made.economy.state.site[0] >= 0)


def test_loadings_of_homes_are_the_first_origins():
    assert arrays.HOMES == tuple(f"home_{origin}" for origin in AT_HOME)
    assert ORIGINS[:len(AT_HOME)] == AT_HOME


def test_coming_from_a_place_multiplies_its_odds_by_the_bias():
    """Plain logit: for each origin the odds of a home against a site that is nobody's, over those of who has none."""
    made = opened(BIASED)
    slots, state = alive(made), made.economy.state
    odds = worlds.expected(made, slots=slots)[:, :2] / worlds.expected(made, slots=slots)[:, [2]]
    home = np.array([[1, 0], [0, 1], [0, 1], [0, 0], [0, 0]])[state.origin[0, slots]]
    assert odds == pytest.approx(np.exp([0.5, 0.2] + BETA * home))


def test_origins_of_the_stock_are_those_of_enterprises_that_chose_the_place():
    """P(o | j) is proportional to P(o) P(j | o); chi-square over sites and origins."""
    made = opened(BIASED)
    state, slots = made.economy.state, alive(made)
    u = np.array([0.3, 0.0, -0.2]) + BETA * np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]])
    chosen = np.exp(u) / np.exp(u).sum(axis=1, keepdims=True) * np.array(list(SHARES.values()))[:, None]
    law = chosen / chosen.sum(axis=0)
    for site in range(3):
        seen = np.bincount(state.origin[0, slots[state.site[0, slots] == site]], minlength=5)
        assert stats.chisquare(seen, seen.sum() * law[:, site]).pvalue > 1e-3


def test_homes_of_the_stock_are_its_origins():
    made = opened(BIASED)
    state = made.economy.state
    homes = state.loading[0][:, [arrays.LOADINGS.index(name) for name in arrays.HOMES]]
    assert (homes == (state.origin[0][:, None] == np.arange(3))).all()


def test_a_region_without_homes_has_no_such_table():
    made = opened(BIASED, where=region([[], [], []]))
    assert len(terms.registry.get("home")(made.world, None, 0)) == 0
    levers = choice_tables.levers_at(made.world, 0, made.fixed.constant, np.ones((1, 3)))
    assert not set(arrays.HOMES) & {arrays.LOADINGS[k] for k in
                                    choice_tables.choice_tables(made.world, levers, 0).loading_of}
