"""Covariance of estimates: of the model, robust, and clustered.

    plain      (-H)^-1
    robust     (-H)^-1 (sum_i s_i s_i') (-H)^-1              White 1982
    clustered  the same with s summed within clusters, times G / (G - 1)

With few clusters the last is too small, and a normal law of b / se too narrow. The wild score bootstrap (Kline & Santos
2012) draws the law of t instead: a_g = (-H)^-1 s_g of cluster g, and

    t* = sum_g w_g a_g / sqrt(sum_g (w_g a_g)^2 - (sum_g w_g a_g)^2 / G)        p = P(|t*| >= |b / se|)

with weights w of +-1, or of six values where clusters are fewer than twelve (Webb 2014).
"""

import numpy as np
from numpy.typing import ArrayLike

from sim.experiments.estimation.newton import Array

DRAWS, FEW = 1999, 12          # of weights, and clusters below which +-1 has too few of them
RADEMACHER = np.array([-1.0, 1.0])
WEBB = np.array([-1.5 ** 0.5, -1.0, -0.5 ** 0.5, 0.5 ** 0.5, 1.0, 1.5 ** 0.5])


def plain(hessian: Array) -> Array:
    """(parameter, parameter), of a model that is right."""
    scale = 1.0 / np.sqrt(np.diag(-hessian))
    return np.linalg.inv(-hessian * np.outer(scale, scale)) * np.outer(scale, scale)


def robust(hessian: Array, scores: Array) -> Array:
    """The same where choices are independent and the likelihood may be wrong."""
    bread = plain(hessian)
    return bread @ (scores.T @ scores) @ bread


def clustered(hessian: Array, scores: Array, cluster: ArrayLike) -> Array:
    """The same where choices of one cluster (a firm, a year, a destination) may hang together."""
    sums, bread = _summed(scores, cluster), plain(hessian)
    return bread @ (sums.T @ sums) @ bread * (len(sums) / max(len(sums) - 1, 1))


def wild_p(coefficients: Array, hessian: Array, scores: Array, cluster: ArrayLike,
           generator: np.random.Generator) -> Array:
    """(coefficient,) p values of the hypothesis that a coefficient is 0, by the wild score bootstrap over clusters."""
    influence = (_summed(scores, cluster) @ plain(hessian))[:, :len(coefficients)]
    count = len(influence)
    weight = generator.choice(WEBB if count < FEW else RADEMACHER, (DRAWS, count))
    found = [_t(weight, influence), _t(np.ones((1, count)), influence)]
    t = np.abs(coefficients) / np.maximum(found[1][1], 1e-300)
    return np.asarray((1 + (np.abs(found[0][0]) >= t).sum(axis=0)) / (DRAWS + 1))


def _summed(scores, cluster):
    """(cluster, parameter) sums of scores."""
    _, number = np.unique(np.asarray(cluster), return_inverse=True)
    sums = np.zeros((int(number.max()) + 1, scores.shape[1]))
    np.add.at(sums, number.ravel(), scores)
    return sums


def _t(weight, influence):
    """((draw, coefficient) t, its standard error)."""
    total = weight @ influence
    variance = weight ** 2 @ influence ** 2 - total ** 2 / len(influence)
    error = np.sqrt(np.maximum(variance, 1e-300) * len(influence) / max(len(influence) - 1, 1))
    return total / error, error[0]


def errors(covariance: Array) -> Array:
    """(parameter,) standard errors."""
    return np.sqrt(np.maximum(np.diag(covariance), 0.0))
