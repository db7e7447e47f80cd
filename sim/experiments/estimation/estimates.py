"""One estimate: coefficients of the regressors with three kinds of standard error, and what the fit is worth."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base import random_streams
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import covariance, identification
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.newton import Array, Maximum


class Estimate(NamedTuple):
    """Coefficients in the order of `names`; effects of places are estimated with them and not kept."""

    names: tuple[str, ...]
    coefficients: Array
    covariance: dict[str, Array]           # kind of error -> (coefficient, coefficient)
    likelihood: float
    null: float                            # log-likelihood where all coefficients are 0
    number: int                            # of choices
    alternatives: int                      # most that a chooser has
    clusters: int
    effects: int                           # of places, estimated
    never: tuple[str, ...]                 # places (and industries) that nobody chose, left out
    found: Maximum
    wild: Array                            # (coefficient,) p values by the wild bootstrap over clusters

    def errors(self, kind: str) -> Array:
        """(coefficient,) standard errors."""
        return covariance.errors(self.covariance[kind])


def of_choices(choices: Choices, cluster: ArrayLike) -> tuple[Estimate, Choices]:
    """The Estimate of a conditional logit, and the choices that decide it; InputError where something is in the way."""
    left, never = identification.chosen_only(choices)
    identification.check(left)
    made = logit.Likelihood(left)
    at_zero = made.value(np.zeros(len(left.parameters)))
    found = logit.fit(left)
    identification.check_fit(left, found, at_zero.hessian)
    scores = made.point(found.point).scores
    return of_maximum(left.names, found, scores, cluster, at_zero.value)._replace(
        alternatives=int(left.available.sum(axis=1).max()), effects=len(left.effects), never=tuple(never)), left


def beside_effects(choices: Choices, cluster: ArrayLike) -> tuple[Estimate, Choices, list[str]]:
    """The same, and the regressors that follow from the effects of places: they have no coefficient, nan here."""
    out = identification.within_effects(identification.chosen_only(choices)[0]) if choices.effects else []
    kept = np.array([name not in out for name in choices.names], bool)
    names = tuple(np.array(choices.names, object)[kept])
    made, left = of_choices(choices._replace(x=choices.x[..., kept], names=names), cluster)
    if not out:
        return made, left, out
    coefficients = np.full(len(kept), np.nan)
    coefficients[kept] = made.coefficients
    wild = np.full(len(kept), np.nan)
    wild[kept] = made.wild
    wide = {kind: np.full((len(kept), len(kept)), np.nan) for kind in made.covariance}
    for kind, each in made.covariance.items():
        wide[kind][np.ix_(kept, kept)] = each
    return made._replace(names=choices.names, coefficients=coefficients, covariance=wide, wild=wild), left, out


def of_maximum(names: tuple[str, ...], found: Maximum, scores: Array, cluster: ArrayLike, null: float) -> Estimate:
    """An Estimate from a maximum and the scores there."""
    k = len(names)
    kinds = {"plain": covariance.plain(found.hessian), "robust": covariance.robust(found.hessian, scores),
             "clustered": covariance.clustered(found.hessian, scores, cluster)}
    wild = covariance.wild_p(found.point[:k], found.hessian, scores, cluster,
                             random_streams.generator("wild bootstrap", 0, len(scores)))
    return Estimate(names, found.point[:k], {kind: each[:k, :k] for kind, each in kinds.items()}, found.value, null,
                    len(scores), 0, len(np.unique(np.asarray(cluster))), 0, (), found, wild)


def with_effects(choices: Choices, industry: NDArray[np.intp], industries: tuple[str, ...], places: tuple[str, ...],
                 kind: str) -> Choices:
    """Choices with effects of places, or of industries at places; the place that an industry chose most has none."""
    if kind == "none":
        return choices
    group = np.zeros_like(industry) if kind == "site" else industry
    labels = places if kind == "site" else tuple(f"{name} x {place}" for name in industries for place in places)
    effect = group[:, None] * len(places) + np.arange(len(places))
    chosen = np.bincount(effect[np.arange(len(group)), choices.chosen], minlength=len(labels)).reshape(-1, len(places))
    reference = np.arange(len(chosen)) * len(places) + chosen.argmax(axis=1)
    number = np.cumsum(~np.isin(np.arange(len(labels)), reference)) - 1
    number[reference] = -1
    left = tuple(label for k, label in enumerate(labels) if k not in set(reference))
    return choices._replace(effect=number[effect], effects=left)
