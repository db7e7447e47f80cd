"""Nested logit by maximum likelihood, in the scale of utility: coefficients are those between nests.

    P_ij = exp(V_ij / l_m + (1 - 1 / l_m) S_im - L_i)        m the nest of j, l_m its dissimilarity parameter
    S_im = l_m ln sum_{k in m} exp(V_ik / l_m)                its inclusive value
    L_i  = ln sum_m exp(S_im)

(McFadden 1978; the normalisation of Heiss 2002 that random utility implies.) With Q the probability of a nest and p
that of a site within it, the derivatives of S are

    dS/db = sum p x = xm        dS/dl = H, the entropy of p
    d2S/dbdb = Cov_p(x) / l     d2S/dbdl = -Cov_p(x, V) / l^2     d2S/dldl = Var_p(V) / l^3

l = 1 everywhere is the conditional logit. A nest of one site has no l of its own. l above 1 is reported as it is: it
contradicts random utility at every value of the regressors, and so speaks against the nests.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.experiments.estimation import newton
from sim.experiments.estimation.conditional_logit import Choices, Index
from sim.experiments.estimation.newton import Array, Maximum, Value

LEAST = 0.02                   # dissimilarity below which the search does not go
DISSIMILARITY = "dissimilarity"    #  # what the names of these parameters begin with


class Nests(NamedTuple):
    """Which nest a site is in, and which dissimilarity parameter a nest has."""

    of: Index                  # (alternative,)
    parameter: Index           # (nest,) number of its parameter, -1 where l = 1
    names: tuple[str, ...]     # of the parameters


def of(numbers: Index, labels: NDArray[np.str_], dissimilarity: str) -> Nests:
    """Nests of alternatives with one dissimilarity parameter, or with one each; a nest of one has none."""
    several = np.bincount(numbers) > 1
    if dissimilarity == "one":
        return Nests(numbers, np.where(several, 0, -1), (DISSIMILARITY,))
    return Nests(numbers, np.where(several, np.cumsum(several) - 1, -1),
                 tuple(f"{DISSIMILARITY} {name}" for name in labels[several]))


class _Nest(NamedTuple):
    """What one nest adds for every chooser: its inclusive value, and that value's derivatives."""

    members: Index             # numbers of its alternatives
    length: float              # l
    at: int                    # position of l among all parameters, -1 for none
    inclusive: Array           # (chooser,) S
    slope: Array               # (chooser, parameter)
    within: Array              # (chooser, member) p


def fit(choices: Choices, nests: Nests, start: Array) -> Maximum:
    """The estimate, regressors first, then dissimilarities, from a start such as the conditional logit's with l 1."""
    return newton.maximise(lambda point: evaluate(choices, nests, point)[0], np.asarray(start, float))


def evaluate(choices: Choices, nests: Nests, point: Array) -> tuple[Value, Array]:
    """(Value, (chooser, parameter) scores); worth -inf where a dissimilarity is below LEAST."""
    k, number = len(choices.names), len(point)
    b, lengths = point[:k], point[k:]
    if len(lengths) and lengths.min() < LEAST:
        return Value(-np.inf, np.full(number, np.nan), np.full((number, number), np.nan)), np.empty((0, number))
    v = np.where(choices.available, choices.x @ b + choices.correction, -np.inf)
    made = [_nest(choices, v, nests, m, point) for m in range(len(nests.parameter))]
    inclusive = np.stack([nest.inclusive for nest in made], axis=1)
    top = inclusive.max(axis=1, keepdims=True)
    log_sum = (top + np.log(np.exp(inclusive - top).sum(axis=1, keepdims=True)))[:, 0]
    share = np.exp(inclusive - log_sum[:, None])                                          # Q
    mean = sum(share[:, [m]] * nest.slope for m, nest in enumerate(made))
    scores, likelihood, hessian = -mean, -log_sum.sum(), mean.T @ mean
    for m, nest in enumerate(made):
        theirs = nests.of[choices.chosen] == m
        hessian = hessian - (share[:, [m]] * nest.slope).T @ nest.slope
        hessian = hessian + _curvature(choices, v, nest, (1.0 - 1.0 / nest.length) * theirs - share[:, m])
        if theirs.any():
            value, score, own = _chosen(choices, v, nest, theirs)
            likelihood, hessian = likelihood + value, hessian + own
            scores[theirs] += score
    return Value(float(likelihood), scores.sum(axis=0), hessian), scores


