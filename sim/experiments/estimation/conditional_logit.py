"""Conditional logit (McFadden 1974) by maximum likelihood.

    P_ij = exp(V_ij + c_ij) / sum over available k of exp(V_ik + c_ik)      V_ij = x_ij b + a_e(i,j)
    score_i = z_i,chosen - sum_j P_ij z_ij                                    z: regressors and indicators of effects
    Hessian = -sum_i [sum_j P_ij z_ij z_ij' - (sum_j P_ij z_ij)(sum_j P_ij z_ij)']

c_ij is the correction for sampled alternatives (`sampling`), 0 without. Effects (of a site, or of a sector at a site)
are indicators that are never written out: they enter gradient and Hessian as a sparse matrix.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.experiments.estimation import newton
from sim.experiments.estimation.newton import Array, Maximum, Value

Index = NDArray[np.intp]


class Choices(NamedTuple):
    """Choosers, each before the same number of alternatives, of which some may not be available."""

    x: Array                                     # (chooser, alternative, regressor)
    names: tuple[str, ...]                       # of the regressors
    chosen: Index                                # (chooser,) number of the alternative
    available: NDArray[np.bool_]                 # (chooser, alternative)
    correction: Array                            # (chooser, alternative) what is added to V, no coefficient
    effect: Index                                # (chooser, alternative) number of its effect, -1 for none
    effects: tuple[str, ...] = ()                # names of the effects

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of all coefficients, those of regressors first."""
        return (*self.names, *self.effects)

    def at(self, choosers: Index | NDArray[np.bool_]) -> Choices:
        """Of some choosers only."""
        return self._replace(**{name: getattr(self, name)[choosers]
                                for name in ("x", "chosen", "available", "correction", "effect")})


class Point(NamedTuple):
    """The likelihood at a point, with what single choosers add to it."""

    value: Value
    scores: Array                                # (chooser, parameter)
    probability: Array                           # (chooser, alternative)


def choices(x: Array, chosen: Index, names: tuple[str, ...] = (), available: NDArray[np.bool_] | None = None,
            correction: Array | None = None) -> Choices:
    """Choices without effects, all alternatives available unless said otherwise."""
    shape = x.shape[:2]
    return Choices(np.asarray(x, float), names or tuple(f"x{k}" for k in range(x.shape[2])), np.asarray(chosen),
                   np.ones(shape, bool) if available is None else available,
                   np.zeros(shape) if correction is None else correction, np.full(shape, -1))


def fit(choices: Choices, start: Array | None = None) -> Maximum:
    """The maximum likelihood estimate; `identification.check` says beforehand whether there is one."""
    made = Likelihood(choices)
    return newton.maximise(made.value, np.zeros(len(choices.parameters)) if start is None else start)


class Likelihood:
    """The log-likelihood of Choices, its regressors measured from the chosen alternative."""

    def __init__(self, choices: Choices) -> None:
        count = np.arange(len(choices.chosen))
        self.shape = choices.available.shape
        self.regressors, self.number = len(choices.names), len(choices.effects)
        z = choices.x - choices.x[count, choices.chosen][:, None]
        z[~choices.available] = 0.0
        self.z = z.reshape(-1, self.regressors)
        base = choices.correction - choices.correction[count, choices.chosen][:, None]
        self.base = np.where(choices.available, base, -np.inf)
        self.effect = choices.effect
        self.at_chosen = choices.effect[count, choices.chosen]

    def value(self, b: Array) -> Value:
        """Log-likelihood, gradient and Hessian."""
        return self.point(b).value

    def point(self, b: Array) -> Point:
        """The Value, and the scores and probabilities of the choosers."""
        likelihood, probability = self._probabilities(b)
        weighted = self.z * probability.reshape(-1, 1)
        mean = np.einsum("ijk->ik", weighted.reshape(*self.shape, self.regressors))
        inner = mean.T @ mean - weighted.T @ self.z
        if not self.number:
            return Point(Value(likelihood, -mean.sum(axis=0), inner), -mean, probability)
        shares = self._by_effect(probability)
        return Point(self._with_effects(likelihood, weighted, mean, inner, shares),
                     np.hstack([-mean, self._chosen_effects() - shares.toarray()]), probability)

    def _probabilities(self, b):
        v = (self.z @ b[:self.regressors]).reshape(self.shape) + self.base
        if self.number:
            effect = np.append(b[self.regressors:], 0.0)                      # the last stands for -1
            v = v + effect[self.effect] - effect[self.at_chosen][:, None]
        top = v.max(axis=1)
        v -= top[:, None]
        np.exp(v, out=v)
        total = v.sum(axis=1)
        v /= total[:, None]
        return -float((top + np.log(total)).sum()), v

    def _by_effect(self, probability):
        """(chooser, effect) sum of probabilities, sparse."""
        row, column = np.nonzero((self.effect >= 0) & (probability > 0.0))
        data = probability[row, column]
        return sparse.csr_array((data, (row, self.effect[row, column])), shape=(self.shape[0], self.number))

    def _chosen_effects(self):
        """(chooser, effect) 1 at that of the chosen alternative."""
        return (self.at_chosen[:, None] == np.arange(self.number)).astype(float)

    def _with_effects(self, likelihood, weighted, mean, inner, shares):
        """Value: regressors and effects together."""
        flat = self.effect.ravel()
        which = flat >= 0
        across = np.stack([np.bincount(flat[which], weighted[which, k], self.number)
                           for k in range(self.regressors)]).reshape(self.regressors, self.number)
        crossed = (shares.T @ mean).T - across                          # (regressor, effect)
        total = np.asarray(shares.sum(axis=0)).ravel()
        own = (shares.T @ shares).toarray() - np.diag(total)
        chosen = np.bincount(self.at_chosen[self.at_chosen >= 0], minlength=self.number)
        return Value(likelihood, np.concatenate([-mean.sum(axis=0), chosen - total]),
                     np.block([[inner, crossed], [crossed.T, own]]))
