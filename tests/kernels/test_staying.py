"""Probabilities of staying with several tastes at a time are those of enterprises that have them."""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.choice.expected import expected_choices
from sim.kernels.choice.staying import staying
from tests.samples import worlds

HOME = len(arrays.LOADINGS) - len(arrays.HOMES)
TASTES = slice(arrays.TASTE_TAX, HOME)


@pytest.fixture(scope="module", params=["separate", "function"])
def made(request):
    sds = {name: {"sd": 0.8} for name in ("access_taste", "core_taste", "linkage_taste")}
    return worlds.lively({"switches": {"registration": request.param}, "terms": sds})


@pytest.mark.parametrize("draws", [1, 3, 16])
def test_staying_with_tastes_is_the_expected_choice_of_one_who_has_them(made, draws):
    offers, state = worlds.offers(made, 2), made.economy.state
    for m in range(made.world.members):
        slots = np.flatnonzero(state.site[m] >= 0)
        draw = np.random.default_rng(draws)
        tastes = draw.normal(size=(draws, HOME - arrays.TASTE_TAX, len(slots)))
        tastes[:, 0] = np.exp(tastes[:, 0])
        origin = draw.integers(0, len(arrays.HOMES) + 1, size=(draws, len(slots)))
        given = (made.economy.counts, offers, made.world.nests, made.fixed.peers, made.fixed.moving)
        found = staying(2, m, slots, tastes, origin, state, *given)
        for d in range(draws):
            having = copy.deepcopy(state)
            having.loading[m, slots, TASTES] = tastes[d].T
            having.loading[m, slots, HOME:] = origin[d][:, None] == np.arange(len(arrays.HOMES))
            chances = expected_choices(2, m, slots, having, *given)
            wanted = chances[np.arange(len(slots)), state.site[m, slots]]
            np.testing.assert_allclose(found[d], wanted, rtol=1e-11, atol=1e-14)
