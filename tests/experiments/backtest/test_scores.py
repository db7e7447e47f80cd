"""Scoring rules are what their definitions say."""

import numpy as np
import pytest
from scipy import integrate, stats

from sim.experiments.backtest import predictive, scores
from sim.experiments.backtest.predictive import Mixture
from sim.experiments.backtest.scored import clustered, error_of


def by_integration(law, y, top):
    """CRPS as an integral of (F(x) - 1[x >= y])^2 over the line, F a step function."""
    total = 0.0
    for left in range(-1, top):
        for low, high in ((left, min(max(y, left), left + 1)), (min(max(y, left), left + 1), left + 1)):
            part, _error = integrate.quad(lambda x: (law(np.floor(x)) - (x >= y)) ** 2, low + 1e-12, high - 1e-12) \
                if high > low else (0.0, 0.0)
            total += part
    return total


@pytest.mark.parametrize("y", [0, 3, 9, 30])
def test_crps_of_a_count_is_the_integral_of_its_definition(y):
    law = stats.nbinom(4, 0.4)
    p = law.pmf(np.arange(120))
    assert scores.crps(p, y) == pytest.approx(by_integration(law.cdf, y, 120), abs=1e-6)


def test_crps_of_a_point_is_the_distance():
    p = np.zeros(8)
    p[5] = 1.0
    assert [scores.crps(p, y) for y in (5, 2, 11)] == [0.0, 3.0, 6.0]


def test_crps_of_an_empirical_law_is_that_of_its_sample():
    """E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, equation 21)."""
    draw = np.random.default_rng(3)
    sample = draw.poisson(6.0, 40)
    p = np.bincount(sample, minlength=30) / len(sample)
    pairs = np.abs(sample[:, None] - sample[None, :]).mean()
    for y in (0, 6, 25):
        assert scores.crps(p, y) == pytest.approx(np.abs(sample - y).mean() - pairs / 2)


def test_no_forecast_has_a_better_expected_score_than_the_truth():
    truth, values = stats.poisson(7).pmf(np.arange(60)), np.arange(40)
    for rule in (scores.crps, scores.log_score):
        expected = lambda p: sum(truth[y] * rule(p, y) for y in values)                # noqa: E731, B023
        others = [stats.poisson(mean).pmf(np.arange(60)) for mean in (5, 6, 8, 9)]
        others.append(stats.nbinom(7, 0.5).pmf(np.arange(60)))
        assert all(expected(truth) < expected(other) for other in others)


def test_the_log_score_is_the_surprise_and_never_infinite():
    p = np.array([0.25, 0.75])
    assert scores.log_score(p, 0) == pytest.approx(np.log(4.0))
    assert np.isfinite(scores.log_score(p, 7))


def test_the_randomised_transform_of_a_true_forecast_is_uniform():
    draw, p = np.random.default_rng(5), stats.poisson(2).pmf(np.arange(30))
    u = [scores.pit(p, y, v) for y, v in zip(draw.poisson(2, 4000), draw.random(4000), strict=True)]
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert scores.covered(u, 0.9).mean() == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 4000))


@pytest.mark.parametrize("events", [True, False])
def test_a_mixture_has_the_mean_and_variance_that_it_says(events):
    mixture = Mixture(np.array([0.3, 0.7]), np.array([20.0, 35.0]), np.array([30.0, 50.0]), events)
    p = predictive.pmf(mixture)
    k = np.arange(len(p))
    assert p.sum() == pytest.approx(1.0)
    assert p @ k == pytest.approx(mixture.expected, abs=1e-3)
    assert p @ (k - p @ k) ** 2 == pytest.approx(mixture.spread ** 2, rel=5e-3)


def test_events_without_extra_variance_are_poisson():
    p = predictive.pmf(predictive.single(6.0, 6.0, True))
    np.testing.assert_allclose(p[:-1], stats.poisson(6.0).pmf(np.arange(len(p) - 1)), atol=1e-12)


def test_quantiles_are_the_smallest_numbers_that_reach_a_level():
    mixture = predictive.single(9.0, 20.0, True)
    law = stats.nbinom(81 / 11, 9 / 20)
    assert predictive.quantiles(mixture, (0.05, 0.5, 0.95)).tolist() == law.ppf((0.05, 0.5, 0.95)).tolist()


def test_clustered_errors_are_those_of_group_means_when_groups_are_equal():
    draw = np.random.default_rng(7)
    gap = draw.normal(size=(12, 5)) + draw.normal(size=(12, 1))
    wanted = gap.mean(axis=1).std(ddof=1) / np.sqrt(12)
    assert clustered(gap.ravel(), np.repeat(np.arange(12), 5)) == pytest.approx(wanted)


def test_three_points_have_no_standard_error():
    se, how = error_of(np.array([1.0, 2.0, 3.0]), np.array(["a"] * 3), np.array([1, 2, 3]))
    assert np.isnan(se) and how == "none"
