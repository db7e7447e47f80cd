"""Proper scores of a distribution over whole numbers, calibration and sharpness.

Signs: lower is better everywhere. p (value,) probabilities of 0, 1, ..., y the whole number observed.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

IMPOSSIBLE = 1e-12             # a probability below this is taken for it, so that one surprise is not infinite


def log_score(p: NDArray[np.float64], y: int) -> float:
    """-ln p(y), nats (Good 1952)."""
    return float(-np.log(max(p[y] if y < len(p) else 0.0, IMPOSSIBLE)))


def crps(p: NDArray[np.float64], y: float) -> float:
    """Continuous ranked probability score: sum_k (F(k) - 1[k >= y])^2 (Gneiting & Raftery 2007, equation 20).

    For a law on whole numbers the integral over the line is this sum over the steps of F.

    >>> crps(np.array([0.0, 1.0]), 3)
    2.0
    """
    steps = np.arange(max(len(p), int(np.ceil(y)) + 1))
    law = np.pad(p.cumsum(), (0, len(steps) - len(p)), constant_values=1.0)
    return float(((law - (steps >= y)) ** 2).sum())


def pit(p: NDArray[np.float64], y: int, v: float) -> float:
    """Randomised probability integral transform F(y - 1) + v p(y), v uniform (Czado, Gneiting & Held 2009).

    Uniform on (0, 1) where the forecasts are calibrated, discrete ones too.
    """
    below = float(p[:y].sum())
    return below + v * (float(p[y]) if y < len(p) else 0.0)


def covered(u: ArrayLike, level: float) -> NDArray[np.bool_]:
    """Whether transforms u lie in the central interval of a level."""
    return np.abs(np.asarray(u) - 0.5) <= level / 2.0
