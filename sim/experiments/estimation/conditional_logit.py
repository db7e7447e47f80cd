"""Conditional logit (McFadden 1974) by maximum likelihood.

    P_ij = exp(V_ij + c_ij) / sum over available k of exp(V_ik + c_ik)      V_ij = x_ij b + a_e(i,j)
    score_i = z_i,chosen - sum_j P_ij z_ij                                    z: regressors and indicators of effects
    Hessian = -sum_i [sum_j P_ij z_ij z_ij' - (sum_j P_ij z_ij)(sum_j P_ij z_ij)']

c_ij is the correction for sampled alternatives (`sampling`), 0 without. Effects (of a site, or of a sector at a site)
are indicators that are never written out: choosers before the same effects, those of one industry, are taken together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
        self.order, self.alike = _alike(choices.effect) if choices.effects else (slice(None), [])
        choices = choices.at(self.order) if choices.effects else choices
        count = np.arange(len(choices.chosen))
        self.shape = choices.available.shape
        self.regressors, self.number = len(choices.names), len(choices.effects)
        z = choices.x - choices.x[count, choices.chosen][:, None]
        z[~choices.available] = 0.0
        self.z = np.ascontiguousarray(z.transpose(2, 0, 1))                  # (regressor, chooser, alternative)
        base = choices.correction - choices.correction[count, choices.chosen][:, None]
        self.base = np.where(choices.available, base, -np.inf)
        self.effect = choices.effect
        self.at_chosen = choices.effect[count, choices.chosen]

    def value(self, b: Array) -> Value:
        """Log-likelihood, gradient and Hessian."""
        return self._at(b)[0]

    def point(self, b: Array) -> Point:
        """The Value, and the scores and probabilities of the choosers."""
        value, mean, probability = self._at(b)
        if not self.number:
            return Point(value, -mean, probability)
        scores = np.zeros((len(mean), self.number + 1))                     # the last stands for -1
        count = np.arange(len(mean))
        np.add.at(scores, (count[:, None], self.effect), -probability)
        scores[count, self.at_chosen] += 1.0
        back = np.argsort(self.order)
        return Point(value, np.hstack([-mean, scores[:, :-1]])[back], probability[back])

    def _at(self, b):
        """(Value, (chooser, regressor) mean of z, (chooser, alternative) probabilities)."""
        likelihood, probability = self._probabilities(b)
        weighted = self.z * probability
        mean = np.ascontiguousarray(weighted.sum(axis=2).T)
        flat = self.z.reshape(self.regressors, -1)
        inner = mean.T @ mean - weighted.reshape(self.regressors, -1) @ flat.T
        if not self.number:
            return Value(likelihood, -mean.sum(axis=0), inner), mean, probability
        return self._with_effects(likelihood, weighted, mean, inner, probability), mean, probability

    def _probabilities(self, b):
        v = np.tensordot(b[:self.regressors], self.z, 1) + self.base
        if self.number:
            effect = np.append(b[self.regressors:], 0.0)                      # the last stands for -1
            v = v + effect[self.effect] - effect[self.at_chosen][:, None]
        top = v.max(axis=1)
        v -= top[:, None]
        np.exp(v, out=v)
        total = v.sum(axis=1)
        v /= total[:, None]
        return -float((top + np.log(total)).sum()), v

    def _with_effects(self, likelihood, weighted, mean, inner, probability):
        """Value of regressors and effects together: choosers before the same effects are taken together."""
        number = self.number + 1
        total, own, crossed = np.zeros(number), np.zeros((number, number)), np.zeros((self.regressors, number))
        for effect, rows in self.alike:
            p = probability[rows]
            np.add.at(total, effect, p.sum(axis=0))
            np.add.at(own, (effect[:, None], effect), p.T @ p)
            np.add.at(crossed.T, effect, p.T @ mean[rows] - weighted[:, rows].sum(axis=1).T)
        total, own, crossed = total[:-1], own[:-1, :-1], crossed[:, :-1]
        chosen = np.bincount(self.at_chosen[self.at_chosen >= 0], minlength=self.number)
        return Value(likelihood, np.concatenate([-mean.sum(axis=0), chosen - total]),
                     np.block([[inner, crossed], [crossed.T, own - np.diag(total)]]))


def _alike(effect):
    """(order of choosers, [(effect of each alternative, slice of the ordered choosers before whom they are these)]).

    Rows are told apart by a hash of theirs, and then compared: sorting whole rows takes longer than a step of Newton's.
    """
    odd = np.random.default_rng(0).integers(1, 2**62, effect.shape[1], dtype=np.int64)
    _keys, first, number = np.unique(effect.astype(np.int64) @ odd, return_index=True, return_inverse=True)
    patterns = effect[first]
    if not np.array_equal(patterns[number.ravel()], effect):                # two rows of one hash
        patterns, number = np.unique(effect, axis=0, return_inverse=True)
    ends = np.concatenate([[0], np.cumsum(np.bincount(number.ravel(), minlength=len(patterns)))])
    order = np.argsort(number.ravel(), kind="stable")
    return order, [(each, slice(*ends[k:k + 2])) for k, each in enumerate(patterns)]
