"""A scalar of a scenario as a function of one key's value, replicate by replicate under equal draws."""

import dataclasses
import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import Calendar, first_day, quarter_of
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config import toml_file
from sim.config.toml_positions import Key
from sim.experiments.sweep.sections import Outputs
from sim.model.ensemble import members_of
from sim.model.preflight import validation
from sim.model.shared_base_years import SharedBaseYears
from sim.model.simulate import simulate
from sim.region.load import Region
from sim.results import scalars
from sim.runs import in_memory
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario

KINDS = ("float", "int", "date")
_TYPES = {"float": _("a number"), "int": _("a whole number"), "date": _("a date such as 2028-01-31")}


class Wanted(NamedTuple):
    """What is measured: a scalar, SCALAR@2030-Q4 at a quarter, in how many replicates on how many threads."""

    column: str
    replicates: int
    jobs: int
    shared: SharedBaseYears             # SharedBaseYears: few values that are turned enter the base year


@dataclasses.dataclass(frozen=True)
class SearchVariable:
    """A key of a scenario that a search turns; a date counts in quarters."""

    scenario: Scenario
    region: Region
    path: Key
    kind: str

    @property
    def whole(self) -> bool:
        return self.kind != "float"

    def value(self, number: float) -> Any:
        """The value that stands in the scenario for a number of the search."""
        if self.kind == "date":
            return first_day(number)
        return int(number) if self.kind == "int" else float(number)

    def number(self, text: str) -> float:
        """A value as the user typed it, as a number of the search; InputError if the key cannot have it."""
        given = _typed(text, self.kind)
        wrong = parameter_paths.fault(
            parameter_paths.target(self.scenario, self.path), given)  # type: ignore[arg-type]  # `path` is a key's
        if wrong:
            raise InputError(Problem("--between", toml_file.dotted(self.path), *wrong))
        return quarter_of(given) if self.kind == "date" else float(given)

    def turned(self, number: float) -> Scenario:
        """The scenario with the key at this number."""
        return parameter_paths.changed(self.scenario, [(self.path, self.value(number))])


def search_variable(scenario: Scenario, key: str) -> SearchVariable:
    """The SearchVariable of a dotted key; InputError if it names no number or date of the scenario."""
    path, found = parameter_paths.asked(scenario, key, "--key")
    kind = next((kind for kind in KINDS if kind in found.row.kind), "")
    if not kind or not parameter_paths.is_plain(path):
        raise InputError(Problem("--key", "", _("{key} is neither a number nor a date", key=key), "",
                                 _("choose another parameter")))
    return SearchVariable(scenario, validation.region_of(scenario), path, kind)


def of_scenario(scenario: Scenario, region: Region, wanted: Wanted) -> NDArray[np.float64]:
    """(replicate,) values of a scalar in a scenario."""
    name, _, quarter = wanted.column.partition("@")
    _refuse_unknown(name, quarter, scenario, region)
    kept = Outputs(quarters=[quarter] if quarter else [])
    calendar = Calendar.between(scenario.values.time.start, scenario.values.time.end)

    def of(replicates, helpers):
        outcome = simulate(region, members_of(scenario, replicates), helpers, wanted.shared)
        return scalars.of_outcome(outcome, region, calendar, kept)[wanted.column]

    return np.concatenate(in_memory.ended(in_memory.by_chunks(of, wanted.replicates, wanted.jobs)))


def _refuse_unknown(name, quarter, scenario, region):
    known = scalars.scalars([region])
    if name not in known:
        raise InputError(Problem("--of", "", _("there is no output {name!r}", name=name),
                                 _("a scalar output, such as headquarters_in_zone"), near_miss(name, known)))
    labels = Calendar.between(scenario.values.time.start, scenario.values.time.end).labels()
    if quarter and quarter not in labels:
        raise InputError(Problem("--of", "", _("the scenario does not reach {quarter}", quarter=quarter),
                                 _("a quarter from {first} to {last}", first=labels[0], last=labels[-1])))


def _typed(text, kind):
    """A number or date from its text; InputError for anything else."""
    try:
        return {"float": float, "int": int, "date": datetime.date.fromisoformat}[kind](text)
    except ValueError:
        raise InputError(Problem("--between", "", _("{text!r} cannot be read", text=text), _TYPES[kind])) from None
