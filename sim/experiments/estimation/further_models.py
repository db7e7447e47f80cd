"""Models beside the conditional logit of the same choices: nested by groups of alternatives, and mixed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import InputError
from sim.base.messages import _, listed
from sim.experiments.estimation import estimates, identification, mixed_logit, nested_logit
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.spec import Models, Spec, SpecFile
from sim.experiments.estimation.table_spec import TableFile, TableModels


def nested(spec: Spec[SpecFile] | Spec[TableFile], groups: Sequence[str], choices: Choices, cluster: ArrayLike,
           found: Estimate, notes: list[str]) -> Estimate | None:
    """Estimate of a nested logit, its dissimilarity parameters last; None where the choices do not decide it.

    groups: the nest of every alternative; found: the conditional logit, from which the search starts.
    """
    labels, of = np.unique(np.asarray(groups), return_inverse=True)
    if np.bincount(of).max() < 2 or of.max() < 1:
        raise InputError(spec.problem(("models", "nests"), _("it makes no nests"),
                                      _("two nests at least, one of them of several alternatives")))
    nests = nested_logit.of(of, labels, spec.values.models.dissimilarity)
    names = (*choices.names, *nests.names)
    best = nested_logit.fit(choices, nests, np.append(found.coefficients, np.full(len(nests.names), 0.9)))
    flat = identification.undecided(best, names)
    if flat:
        notes.append(_("the choices do not identify a nested logit: {names}", names=listed(flat)))
        return None
    scores = nested_logit.evaluate(choices, nests, best.point)[1]
    return estimates.of_maximum(names, best, scores, cluster, found.null)._replace(alternatives=found.alternatives)


def mixed(asked: Models | TableModels, choices: Choices, decider: ArrayLike, found: Estimate,
          notes: list[str]) -> Estimate | None:
    """Estimate of a mixed logit, the draws of a decider the same in all of its choices; None where undecided.

    None too where no law is asked for of a regressor of these choices.
    """
    laws = {name: law for name, law in asked.mixed.items() if name in choices.names}
    if not laws:
        return None
    try:
        return mixed_logit.estimate(choices, laws, found.null, decider, asked.draws, found.coefficients)
    except mixed_logit.Undecided as error:
        notes.append(_("the choices do not identify a mixed logit: {names}", names=listed(error.names)))
        return None
