"""Models beside the conditional logit of a list's choices: nested by a column of the places, and mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.errors import InputError
from sim.base.messages import _, listed
from sim.experiments.estimation import estimates, identification, mixed_logit, nested_logit

if TYPE_CHECKING:
    from sim.experiments.estimation.conditional_logit import Choices
    from sim.experiments.estimation.estimates import Estimate
    from sim.experiments.estimation.one_kind import Case


def nested(case: Case, found: Estimate, notes: list[str]) -> Estimate | None:
    """Estimate of a nested logit, its dissimilarity parameters last; None where the choices do not decide it."""
    given, key = case.given, ("models", "nests")
    column = given.spec.values.models.nests
    if column not in given.where.frame:
        raise InputError(given.spec.problem(key, _("{file} has no column {name}", file=given.where.file,
                                                   name=repr(column))))
    if case.sampled:
        raise InputError(given.spec.problem(key, _("a nested logit needs all alternatives"), "",
                                            _("raise choices.most_alternatives")))
    labels, of = np.unique(given.where.frame[column].to_numpy(object).astype(str), return_inverse=True)
    if np.bincount(of).max() < 2 or of.max() < 1:
        raise InputError(given.spec.problem(key, _("it makes no nests"),
                                            _("two values at least, one of them of several places")))
    nests = nested_logit.of(of, labels, given.spec.values.models.dissimilarity)
    names = (*case.choices.names, *nests.names)
    best = nested_logit.fit(case.choices, nests, np.append(found.coefficients, np.full(len(nests.names), 0.9)))
    flat = identification.undecided(best, names)
    if flat:
        notes.append(_("the choices do not identify a nested logit: {names}", names=listed(flat)))
        return None
    scores = nested_logit.evaluate(case.choices, nests, best.point)[1]
    made = estimates.of_maximum(names, best, scores, case.cluster, found.null)
    return made._replace(alternatives=found.alternatives)


def mixed(case: Case, choices: Choices, found: Estimate, notes: list[str]) -> Estimate | None:
    """Estimate of a mixed logit, clustered by firm; None where none is asked for of these choices."""
    asked = case.given.spec.values.models
    laws = {name: law for name, law in asked.mixed.items() if name in choices.names}
    if not laws:
        return None
    if case.sampled:
        raise InputError(case.given.spec.problem(("models", "mixed"), _("a mixed logit needs all alternatives"), "",
                                                 _("raise choices.most_alternatives")))
    try:
        return mixed_logit.estimate(choices, laws, found.null, case.events.firm, asked.draws, found.coefficients)
    except mixed_logit.Undecided as error:
        notes.append(_("the choices do not identify a mixed logit: {names}", names=listed(error.names)))
        return None
