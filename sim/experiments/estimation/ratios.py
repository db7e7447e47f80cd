"""Ratios of two coefficients, such as what an hour is worth in money, with their errors.

    r = b1 / b2,   var r = (v11 - 2 r v12 + r^2 v22) / b2^2                             delta method
    interval: all r with (b1 - r b2)^2 <= z^2 (v11 - 2 r v12 + r^2 v22)                Fieller 1954

v: clustered covariance. Fieller's interval is bounded only where b2 differs from 0 by z standard errors.
"""

from typing import NamedTuple

from scipy import stats

from sim.experiments.estimation.estimates import Estimate

Z = float(stats.norm.ppf(0.975))


class Ratio(NamedTuple):
    """A ratio of coefficients in a model; low and high are the ends of its 95 % interval, nan where it has none."""

    name: str
    of: str
    to: str
    model: str
    value: float
    error: float
    low: float
    high: float


def ratio(name: str, of: str, to: str, model: str, made: Estimate) -> Ratio:
    """The Ratio of the coefficients of two regressors."""
    i, j = made.names.index(of), made.names.index(to)
    b1, b2 = float(made.coefficients[i]), float(made.coefficients[j])
    v = made.covariance["clustered"]
    v11, v12, v22 = (float(v[at]) for at in ((i, i), (i, j), (j, j)))
    r = b1 / b2
    error = max(v11 - 2.0 * r * v12 + r * r * v22, 0.0) ** 0.5 / abs(b2)
    a, b, c = b2 * b2 - Z * Z * v22, b1 * b2 - Z * Z * v12, b1 * b1 - Z * Z * v11
    half = max(b * b - a * c, 0.0) ** 0.5
    ends = ((b - half) / a, (b + half) / a) if a > 0.0 else (float("nan"),) * 2
    return Ratio(name, of, to, model, r, error, *ends)
