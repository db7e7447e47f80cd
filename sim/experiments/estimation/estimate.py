"""From a list of firms and a spec to coefficients: the steps of `sim estimate` in their order.

    prepare -> Prepared (firms by year, counts, places, report on the data)
    each kind of choice -> Result (`one_kind`), and the hazard of moving at all -> Estimation
"""

from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _, listed
from sim.config import toml_file
from sim.experiments.estimation import (
    carried_keys,
    events,
    firm_tables,
    firms,
    one_kind,
    places,
    regressors,
    scenario_regressors,
    stay,
    table_estimate,
    table_spec,
)
from sim.experiments.estimation import spec as specs
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.one_kind import Prepared, Result
from sim.experiments.estimation.table_estimate import PreparedTable, TableEstimation
from sim.runs import progress

AT_ONCE = 20000                # firm-years whose regressors are worked out together


class Estimation(NamedTuple):
    """Everything that `sim estimate` finds."""

    prepared: Prepared
    results: dict[str, Result]                     # arrivals, moves
    stay: tuple[Estimate, list[str]] | None        # hazard of moving, and regressors that it does not decide


class Steps(NamedTuple):
    """An estimation from a list of firms or from a table of choices."""

    given: Prepared | PreparedTable
    steps: Generator[tuple[int, int], None, Estimation | TableEstimation]
    compiles: bool                                 # whether they need the engine


def steps(path: str | Path, spec_path: str | Path) -> Steps:
    """The Steps of an estimation, with everything read."""
    if table_spec.TABLE in toml_file.read(spec_path).data:
        table = table_estimate.prepare(path, spec_path)
        return Steps(table, table_estimate.estimate(table), False)
    given = prepare(path, spec_path)
    return Steps(given, estimate(given), bool(given.of_scenario))


def prepare(path: str | Path, spec_path: str | Path) -> Prepared:
    """A list that is read and cleaned; InputError with what is wrong in the list, the spec or its tables."""
    spec = specs.read(spec_path)
    carried_keys.refuse_unknown(spec)
    where = scenario_regressors.places(spec) if spec.values.places.scenario else places.read(spec)
    table = firm_tables.read(path, spec.values.firms.sheet)
    found, report = firms.clean(table, spec, where)
    tabled = scenario_regressors.table(spec, found.industries) if spec.values.places.scenario else None
    return Prepared(spec, table, where, found, events.stocks(found, len(where.ids)), report, tabled)


def estimate(given: Prepared) -> Generator[tuple[int, int], None, Estimation]:
    """Yields (steps done, steps), and returns the Estimation."""
    asked = given.spec.values
    moved = events.moves(given.firms, asked.choices.confirm_years, given.report)
    chosen = {"arrivals": events.arrivals(given.firms), "moves": moved}
    wanted = _wanted(given, chosen)
    each = asked.models.worlds + 1
    results: dict[str, Result] = {}
    for number, (kind, found) in enumerate(wanted.items()):
        states = progress.Ended(one_kind.result(given, kind, found))
        for worlds in states:
            yield number * each + worlds, each * len(wanted)
        results[kind] = states.value
    yield each * len(wanted), each * len(wanted)
    return Estimation(given, results, _stay(given, moved) if asked.models.stay and "moves" in wanted else None)


def _wanted(given, chosen):
    """{kind of choice: Events} of those that the list has; InputError where it has none of those asked for."""
    kinds = given.spec.values.choices.of
    found = {kind: _usable(given, kind, chosen[kind]) for kind in kinds}
    none = [kind for kind in kinds if not len(found[kind].firm)]
    if len(none) == len(kinds):
        raise InputError(Problem(given.table.file, "", _("there are no {kind} in these years",
                                                         kind=listed([_(kind) for kind in none])),
                                 remedy=_("more years, or an industry for more firms: a choice needs a year before it "
                                          "and an industry")))
    for kind in none:
        given.report.count(_("arrivals in these years: nothing to estimate") if kind == "arrivals" else
                           _("moves in these years: nothing to estimate"), 0)
    return {kind: each for kind, each in found.items() if kind not in none}


def _usable(given, kind, found):
    """Events in the years asked for, of firms whose industry is known."""
    inside = events.between(found, given.spec.values.choices.years, given.stock)
    known = inside & (found.industry >= 0)
    given.report.doubt(_("arrivals of an industry that is not known: not among the choices") if kind == "arrivals" else
                       _("moves of an industry that is not known: not among the choices"), int((inside & ~known).sum()))
    return found.at(known)


def _stay(given, moved):
    """Estimate of the hazard of moving, from the year before on."""
    risk, went = events.at_risk(given.firms, moved)
    inside = events.between(risk, given.spec.values.choices.years, given.stock) & (risk.industry >= 0)
    risk, went = risk.at(inside), went[inside]
    names = tuple(regressors.applying(given.spec, moving=False))
    if not went.any() or not names:
        return None
    parts = []                                               # what the present place is like: (firm-year, regressor)
    for rows in np.split(np.arange(len(went)), range(AT_ONCE, len(went), AT_ONCE)):
        x, known = one_kind.tabled(given, risk.at(rows))
        parts.append(x[np.arange(len(rows)), risk.origin[rows]][:, [known.index(name) for name in names]])
    return stay.estimate(np.concatenate(parts), names, risk.year, went, risk.firm)
