"""Whether a firm moves in a year: logit, or complementary log-log, which is a yearly hazard in continuous time.

    logit    p = 1 / (1 + e^-v)             cloglog   p = 1 - exp(-e^v)        v = x b

(Prentice & Gloeckler 1978 for the second: b is the effect on ln of the hazard, whatever the length of a period.)
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiments.estimation import newton
from sim.experiments.estimation.newton import Array, Maximum, Value

Link = Literal["logit", "cloglog"]


def fit(x: Array, moved: NDArray[np.bool_], link: Link = "logit") -> Maximum:
    """The estimate of b; x (firm-year, regressor) has a constant among its columns."""
    y = np.asarray(moved, float)
    return newton.maximise(lambda b: evaluate(x, y, b, link)[0], np.zeros(x.shape[1]))


def evaluate(x: Array, y: Array, b: Array, link: Link) -> tuple[Value, Array]:
    """(Value, (firm-year, regressor) scores)."""
    value, slope, curvature = (_logit if link == "logit" else _cloglog)(x @ b, y)
    scores = x * slope[:, None]
    return Value(float(value.sum()), scores.sum(axis=0), (x * curvature[:, None]).T @ x), scores


def _logit(v, y):
    """Log-likelihood of each, and its first and second derivative in v."""
    p = 1.0 / (1.0 + np.exp(-np.clip(v, -700, 700)))
    return y * v - np.logaddexp(0.0, v), y - p, -p * (1.0 - p)


def _cloglog(v, y):
    """The same: y ln(1 - e^-m) - (1 - y) m with m = e^v."""
    m = np.exp(np.clip(v, -700, 30))
    p = np.maximum(-np.expm1(-m), 1e-300)
    rest = y / p
    return y * np.log(p) - (1.0 - y) * m, m * (rest - 1.0), m * (rest - 1.0) - m ** 2 * rest * np.exp(-m) / p
