"""Logit models written as their formulas are, with loops over choosers and alternatives: twins of the kernels."""

import math

import numpy as np


def utilities(x, b, correction, effect):
    """[V of each alternative] of one chooser; effect: number of an alternative's effect or -1."""
    k = x.shape[1]
    return [sum(x[j, r] * b[r] for r in range(k)) + correction[j] + (b[k + effect[j]] if effect[j] >= 0 else 0.0)
            for j in range(len(x))]


def conditional(choices, b):
    """Log-likelihood of a conditional logit."""
    total = 0.0
    for i in range(len(choices.chosen)):
        v = utilities(choices.x[i], b, choices.correction[i], choices.effect[i])
        there = [j for j in range(len(v)) if choices.available[i, j]]
        total += v[choices.chosen[i]] - math.log(sum(math.exp(v[j]) for j in there))
    return total


def nested(choices, nest_of, lengths, b):
    """Log-likelihood of a nested logit: ln P(nest) + ln P(alternative within it)."""
    total = 0.0
    for i in range(len(choices.chosen)):
        v = utilities(choices.x[i], b, choices.correction[i], choices.effect[i])
        inside = {m: sum(math.exp(v[j] / length) for j in range(len(v)) if nest_of[j] == m and choices.available[i, j])
                  for m, length in enumerate(lengths)}
        weight = {m: inside[m] ** lengths[m] if inside[m] else 0.0 for m in inside}
        own = nest_of[choices.chosen[i]]
        total += math.log(weight[own] / sum(weight.values()))
        total += v[choices.chosen[i]] / lengths[own] - math.log(inside[own])
    return total


def poisson(x, counts, group, b, levels):
    """Log-likelihood of Poisson counts with effects of groups, ln y! left out."""
    total = 0.0
    for row, y, g in zip(x, counts, group):
        v = float(row @ b) + levels[g]
        total += y * v - math.exp(v)
    return total


def hazard(x, moved, b, link):
    """Log-likelihood of moving or staying."""
    total = 0.0
    for row, y in zip(x, moved):
        v = float(row @ b)
        p = 1.0 / (1.0 + math.exp(-v)) if link == "logit" else 1.0 - math.exp(-math.exp(v))
        total += math.log(p if y else 1.0 - p)
    return total


def sandwich(hessian, scores, cluster):
    """Clustered covariance, cluster by cluster."""
    meat, names = np.zeros_like(hessian), sorted(set(cluster))
    for name in names:
        own = sum(scores[i] for i in range(len(scores)) if cluster[i] == name)
        meat += np.outer(own, own)
    bread = np.linalg.inv(-hessian)
    return bread @ meat @ bread * len(names) / (len(names) - 1)


def slope(function, point, step=1e-5):
    """Gradient of a function by central differences."""
    point = np.asarray(point, float)
    units = np.eye(len(point)) * step
    return np.array([(function(point + unit) - function(point - unit)) / (2 * step) for unit in units])
