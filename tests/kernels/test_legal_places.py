"""What legal places are worth is what plain sums over all of them give."""

import numpy as np
import pytest

from sim.kernels.arrays import Awards, Places, Tables
from sim.kernels.choice import registration_value as worth
from sim.kernels.choice.crowd import crowd_for
from sim.kernels.numerics.compiler import compiled

SITES, AGE, TASTE, SIZE, SCALE = 11, 3.0, 1.3, 2.0, 0.4


@compiled
def price(tables, who, v):
    worth.price_places(0, tables, who)
    worth.add_places(0, tables, who, v)


def offers(places, seed=5):
    """Tables of one class to come and one that stays, with relief and awards at so many places."""
    draw, none = np.random.default_rng(seed), np.zeros((0, 0))
    relief, promised, home = np.zeros((2, SITES)), np.full((2, SITES), np.inf), draw.dirichlet(np.ones(SITES), SITES).T
    relief[0, :places] = draw.uniform(0.1, 1.0, places)
    promised[0, :places] = np.resize([20.0, 20.0, 8.0, np.inf], places)
    paid = np.zeros((1, 2, SITES))
    paid[0, 0, SITES - places:] = draw.uniform(0.5, 4.0, places)
    stay = np.zeros((2, 30, 3))
    stay[:, :, 0], stay[:, :, 1], stay[:, :, 2] = 0.1, 0.1 * np.arange(30), 10.0      # a rate of 0.1 a year at any age
    order = draw.permutation(SITES)
    return Tables(np.zeros(SITES), none, np.zeros((0, 0, 0)), np.zeros(0, np.int64), np.zeros(0, np.int64), none,
                  Awards(paid, np.zeros((1, 2)), np.zeros((1, 2))), 0.6, 0.01, promised, stay,
                  Places(1, home, none, SCALE, relief, order), 1, 1)


def chooser():
    """One enterprise that is registered nowhere, of the first class."""
    who, _ = crowd_for(1, SITES, 0)
    who.offered[0], who.staying[0], who.legal[0], who.spun[0], who.priced[0] = 0, 1, -1, 0, True
    who.years[0], who.held[0], who.taste[0], who.log_size[0], who.research[0] = AGE, 0.0, TASTE, SIZE, 1.0
    return who


@pytest.mark.parametrize("places", [0, 1, 4, 5, 11])
def test_every_place_weighs_by_its_relief_of_its_own_duration_and_by_what_it_pays(places):
    tables, v = offers(places), np.zeros((1, 16))
    price(tables, chooser(), v)
    w = TASTE * tables.places.relief[0] * (1.0 - np.exp(-0.1 * 0.25 * tables.benefit_quarters[0])) \
        + tables.grant_beta * np.log1p(tables.awards.amount[0, 0] / (tables.cost_per_employee * np.exp(SIZE)))
    expected = SCALE * np.log((tables.places.home * np.exp(w / SCALE)[:, None]).sum(axis=0))
    assert np.allclose(v[0, :SITES], expected, rtol=1e-13, atol=1e-14)
    assert not v[0, SITES:].any()
    assert (v[0, :SITES] > 0.1).all() or places < 2
