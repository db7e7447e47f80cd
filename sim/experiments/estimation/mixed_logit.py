"""Mixed logit by simulated maximum likelihood (McFadden & Train 2000; Train 2009, chapter 6), through xlogit.

    L_n = (1 / R) sum_r prod_t exp(V_nti(b_nr)) / sum_j exp(V_ntj(b_nr))     b_nr = m + s d_nr, or exp of it

i is what decider n chose in choice t; d_nr are Halton draws of n, the same in all of the decider's choices. The library
has the draws, the likelihood, the search (BFGS) and the Hessian (differences of its gradient); here scores are summed
by decider, for robust errors.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import estimates, identification
from sim.experiments.estimation.conditional_logit import Choices, Index
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.newton import Array, Maximum

NAMES = {"normal": "n", "lognormal": "ln", "minus lognormal": "ln", "truncated normal": "tn", "triangular": "t",
         "uniform": "u"}       # of distributions: here, and in the library
SPREAD = "sd"                  # what the names of spreads begin with
START, LEAST = 0.1, 0.05       # of a spread; of a coefficient whose logarithm is taken
CELLS = 20_000_000             # of an array over draws, above which the library takes them in parts


class Undecided(Exception):
    """The choices do not decide some parameters, or the search found no maximum."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class Mixed(NamedTuple):
    """A fit: means (of the logarithm where lognormal) in the order of the regressors, then spreads."""

    names: tuple[str, ...]
    found: Maximum
    scores: Array              # (decider, parameter)


def fit(choices: Choices, distributions: Mapping[str, str], decider: ArrayLike | None = None, draws: int = 500,
        start: Array | None = None) -> Mixed:
    """The fit with coefficients of these distributions, by the names of regressors; choices without effects.

    `decider` tells whose choice each is, everybody's own by default. InputError where the library is missing,
    Undecided where the search finds no maximum.
    """
    model = _library()
    varying = [name for name in choices.names if name in distributions]
    laws = [distributions.get(name, "") for name in choices.names]
    sign = np.where([law == "minus lognormal" for law in laws], -1.0, 1.0)
    order, of = _by_decider(decider, len(choices.chosen))
    begin = sign * (logit.fit(choices).point if start is None else start)
    begin = np.where([NAMES.get(law) == "ln" for law in laws], np.log(np.maximum(begin, LEAST)), begin)
    ours = choices.at(order)
    with np.errstate(all="ignore"):                     # a step too far overflows, and the search takes half of it
        _run(model, ours._replace(x=ours.x * sign), of, {name: NAMES[distributions[name]] for name in varying}, draws,
             np.append(begin, np.full(len(varying), START)))
    names = (*choices.names, *(f"{SPREAD} {name}" for name in varying))
    return Mixed(names, *_told(model, of, len(choices.names), names))


def estimate(choices: Choices, distributions: Mapping[str, str], null: float, decider: ArrayLike | None = None,
             draws: int = 500, start: Array | None = None) -> Estimate:
    """The Estimate of a fit, clustered by decider; Undecided where the choices do not decide it."""
    made = fit(choices, distributions, decider, draws, start)
    flat = identification.undecided(made.found, made.names)
    if flat:
        raise Undecided(flat)
    found = estimates.of_maximum(made.names, made.found, made.scores, np.arange(len(made.scores)), null)
    return found._replace(number=len(choices.chosen), alternatives=int(choices.available.sum(axis=1).max()))


def _library() -> Any:
    try:
        import xlogit
    except ModuleNotFoundError:
        raise InputError(Problem("", "models.mixed", _("a mixed logit needs xlogit, which is not installed"),
                                 remedy=_("pip install \"cluster-formation-simulator[estimation]\", or leave out "
                                          "models.mixed"))) from None
    return xlogit.MixedLogit()


def _by_decider(decider: ArrayLike | None, number: int) -> tuple[Index, Index]:
    """(order of choices in which those of a decider are together, number of each one's decider in that order).

    Deciders are in the order in which they appear, which decides whose draws are whose.
    """
    if decider is None:
        return np.arange(number), np.arange(number)
    _labels, first, of = np.unique(np.asarray(decider), return_index=True, return_inverse=True)
    of = first.argsort().argsort()[of.ravel()]
    order = np.argsort(of, kind="stable")
    return order, of[order]


def _run(model, choices, of, laws, draws, begin):
    """Run the library's search. It takes tables with a row a chooser and alternative, their alternatives numbered."""
    number, wide, regressors = choices.x.shape
    flat = lambda each: np.ascontiguousarray(each).reshape(-1)                                           # noqa: E731
    chosen = np.arange(wide) == choices.chosen[:, None]
    panels = np.repeat(of, wide) if len(np.unique(of)) < number else None
    x = np.where(choices.available[..., None], choices.x, 0.0).reshape(-1, regressors)
    model.fit(x, flat(chosen.astype(int)), list(choices.names), np.tile(np.arange(wide), number),
              np.repeat(np.arange(number), wide), laws, avail=flat(choices.available.astype(int)), panels=panels,
              init_coeff=begin, n_draws=draws, verbose=0, num_hess=True, mnl_init=False,
              addit=flat(choices.correction) if choices.correction.any() else None,
              batch_size=max(CELLS // max(number * wide, 1), 1))


def _told(model, of, regressors, names):
    """(Maximum, (decider, parameter) scores) of what the library found; a spread has no sign."""
    point = np.asarray(model.coeff_, float)
    if not (model.convergence and np.isfinite(point).all() and np.isfinite(model.loglikelihood)):
        raise Undecided(list(names[regressors:]))
    turn = np.where((np.arange(len(point)) >= regressors) & (point < 0.0), -1.0, 1.0)
    hessian = -np.linalg.inv(model.hess_inv) * np.outer(turn, turn)
    scores = np.stack([np.bincount(of, column) for column in np.asarray(model.grad_n).T], axis=1) * turn
    return Maximum(point * turn, float(model.loglikelihood), scores.sum(axis=0), 0.5 * (hessian + hessian.T),
                   int(model.total_iter), True), scores
