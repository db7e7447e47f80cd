"""From a table of choices and a spec to coefficients: conditional, nested and mixed logit.

    prepare -> PreparedTable (choices, alternatives, report on the data) -> Estimation with one Result, of "choices"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _, listed
from sim.experiments.estimation import (
    choice_tables,
    estimates,
    firm_tables,
    further_models,
    specification_tests,
    table_regressors,
    table_spec,
)
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.ratios import Ratio, ratio

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sim.experiments.estimation.choice_tables import TableChoices
    from sim.experiments.estimation.data_report import DataReport
    from sim.experiments.estimation.firm_tables import FirmTable
    from sim.experiments.estimation.spec import Spec
    from sim.experiments.estimation.specification_tests import Hausman
    from sim.experiments.estimation.table_spec import TableFile

CHOICES, NONE = "choices", "none"


class PreparedTable(NamedTuple):
    """What is estimated from."""

    spec: Spec[TableFile]
    table: FirmTable
    made: TableChoices
    report: DataReport


class TableEstimation(NamedTuple):
    """Everything that is found of a table of choices."""

    prepared: PreparedTable
    estimate: Estimate
    elasticities: Any                      # (coefficient,)
    shares: float                          # log-likelihood of constants of the alternatives alone
    ratios: list[Ratio]
    hausman: tuple[str, Hausman] | None    # alternative left out, and the test
    nested: Estimate | None
    mixed: Estimate | None
    notes: tuple[str, ...]


def prepare(path: str | Path, spec_path: str | Path) -> PreparedTable:
    """A table that is read and put in order; InputError with what is wrong in it or in the spec."""
    spec = table_spec.read(spec_path)
    table = firm_tables.read(path, spec.values.table.sheet)
    return PreparedTable(spec, table, *choice_tables.read(table, spec))


def estimate(given: PreparedTable) -> Generator[tuple[int, int], None, TableEstimation]:
    """Yields (steps done, steps), and returns the TableEstimation."""
    _refuse_never_chosen(given)
    asked, made = given.spec.values.models, given.made
    notes: list[str] = []
    steps = 1 + bool(asked.nests) + bool(asked.mixed)
    first, left = estimates.of_choices(made.choices, made.decider)
    yield 1, steps
    nested = further_models.nested(given.spec, _nests(given), made.choices, made.decider, first, notes) \
        if asked.nests else None
    if asked.nests:
        yield 2, steps
    mixed = further_models.mixed(asked, made.choices, made.decider, first, notes)
    yield steps, steps
    made_ratios = [ratio(name, pair[0], pair[1], model, each) for name, pair in asked.ratios.items()
                   for model, each in ((NONE, first), ("nested", nested)) if each]
    return TableEstimation(given, first, _elasticities(given, left, first), _of_shares(left), made_ratios,
                           _hausman(given, left, first), nested, mixed, tuple(notes))


def _refuse_never_chosen(given):
    """InputError where an alternative that has a constant was chosen by nobody."""
    made = given.made
    chosen = np.bincount(made.choices.chosen, minlength=len(made.alternatives))
    never = [name for name, count in zip(made.alternatives, chosen) if not count]
    if never and given.spec.values.table.constants:
        raise InputError(Problem(given.table.file, listed(never), _("nobody chose it, so its constant is unbounded"),
                                 remedy=_("leave it out of table.alternatives, or constants = false")))


def _nests(given):
    """(alternative,) its nest, of its own where the spec names none."""
    owner = {name: nest for nest, names in given.spec.values.models.nests.items() for name in names}
    return [owner.get(name, f"\0{name}") for name in given.made.alternatives]


def _elasticities(given, choices, first):
    """(coefficient,) own point elasticities; nan of constants and of what is of choosers."""
    asked = given.spec.values.regressors
    logs = np.array([name in asked and asked[name].log for name in first.names], bool)
    found = specification_tests.point_elasticities(choices, first.found, logs)
    return np.where(_generic(first.names), found, np.nan)


def _of_shares(choices):
    """The log-likelihood of constants of the alternatives alone, those that nobody chose left out."""
    wide = choices.available.shape[1]
    taken = np.flatnonzero(np.bincount(choices.chosen, minlength=wide))
    if len(taken) < table_spec.FEWEST:
        return 0.0
    x = np.broadcast_to(np.eye(wide)[:, taken[1:]], (*choices.available.shape, len(taken) - 1))
    alone = choices._replace(x=x, names=tuple(map(str, taken[1:])), available=choices.available & np.isin(
        np.arange(wide), taken))
    return logit.fit(alone).value


def _generic(names):
    """(coefficient,) whether it is one for all alternatives."""
    return np.array([table_regressors.of_alternative(name) is None for name in names], bool)


def _hausman(given, choices, first):
    """(alternative that most chose, the test without it); None of fewer than four alternatives."""
    alternatives = given.made.alternatives
    if len(alternatives) < 4:
        return None
    most = int(np.bincount(choices.chosen).argmax())
    found = specification_tests.hausman_mcfadden(choices, first.found, np.arange(len(alternatives)) == most,
                                                 _generic(first.names))
    return (alternatives[most], found) if found else None
