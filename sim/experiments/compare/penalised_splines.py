"""Smooth regression of many outcomes on one column, or on the sum of smooth functions of several.

    minimise |y - sum_k B_k b_k|^2 + lambda sum_k |D2 b_k|^2        B_k cubic B-splines on equal knots, D2 second
                                                                    differences (Eilers & Marx 1996)

lambda by generalised cross-validation (Craven & Wahba 1979), one for each outcome. With the design as Q S V' and
S^-1 V' P V S^-1 = U diag(s) U' every fit is A diag(1 / (1 + lambda s)) A'y, A = Q U, so that thousands of outcomes
share one decomposition. A straight line is not penalised, and the mean is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import interpolate, linalg

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    blocks = [_splines(column) for column in columns]
    difference = np.diff(np.eye(SEGMENTS + DEGREE), 2, axis=0)
    penalty = linalg.block_diag([[0.0]], *[difference.T @ difference] * len(blocks))
    design = np.hstack([np.ones((len(columns[0]), 1)), *[block - block.mean(axis=0) for block in blocks]])
    q, s, v = np.linalg.svd(design, full_matrices=False)
    there = s > TINY * s[0]
    back = v[there].T / s[there]
    taken, turned = np.linalg.eigh(back.T @ penalty @ back)
    return Smoother(q[:, there] @ turned, np.maximum(taken, 0.0))


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
    low, high = column.min(), column.max()
    if not high > low:
        return np.zeros((len(column), SEGMENTS + DEGREE))
    unit = (column - low) / (high - low)
    knots = np.arange(-DEGREE, SEGMENTS + DEGREE + 1) / SEGMENTS
    return interpolate.BSpline.design_matrix(unit.clip(0.0, 1.0 - 1e-12), knots, DEGREE).toarray()