def _nest(choices, v, nests, m, point):
    """The _Nest m; where none of it is available it is worth -inf and its slopes are 0."""
    members, k = np.flatnonzero(nests.of == m), len(choices.names)
    at = k + nests.parameter[m] if nests.parameter[m] >= 0 else -1
    length = float(point[at]) if at >= 0 else 1.0
    scaled = v[:, members] / length
    top = np.where(np.isfinite(scaled.max(axis=1)), scaled.max(axis=1), 0.0)
    weight = np.exp(scaled - top[:, None])
    total = weight.sum(axis=1)
    there = total > 0.0
    within = weight / np.where(there, total, 1.0)[:, None]
    log_total = np.where(there, top + np.log(np.where(there, total, 1.0)), -np.inf)
    slope = np.zeros((len(v), len(point)))
    slope[:, :k] = np.einsum("ij,ijk->ik", within, choices.x[:, members])
    if at >= 0:
        slope[:, at] = np.where(there, log_total - _mean(within, v[:, members]) / length, 0.0)
    return _Nest(members, length, at, length * log_total, slope, within)


def _mean(within, values):
    """(chooser,) mean within the nest; what is not available counts for nothing."""
    return (within * np.where(within > 0.0, values, 0.0)).sum(axis=1)


def _curvature(choices, v, nest, weight):
    """sum_i weight_i d2S_i, (parameter, parameter)."""
    k, number = len(choices.names), nest.slope.shape[1]
    x, p = choices.x[:, nest.members], nest.within * weight[:, None]
    mean, flat = nest.slope[:, :k], x.reshape(-1, k)
    found = np.zeros((number, number))
    found[:k, :k] = ((p.reshape(-1, 1) * flat).T @ flat - (weight[:, None] * mean).T @ mean) / nest.length
    if nest.at >= 0:
        value = np.where(nest.within > 0.0, v[:, nest.members], 0.0)
        level = _mean(nest.within, value)
        crossed = flat.T @ (p * value).ravel() - mean.T @ (weight * level)
        found[:k, nest.at] = found[nest.at, :k] = -crossed / nest.length ** 2
        spread = (nest.within * value ** 2).sum(axis=1) - level ** 2
        found[nest.at, nest.at] = (weight * spread).sum() / nest.length ** 3
    return found


def _chosen(choices, v, nest, theirs):
    """(value, scores, Hessian) of V / l + (1 - 1 / l) S at the chosen sites, d2S apart."""
    k, number, length = len(choices.names), nest.slope.shape[1], nest.length
    at = choices.chosen[theirs]
    own, inclusive, slope = v[theirs, at], nest.inclusive[theirs], nest.slope[theirs]
    score = (1.0 - 1.0 / length) * slope
    score[:, :k] += choices.x[theirs, at] / length
    hessian = np.zeros((number, number))
    if nest.at >= 0:
        score[:, nest.at] += (inclusive - own) / length ** 2
        unit = np.zeros(number)
        unit[nest.at] = 1.0
        direction = slope.sum(axis=0)
        direction[:k] -= choices.x[theirs, at].sum(axis=0)
        hessian += (np.outer(direction, unit) + np.outer(unit, direction)) / length ** 2
        hessian += np.outer(unit, unit) * 2.0 * (own - inclusive).sum() / length ** 3
    return (own / length + (1.0 - 1.0 / length) * inclusive).sum(), score, hessian
