"""Closed forms that several theorems rest on, in numpy alone. No entry is registered here."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp, softmax

EULER = 0.5772156649015329
NODES = np.polynomial.legendre.leggauss(20)
WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}     # of central differences of eighth order


def logit(v: ArrayLike) -> NDArray[np.float64]:
    """Shares e^v / sum e^v (McFadden 1974).

    >>> logit([0.0, 0.0])
    array([0.5, 0.5])
    """
    return softmax(np.asarray(v, float))


def nested_logit(v: ArrayLike, nests: Sequence[int], lengths: ArrayLike,
                 outside: bool = False) -> tuple[NDArray[np.float64], float]:
    """(shares, log-sum): P(m) P(j|m), an outside option of utility 0 last if there is one.

    P(j|m) = e^(v_j/l_m) / sum_m, P(m) ~ (sum_m)^l_m, log-sum ln sum_m (sum_m)^l_m (McFadden 1978).
    lengths: one a nest, or one number for all.
    """
    v, nests = np.asarray(v, float), np.asarray(nests)
    lengths = np.broadcast_to(np.asarray(lengths, float), (nests.max() + 1,))
    inside = np.array([lengths[m] * logsumexp(v[nests == m] / lengths[m]) for m in range(len(lengths))])
    values = np.append(inside, 0.0) if outside else inside
    within = np.exp((v - inside[nests]) / lengths[nests])
    share = softmax(values)
    p = share[nests] * within
    return (np.append(p, share[-1]) if outside else p), float(logsumexp(values))


def integral(values: Callable[[NDArray[np.float64]], ArrayLike], panels: int) -> float:
    """Integral from 0 to 1 of a function of arrays, by Gauss and Legendre on so many panels of 20 points.

    >>> round(integral(lambda x: x**3, 2), 12)
    0.25
    """
    x, weight = NODES
    at = ((np.arange(panels)[:, None] + (x + 1) / 2) / panels).ravel()
    return float(np.dot(np.tile(weight, panels), values(at)) / 2 / panels)


def floored(v: ArrayLike, floor: ArrayLike, nests: Sequence[int], lengths: ArrayLike) -> NDArray[np.float64]:
    """Utilities with the size term l_m ln F_j."""
    lengths = np.broadcast_to(np.asarray(lengths, float), (max(nests) + 1,))
    return np.asarray(v, float) + lengths[np.asarray(nests)] * np.log(np.asarray(floor, float))


def slope_at_zero(function: Callable[[float], Any], step: float = 0.02) -> Any:
    """df/dx at 0 by central differences of eighth order, for functions that are smooth on that scale.

    >>> round(float(slope_at_zero(np.exp)), 10)
    1.0
    """
    return sum(weight * (function(n * step) - function(-n * step)) for n, weight in WEIGHTS.items()) / step
