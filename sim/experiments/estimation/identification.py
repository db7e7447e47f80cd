"""Whether the data decide the coefficients: what is in the way is named in one sentence each.

Before a fit: fewer than two alternatives, regressors that do not vary among a chooser's alternatives, regressors of
which one follows from others, effects of places that nobody chose. After a fit: perfect prediction (a direction d with
z_ij d <= 0 for every alternative j that was not chosen; Albert & Anderson 1984), a Hessian that is singular.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _, listed
from sim.experiments.estimation.conditional_logit import Choices, Likelihood
from sim.experiments.estimation.newton import Array, Maximum

FLAT = 1e-9                    # of the largest curvature, below which a direction is not decided
SAME = 1e-12                   # variance within choice sets, of the mean square, of a regressor that does not vary
NAMED = 0.05                   # share of a direction from which a regressor is named


def chosen_only(choices: Choices) -> tuple[Choices, list[str]]:
    """Choices without the alternatives whose effect nobody chose (it is minus infinity), and the names of these."""
    count = np.arange(len(choices.chosen))
    at = choices.effect[count, choices.chosen]
    taken = np.bincount(at[at >= 0], minlength=len(choices.effects)) > 0
    if taken.all():
        return choices, []
    number = np.append(np.where(taken, np.cumsum(taken) - 1, -1), -1)
    never = (choices.effect >= 0) & ~np.append(taken, True)[choices.effect]
    left = choices._replace(available=choices.available & ~never, effect=number[choices.effect],
                            effects=tuple(np.array(choices.effects, object)[taken]))
    return left, [name for name, known in zip(choices.effects, taken) if not known]


def check(choices: Choices) -> None:
    """InputError with a sentence for each thing that keeps the coefficients from being decided."""
    problems = list(_too_few(choices)) or list(_constant(choices)) or list(_collinear(choices))
    if problems:
        raise InputError(problems)


def check_fit(choices: Choices, found: Maximum, at_zero: Array) -> None:
    """InputError where a fit ran away or is not unique; `at_zero` is the Hessian with all coefficients 0."""
    scale = np.sqrt(np.maximum(np.diag(-at_zero), 1e-300))
    curvature, vectors = np.linalg.eigh(-found.hessian / np.outer(scale, scale))
    if found.converged and curvature[0] > FLAT * max(curvature[-1], 1.0):
        return
    guilty = perfect(choices)
    if guilty:
        raise InputError(Problem("", listed(guilty), _("it predicts every choice, so its coefficient is unbounded"),
                                 remedy=_("leave it out, or use more choices")))
    if curvature[0] > FLAT * max(curvature[-1], 1.0):
        raise InputError(Problem("", "", _("the search for the maximum did not converge in {count} steps",
                                           count=found.steps), remedy=_("leave out the effects, or regressors")))
    raise InputError(Problem("", listed(_named(vectors[:, 0], choices.parameters)),
                             _("these coefficients are not identified: the Hessian is singular"),
                             remedy=_("leave one of them out")))


def within_effects(choices: Choices) -> list[str]:
    """Names of regressors that follow from the effects of places, such as what never changes at a place."""
    out: list[str] = []
    while True:
        kept = [k for k, name in enumerate(choices.names) if name not in out]
        some = choices._replace(x=choices.x[..., kept], names=tuple(choices.names[k] for k in kept))
        flat = [name for names in _flat(some) for name in names if name in some.names]
        if not flat or len(kept) < 2:
            return sorted({*out, *flat}, key=choices.names.index)
        out.append(max(flat, key=choices.names.index))


def undecided(found: Maximum, names: Sequence[str]) -> list[str]:
    """Names of the parameters that a maximum does not decide; all of them where it is none."""
    if not found.converged:
        return list(names)
    return [name for each in directions(-found.hessian, names) for name in each]


def perfect(choices: Choices) -> list[str]:
    """Names of the regressors that predict every choice, each alone or else together; none if the choices overlap."""
    from scipy.optimize import linprog

    count = np.arange(len(choices.chosen))
    others = choices.available.copy()
    others[count, choices.chosen] = False
    z = (choices.x - choices.x[count, choices.chosen][:, None])[others]
    z = z / np.maximum(np.abs(z).max(axis=0), 1e-300)
    alone = ((z >= 0).all(axis=0) | (z <= 0).all(axis=0)) & z.any(axis=0)
    if alone.any():
        return [name for name, guilty in zip(choices.names, alone) if guilty]
    found = linprog(z.sum(axis=0), A_ub=z, b_ub=np.zeros(len(z)), bounds=(-1, 1))
    if found.status != 0 or found.fun > -1e-6:
        return []
    return [name for name, each in zip(choices.names, found.x) if abs(each) > 1e-6]


def directions(information: Array, names: Sequence[str]) -> Iterator[list[str]]:
    """Names of the parameters in each direction in which an information matrix is flat."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    for vector in vectors[:, values < FLAT * max(values[-1], 1.0)].T:
        yield _named(vector, names)


def _named(vector, names):
    return [name for name, part in zip(names, np.abs(vector)) if part > NAMED * np.abs(vector).max()]


def _too_few(choices):
    if not choices.names:
        yield Problem("", "", _("no regressor is left that bears on these choices"),
                      remedy=_("another regressor; distance means nothing for an arrival"))
    elif not len(choices.chosen):
        yield Problem("", "", _("there are no choices to estimate from"), _("firms that arrive or move"))
    elif choices.available.sum(axis=1).max() < 2:
        yield Problem("", "", _("there is only one alternative"), _("two or more places to choose from"))


def _constant(choices):
    """Regressors that are the same for all alternatives of a chooser, whoever it is."""
    mean, square = _moments(choices)
    spread = (square - mean ** 2).sum(axis=0)
    for name, within, size in zip(choices.names, spread, square.sum(axis=0)):
        if not within > SAME * size:
            yield Problem("", name, _("it does not vary among the alternatives of any chooser"),
                          remedy=_("leave it out: choices among places cannot identify it"))


def _moments(choices):
    """(chooser, regressor) mean and mean square over available alternatives."""
    weight = choices.available / choices.available.sum(axis=1, keepdims=True)
    x = np.where(choices.available[..., None], choices.x, 0.0)
    return np.einsum("ij,ijk->ik", weight, x), np.einsum("ij,ijk->ik", weight, x ** 2)


def _collinear(choices):
    for names in _flat(choices):
        own = [name for name in names if name in choices.names]
        if len(own) > 1:
            yield Problem("", listed(own), _("they are collinear: one follows from the others"),
                          remedy=_("leave one of them out"))
        elif own:
            yield Problem("", own[0], _("it follows from the effects of the places"),
                          remedy=_("leave it out, or the effects"))
        else:
            yield Problem("", listed(names), _("their effects cannot be separated: no chooser had them all"))


def _flat(choices):
    """Names of the parameters in each direction that the choices do not decide where all coefficients are 0."""
    return directions(-Likelihood(choices).value(np.zeros(len(choices.parameters))).hessian, choices.parameters)
