"""Smooth regression of many outcomes on one column, or on the sum of smooth functions of several.

    minimise |y - sum_k B_k b_k|^2 + lambda sum_k |D2 b_k|^2        B_k cubic B-splines on equal knots, D2 second
                                                                    differences (Eilers & Marx 1996)

lambda by generalised cross-validation (Craven & Wahba 1979), one for each outcome. With u = D2 b a smooth function is a
straight line and W u, W = B D2' (D2 D2')^-1, so that only |u|^2 is penalised. With Q spanning the lines of all columns
and (I - QQ') W = U S V' every fit is A diag(1 / (1 + lambda s)) A'y, A = [Q U] and s = [0, 1 / S^2]: thousands of
outcomes share one decomposition, and there may be more functions than observations. The mean is kept.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SEGMENTS, DEGREE = 6, 3
LAMBDAS = np.logspace(-3, 7, 21)
MOST_FREEDOM = 1 / 3           # of the observations: a fit with more is no smooth one
TINY = 1e-9


class Smoother(NamedTuple):
    """A design, ready for outcomes: orthonormal columns and what the penalty takes of each."""

    basis: NDArray[np.float64]     # (observation, component)
    penalty: NDArray[np.float64]   # (component,)


def smoother(columns: Sequence[NDArray[np.float64]]) -> Smoother:
    """The Smoother of (observation,) columns: a smooth function of each, added up."""
    difference = np.diff(np.eye(SEGMENTS + DEGREE), 2, axis=0)
    bent = np.hstack([_splines(column) @ np.linalg.pinv(difference) for column in columns])
    straight = [column - column.mean() for column in columns]
    lines = _orthonormal(np.column_stack([np.ones(len(columns[0])), *(
        each / max(np.abs(each).max(), TINY) for each in straight)]))[0]
    turned, stretch = _orthonormal(bent - lines @ (lines.T @ bent))
    return Smoother(np.hstack([lines, turned]), np.concatenate([np.zeros(lines.shape[1]), 1.0 / stretch ** 2]))


def _orthonormal(table):
    """(orthonormal columns that span a table, its singular values), what is next to nothing left out."""
    u, s, _v = np.linalg.svd(table, full_matrices=False)
    there = s > 1e-7 * max(s[0], TINY)
    return u[:, there], s[there]


def fitted(design: Smoother, outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(observation, outcome) fitted values."""
    return design.basis @ (_kept(design, outcomes) * (design.basis.T @ outcomes))


def left_out(design: Smoother, outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(observation, outcome) what the others say of an observation: (fit - h y) / (1 - h), lambda as with all."""
    kept = _kept(design, outcomes)
    own = design.basis ** 2 @ kept
    return (design.basis @ (kept * (design.basis.T @ outcomes)) - own * outcomes) / np.maximum(1.0 - own, TINY)


def _kept(design, outcomes):
    """(component, outcome) 1 / (1 + lambda s) at the lambda of each outcome."""
    kept = 1.0 / (1.0 + np.outer(LAMBDAS, design.penalty))                         # (lambda, component)
    freedom = kept.sum(axis=1)
    allowed = freedom <= max(MOST_FREEDOM * len(outcomes), freedom.min())
    squares = (design.basis.T @ outcomes) ** 2
    residual = (outcomes ** 2).sum(axis=0) - (2.0 * kept - kept ** 2) @ squares    # (lambda, outcome)
    score = residual / (1.0 - np.minimum(freedom / len(outcomes), 1.0 - TINY))[:, None] ** 2
    return kept[np.where(allowed[:, None], score, np.inf).argmin(axis=0)].T


def _splines(column):
    """(observation, function) cubic B-splines over the span of a column; one that does not vary is 0."""
    from scipy import interpolate  # takes 0.2 s, and every comparison imports this module

    low, high = column.min(), column.max()
    if not high > low:
        return np.zeros((len(column), SEGMENTS + DEGREE))
    unit = (column - low) / (high - low)
    knots = np.arange(-DEGREE, SEGMENTS + DEGREE + 1) / SEGMENTS
    return interpolate.BSpline.design_matrix(unit.clip(0.0, 1.0 - 1e-12), knots, DEGREE).toarray()
