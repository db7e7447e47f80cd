"""Newton's method for a log-likelihood with analytic gradient and Hessian, halving steps that do not rise."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Array = NDArray[np.float64]
CLOSE = 1e-10                  # expected gain of the next step at which it is the maximum
MOST_STEPS = 100
MOST_HALVINGS = 40
LEAST_CURVATURE = 1e-9         # of the largest, in a direction that a step is taken in


class Value(NamedTuple):
    """A log-likelihood at a point."""

    value: float
    gradient: Array            # (parameter,)
    hessian: Array             # (parameter, parameter)


class Maximum(NamedTuple):
    """Where the search ended."""

    point: Array
    value: float
    gradient: Array
    hessian: Array
    steps: int
    converged: bool


def maximise(evaluate: Callable[[Array], Value], start: Array) -> Maximum:
    """The Maximum near a start. A point that is not allowed is worth -inf.

    Each step solves (-H) s = g, with the curvatures of H made negative where it is not concave (nested logit); the
    search ends when g's / 2, what a quadratic would still gain, is below CLOSE.
    """
    point = np.asarray(start, float)
    found = evaluate(point)
    for steps in range(MOST_STEPS):
        step = ascent(found)
        if 0.5 * float(found.gradient @ step) < CLOSE:
            return Maximum(point, found.value, found.gradient, found.hessian, steps, True)
        ahead = _risen(evaluate, point, step, found)
        if ahead is None:
            break
        point, found = ahead
    return Maximum(point, found.value, found.gradient, found.hessian, steps + 1, False)


def ascent(found: Value) -> Array:
    """The step up: Newton's where the Hessian is negative definite, along its eigenvectors where it is not."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(found.hessian)), 1e-300))
    information = -found.hessian / np.outer(scale, scale)
    try:
        factor = linalg.cho_factor(information, check_finite=False)
        if np.diag(factor[0]).min() ** 2 > LEAST_CURVATURE:
            return linalg.cho_solve(factor, found.gradient / scale, check_finite=False) / scale
    except linalg.LinAlgError:
        pass
    curvature, vectors = np.linalg.eigh(information)
    size = np.maximum(np.abs(curvature), LEAST_CURVATURE * max(1.0, float(np.abs(curvature).max(initial=0.0))))
    return (vectors @ ((vectors.T @ (found.gradient / scale)) / size)) / scale


def _risen(evaluate, point, step, found):
    """(point, Value) of the first of the step, its half, its quarter, ... that does not fall; None if all do."""
    for _ in range(MOST_HALVINGS):
        ahead = evaluate(point + step)
        if ahead.value >= found.value and np.isfinite(ahead.gradient).all():
            return point + step, ahead
        step = 0.5 * step
    return None
