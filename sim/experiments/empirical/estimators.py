"""Estimators of demography, each with its interval: survival, and the tail of sizes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats


class Estimate(NamedTuple):
    """A value and the interval that holds it at the given confidence."""

    value: float
    low: float
    high: float


def survival(at_risk: NDArray[Any], closed: NDArray[Any], confidence: float = 0.95) -> list[Estimate]:
    """Estimates of survival to the end of each year of age, a list over years.

    at_risk, closed (year,) enterprises exposed to a quarter's hazard at that age, and those that
    closed. S = prod (1 - d/n)^4, the product-limit of Kaplan & Meier (1958) with the quarters of a
    year pooled; the variance of ln S is Greenwood's, the interval that of ln(-ln S), which stays in
    (0, 1). A year in which nobody was at risk, or all closed, ends the list.

    >>> [round(s.value, 4) for s in survival(np.array([400, 0]), np.array([10, 0]))]
    [0.9037]
    """
    found, log_survival, variance = [], 0.0, 0.0
    for n, d in zip(at_risk, closed):
        if n == 0 or d == n:
            break
        log_survival += 4.0 * np.log1p(-d / n)
        variance += 16.0 * d / (n * (n - d))
        found.append(_log_log(log_survival, variance, confidence))
    return found


def _log_log(log_survival, variance, confidence):
    if log_survival == 0.0:
        return Estimate(1.0, 1.0, 1.0)
    spread = stats.norm.ppf(0.5 + confidence / 2) * np.sqrt(variance) / -log_survival
    return Estimate(*(float(np.exp(log_survival * np.exp(side * spread))) for side in (0.0, 1.0, -1.0)))


def tail_exponent(log_size: NDArray[np.float64], start: float, end: float, confidence: float = 0.95) -> Estimate:
    """Estimate of the exponent z of a Pareto tail between `start` and `end` (ln employees), by ML.

    With y = ln x - start on [0, Y] the score is zero where mean y = 1/z - Y / (e^(zY) - 1) (Aban,
    Meerschaert & Panorska 2006; Hill 1975 for an endless tail); the information is n var(y). nan
    where fewer than two sizes lie in the tail.
    """
    y = log_size[(log_size > start) & (log_size < end)] - start
    length = end - start
    if len(y) < 2:
        return Estimate(np.nan, np.nan, np.nan)
    gap = lambda z: _mean(z, length) - y.mean()                   # noqa: E731
    z = optimize.brentq(gap, -700.0 / length, 700.0 / length)
    spread = stats.norm.ppf(0.5 + confidence / 2) / np.sqrt(len(y) * _variance(z, length))
    return Estimate(z, z - spread, z + spread)


def _mean(z, length):
    """Mean of an exponential of rate z cut off at `length`; a rate may be negative, or zero."""
    if abs(z * length) < 1e-4:
        return length / 2 - z * length**2 / 12
    return 1.0 / z - length / np.expm1(z * length)


def _variance(z, length):
    if abs(z * length) < 1e-2:
        return length**2 / 12
    return 1.0 / z**2 - length**2 / (4.0 * np.sinh(z * length / 2) ** 2)


def mean(values: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Estimate of a mean from independent values, by Student's t; nan is left out."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        value = float(values.mean()) if len(values) else np.nan
        return Estimate(value, np.nan, np.nan)
    spread = stats.t.ppf(0.5 + confidence / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return Estimate(float(values.mean()), float(values.mean() - spread), float(values.mean() + spread))


def spread(values: ArrayLike) -> tuple[Estimate, float, float, int]:
    """(mean, percentiles 5 and 95, number) of independent values; what is not finite is left out."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    p05, p95 = np.percentile(values, [5, 95]).tolist() if len(values) else (np.nan, np.nan)
    return mean(values), p05, p95, len(values)
