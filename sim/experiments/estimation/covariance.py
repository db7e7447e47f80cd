"""Covariance of estimates: of the model, robust, and clustered.

    plain      (-H)^-1
    robust     (-H)^-1 (sum_i s_i s_i') (-H)^-1              White 1982
    clustered  the same with s summed within clusters, times G / (G - 1)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.experiments.estimation.newton import Array


def plain(hessian: Array) -> Array:
    """(parameter, parameter), of a model that is right."""
    scale = 1.0 / np.sqrt(np.diag(-hessian))
    found: Array = np.linalg.inv(-hessian * np.outer(scale, scale)) * np.outer(scale, scale)
    return found


def robust(hessian: Array, scores: Array) -> Array:
    """The same where choices are independent and the likelihood may be wrong."""
    bread = plain(hessian)
    return bread @ (scores.T @ scores) @ bread


def clustered(hessian: Array, scores: Array, cluster: ArrayLike) -> Array:
    """The same where choices of one cluster (a firm, a year, a destination) may hang together."""
    _, number = np.unique(np.asarray(cluster), return_inverse=True)
    count = int(number.max()) + 1
    sums = np.zeros((count, scores.shape[1]))
    np.add.at(sums, number.ravel(), scores)
    bread = plain(hessian)
    found: Array = bread @ (sums.T @ sums) @ bread * (count / max(count - 1, 1))
    return found


def errors(covariance: Array) -> Array:
    """(parameter,) standard errors."""
    return np.sqrt(np.maximum(np.diag(covariance), 0.0))
