"""Regret, rank stability and the smallest policy, as theorems."""

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.base.errors import InputError
from sim.experiments.sensitivity import regret
from sim.experiments.threshold import bisection

NAMES = ["a", "b", "c"]


def test_identical_policies_have_no_regret_share_the_best_and_tie():
    values = np.tile(np.sin(np.arange(30.0)), (3, 1))
    rows, pairs = regret.table(NAMES, values), regret.stability(NAMES, values)
    assert (rows[["mean_regret", "max_regret"]] == 0.0).all(axis=None)
    assert rows["best_share"].sum() == pytest.approx(1.0) and rows["best_share"].nunique() == 1
    assert (rows["mean_rank"] == 2.0).all()
    assert (pairs["agreement"] == 1.0).all() and (pairs["tied"] == 1.0).all() and (pairs["reversed"] == 0.0).all()


def test_a_policy_that_dominates_is_never_regretted():
    base = np.sin(np.arange(30.0))
    rows = regret.table(NAMES, np.array([base, base + 2.0, base + 1.0])).set_index("scenario")
    assert rows.index[0] == "b" and rows.loc["b", "max_regret"] == 0.0 and rows.loc["b", "best_share"] == 1.0
    assert rows.loc["a", "mean_regret"] == pytest.approx(2.0) and rows.loc["c", "mean_rank"] == 2.0


def test_the_order_of_a_pair_is_counted_point_by_point():
    """b is 4 better at one point and 1 worse at three: first on average, behind at three in four."""
    pairs = regret.stability(["a", "b"], np.array([[0.0, 0.0, 0.0, 0.0], [4.0, -1.0, -1.0, -1.0]]))
    row = pairs.iloc[0]
    assert (row["scenario"], row["over"], row["agreement"], row["reversed"]) == ("b", "a", 0.25, 0.75)


# -- bisection --------------------------------------------------------------------------------------

NOISE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])


def test_bisection_finds_the_analytic_root():
    f = lambda x: np.tanh(2.0 * x) + x                                              # noqa: E731
    found = bisection.search(lambda x: f(x) + NOISE, 0.0, 1.0, 1.0, 1e-6)
    root = brentq(lambda x: f(x) - 1.0, 0.0, 1.0)
    assert found.value == pytest.approx(root, abs=1e-6) and found.below < root <= found.value + 1e-12
    assert found.monotone and found.crossings == 1
    assert found.low < found.value < found.high


def test_the_interval_is_where_the_ends_of_the_means_interval_cross():
    """For f(x) = x + noise the value is uncertain by the half-width of the mean's interval."""
    found = bisection.search(lambda x: x + NOISE, 0.0, 1.0, 0.6, 1e-6)
    half = 2.7764451 * NOISE.std(ddof=1) / np.sqrt(5)                                # t with 4 degrees of freedom
    np.testing.assert_allclose([found.low, found.high], [0.6 - half, 0.6 + half], atol=3e-6)


def test_every_value_is_run_once():
    asked = []
    bisection.search(lambda x: asked.append(x) or x + NOISE, 0.0, 1.0, 0.6, 1e-3)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(("target", "value"), [(-1.0, 0.0), (2.0, np.nan)])
def test_a_target_that_every_value_or_none_reaches(target, value):
    found = bisection.search(lambda x: x + NOISE, 0.0, 1.0, target, 1e-3)
    np.testing.assert_equal(found.value, value)
    assert len(found.seen) == bisection.GRID


def test_a_curve_that_falls_again_is_said_not_to_be_monotone():
    found = bisection.search(lambda x: np.sin(PEAK * x) + 0.0 * NOISE, 0.0, 1.0, 0.5, 1e-6)
    assert not found.monotone and found.crossings == 2
    assert found.value == pytest.approx(np.arcsin(0.5) / PEAK, abs=1e-6)


PEAK = np.pi


def test_whole_numbers_stay_whole():
    asked = []
    found = bisection.search(lambda x: asked.append(x) or x ** 2 + NOISE, 0, 40, 200.0, 1, whole=True)
    assert found.value == 15.0 and found.below == 14.0 and all(float(x).is_integer() for x in asked)


@pytest.mark.parametrize(("low", "high", "tolerance"), [(1.0, 0.0, 0.1), (0.0, 1.0, 0.0), (0.0, 1.0, 2.0),
                                                        (0.0, np.inf, 0.1)])
def test_a_range_that_is_none_is_refused(low, high, tolerance):
    with pytest.raises(InputError, match=f"--between: {low:g} (to|is not below) {high:g}"):
        bisection.refuse_bounds(low, high, tolerance)
    with pytest.raises(InputError, match="2026-01-01 (to|is not below) 2025-01-01"):
        bisection.refuse_bounds(low, high, tolerance, ("2026-01-01", "2025-01-01"))
