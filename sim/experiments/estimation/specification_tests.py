"""What speaks against a conditional logit, and what its coefficients mean in per cent."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import covariance, identification
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.newton import Array, Maximum

FEWEST = 4                     # alternatives of which one may be taken away for a test


class Hausman(NamedTuple):
    """A test of independence of irrelevant alternatives."""

    statistic: float           # may be negative in a sample, which is no evidence against independence
    degrees: int
    p: float
    choosers: int              # left in the restricted sample


def hausman_mcfadden(choices: Choices, full: Maximum, without: NDArray[np.bool_],
                     compared: NDArray[np.bool_] | None = None) -> Hausman | None:
    """Hausman & McFadden (1984): do coefficients change when alternatives (`without`, (alternative,)) are taken away?

    q = (b_r - b_f)' (C_r - C_f)^+ (b_r - b_f), chi-squared with the rank of C_r - C_f; of the regressors' coefficients,
    or of those that are `compared`: constants of alternatives mean another thing without the one they are measured
    from. None where the choices that are left do not decide them.
    """
    left = choices.at(~without[choices.chosen])
    left = left._replace(available=left.available & ~without)
    out = identification.within_effects(left) if compared is not None else []
    kept = np.array([name not in out for name in choices.names], bool)
    both = kept & (compared if compared is not None else True)
    left = left._replace(x=left.x[..., kept], names=tuple(np.array(choices.names, object)[kept]))
    k = len(left.names)
    restricted = logit.fit(left, np.append(full.point[:len(kept)][kept], full.point[len(kept):]))
    if not (both.any() and restricted.converged):
        return None
    mine, theirs = np.flatnonzero(both[kept]), np.flatnonzero(both)
    apart = restricted.point[:k][mine] - full.point[theirs]
    spread = covariance.plain(restricted.hessian)[np.ix_(mine, mine)] - covariance.plain(full.hessian)[
        np.ix_(theirs, theirs)]
    rank = int(np.linalg.matrix_rank(spread, hermitian=True))
    value = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return Hausman(value, rank, float(stats.chi2.sf(max(value, 0.0), rank)), len(left.chosen))


def without_most_chosen(choices: Choices, full: Maximum,
                        compared: NDArray[np.bool_] | None = None) -> tuple[int, Hausman] | None:
    """(number of the alternative that most chose, the test without it); None of fewer than four alternatives."""
    number = choices.available.shape[1]
    if number < FEWEST:
        return None
    most = int(np.bincount(choices.chosen).argmax())
    test = hausman_mcfadden(choices, full, np.arange(number) == most, compared)
    return (most, test) if test else None


def point_elasticities(choices: Choices, found: Maximum, logs: NDArray[np.bool_]) -> Array:
    """(regressor,) per cent by which an alternative's expected choices rise if its own regressor does by 1 %.

    b x (1 - P), x = 1 for the logarithm of a regressor (`logs`), averaged over choosers and alternatives with weights P
    (Train 2009, section 3.6; enumeration of the sample).
    """
    probability = logit.Likelihood(choices).point(found.point).probability
    weight = probability * (1.0 - probability) / probability.sum()
    mean = np.einsum("ij,ijk->k", weight, choices.x)
    return found.point[:len(choices.names)] * np.where(logs, weight.sum(), mean)


def own_elasticities(choices: Choices, found: Maximum, logs: NDArray[np.bool_]) -> Array:
    """(regressor,) per cent by which a site's expected choices rise if its own regressor does.

    By 1 % of what is inside the logarithm where `logs`, by one unit of it elsewhere (100 times the semi-elasticity):
    b (1 - P) averaged over choosers and sites with weights P.
    """
    probability = logit.Likelihood(choices).point(found.point).probability
    factor = float((probability * (1.0 - probability)).sum() / probability.sum())
    slope: Array = found.point[:len(choices.names)] * factor
    return np.where(logs, slope, 100.0 * slope)
