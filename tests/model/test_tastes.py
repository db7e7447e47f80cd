"""Tastes for access and rings: normal, or uniform as in Arthur's case, where nobody's taste is without bound."""

import numpy as np
import pytest
from scipy import stats

from sim.kernels import arrays
from tests.samples import worlds

ROOT3 = 3.0 ** 0.5
TASTES = [arrays.LOADINGS.index(name) for name in ("taste_access", "taste_core", "taste_linkage")]
LAWS = {"normal": stats.norm(), "uniform": stats.uniform(-ROOT3, 2.0 * ROOT3)}


def state_of(law, *overrides):
    where, people = worlds.region([0, 0]), {"population": {"candidates": 4000, "taste_law": law}}
    return worlds.make(where, worlds.values(people, *overrides)).economy.state


@pytest.fixture(scope="module")
def states():
    """Of worlds in which tastes matter to nobody, so that where one stands tells nothing of them."""
    nothing = {name: {"sd": 0.0} for name in ("access_taste", "core_taste", "linkage_taste")}
    return {law: state_of(law, {"terms": nothing | {"tax": {"taste_sd": 0.0}}}) for law in LAWS}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("column", TASTES)
def test_tastes_follow_their_law_with_mean_nothing_and_deviation_one(states, law, column):
    drawn = states[law].loading[0, :, column]
    assert stats.kstest(drawn, LAWS[law].cdf).pvalue > 1e-3
    assert (LAWS[law].mean(), LAWS[law].std()) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0))


def test_uniform_tastes_are_bounded_and_of_the_same_order_as_normal_ones(states):
    normal, uniform = (states[law].loading[0][:, TASTES] for law in ("normal", "uniform"))
    assert np.abs(uniform).max() < ROOT3 < np.abs(normal).max()
    assert (np.argsort(normal, axis=0) == np.argsort(uniform, axis=0)).all()


def test_uniform_tastes_stay_so_given_the_place():
    tastes = state_of("uniform", {"terms": {"access_taste": {"sd": 2.0}}}).loading[0][:, TASTES]
    assert np.abs(tastes).max() < ROOT3


def test_the_law_of_tastes_changes_nothing_else(states):
    normal, uniform = states["normal"], states["uniform"]
    others = [k for k in range(len(arrays.LOADINGS)) if k not in TASTES]
    assert (normal.loading[..., others] == uniform.loading[..., others]).all()
    for name in ("id", "site", "industry", "log_size", "born"):
        assert (getattr(normal, name) == getattr(uniform, name)).all()
