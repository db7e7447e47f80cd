"""Counts of arrivals by place: Poisson with an effect of each group, concentrated out.

    y_r ~ Poisson(exp(x_r b + a_g(r)))       a_g = ln (sum_g y) - ln (sum_g exp(x b))

Given its total a group's counts are multinomial, so b is that of a conditional logit in which the group's arrivals
choose (Guimaraes, Figueiredo & Woodward 2003); standard errors are the same too.
"""

import numpy as np

from sim.experiments.estimation import newton
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.newton import Array, Maximum, Value


def fit(x: Array, counts: Array, group: Index) -> Maximum:
    """The estimate of b: x (row, regressor), counts (row,), group (row,) numbers from 0 on; sites as columns of x."""
    return newton.maximise(lambda b: evaluate(x, counts, group, b)[0], np.zeros(x.shape[1]))


def evaluate(x: Array, counts: Array, group: Index, b: Array) -> tuple[Value, Array]:
    """(Value with the log-likelihood of the Poisson law, ln y! left out, (group, regressor) scores)."""
    number = int(group.max()) + 1
    v = x @ b
    top = np.full(number, -np.inf)
    np.maximum.at(top, group, v)
    weight = np.exp(v - top[group])
    total, of_group = np.bincount(group, weight, number), np.bincount(group, counts, number)
    mean = weight * (of_group / total)[group]                                             # exp(x b + a)
    at = [np.bincount(group, mean * column, number) for column in x.T]
    by_group = np.stack(at, axis=1).reshape(number, x.shape[1])
    seen = np.stack([np.bincount(group, counts * column, number) for column in x.T], axis=1)
    some = np.maximum(of_group, 1e-300)[:, None]
    hessian = (by_group / some).T @ by_group - (x * mean[:, None]).T @ x
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = np.where(of_group > 0, of_group * (np.log(of_group / total) - top), 0.0)
    value = float(counts @ v + levels.sum() - of_group.sum())
    scores: Array = np.asarray(seen - by_group, float)
    return Value(value, scores.sum(axis=0), hessian), scores
