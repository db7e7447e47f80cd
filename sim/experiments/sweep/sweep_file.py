"""A sweep file against its scenarios: experiments with axes and points, or every problem at once.

sweep.toml, the scenarios that it names  ->  Sweep (experiments, each with its columns of points)
"""

import dataclasses
import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config import toml_file
from sim.config.check import check, problem, unprintable
from sim.config.fault_wording import describe
from sim.config.layers import Layers, chain, merge
from sim.config.toml_positions import Key
from sim.experiments.sweep import axes_from_file, design
from sim.experiments.sweep.axes import Axis
from sim.experiments.sweep.sections import Common, Outputs, SweepFile
from sim.model.preflight import validation
from sim.region.load import Region
from sim.results import scalars
from sim.scenario import load as scenario_files
from sim.scenario.load import Scenario

SCENARIOS_OWN = {"extends", "region", "time", "run", "policies"}         # keys that a sweep file never has
OWN = ("title", "title_zh", "description", "description_zh", "experiments")      # of the file, not of an experiment


@dataclass(frozen=True)
class SweptScenario:
    """A scenario of an experiment: its name in the results, and what a worker builds points from."""

    label: str
    scenario: Scenario
    region: Region
    active: tuple[bool, ...]              # axis by axis: whether the scenario has its parameter


@dataclass(frozen=True)
class Experiment:
    """Points times scenarios times replicates, with one design."""

    name: str
    scenarios: tuple[SweptScenario, ...]
    axes: tuple[Axis, ...]
    settings: Common           # the Section of the sweep file
    replicates: int
    columns: dict[str, NDArray[Any]]              # axis -> (point,) values
    points: int
    notes: tuple[str, ...] = ()          # what was made of the request, to be said aloud

    @property
    def runs(self) -> int:
        return self.points * len(self.scenarios) * self.replicates

    @property
    def kept(self) -> Outputs:
        """What is kept of every run."""
        return self.settings.outputs


@dataclass(frozen=True)
class Sweep:
    """A sweep file that is understood."""

    path: str
    text: str
    values: SweepFile
    experiments: tuple[Experiment, ...]

    @functools.cached_property
    def name(self) -> str:
        return os.path.splitext(os.path.basename(self.path))[0]

    @property
    def runs(self) -> int:
        return sum(experiment.runs for experiment in self.experiments)

    @property
    def notes(self) -> list[str]:
        return [note for experiment in self.experiments for note in experiment.notes]


class Place(Layers):
    """One experiment in its file: tells where a key stands, its own table before the top."""

    def __init__(self, source: toml_file.Source, name: str) -> None:
        super().__init__([source])
        self.prefix, self.directory = ("experiments", name) if name else (), os.path.dirname(source.path)

    def path(self, key: Key) -> Key:
        own = (*self.prefix, *key)
        return own if self.has(own) else key

    def problem(self, key: Key, wrong: str, expected: str = "", remedy: str = "") -> Problem:
        return problem(self, self.path(key), wrong, expected, remedy)

    def where(self, path: Key) -> str:
        return super().where(self.path(path))


def read(path: str | Path, settings: Iterable[str] = (), replicates: int | None = None) -> Sweep:
    """The Sweep in a file; `settings` are "key=value" texts for all scenarios, after the file's own.

    Raises InputError with every problem at once.
    """
    return of_source(toml_file.read(path), settings, replicates)


def of_source(source: toml_file.Source, settings: Iterable[str] = (), replicates: int | None = None) -> Sweep:
    """The same of a Source that is read already."""
    problems: Any                  # by key path, then a list
    _refuse_scenario(source)
    values, problems = check(SweepFile, source.data, Layers([source]))
    problems = unprintable(source.data, Layers([source])) | problems
    if problems:
        raise InputError(problems.values())
    top = {key: value for key, value in source.data.items() if key not in OWN}
    tables = source.data.get("experiments") or {"": {}}
    found, problems = [], []
    for name, table in tables.items():
        try:
            found.append(_experiment(source, name, top, table, (settings, replicates)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    sweep = Sweep(source.path, source.text, values,  # type: ignore[arg-type]  # without problems there are values
                  tuple(found))
    design.refuse_too_many(sweep.runs, Place(source, ""), ("replicates",))
    return sweep


def _refuse_scenario(source):
    """InputError for a scenario file: all its keys would be unknown."""
    if SCENARIOS_OWN & set(source.data) and not {"scenario", "experiments"} & set(source.data):
        raise InputError(Problem(source.path, "", _("this is a scenario file, not a sweep file"), "",
                                 _("name it in a sweep file: scenario = {file}", file=f'"{Path(source.path).name}"')))


def _experiment(source, name, top, table, given):
    place = Place(source, name)
    if not isinstance(table, dict):
        raise InputError(place.problem((), _("{given} is not an experiment", given=describe(table)), _("a table")))
    if name and not (name.replace("-", "_").isidentifier() and name.isascii() and len(name) <= 64):
        raise InputError(place.problem((), _("{name!r} cannot name an experiment", name=name[:80]),   # it names files
                                       _("at most 64 letters, digits, - and _, a letter first")))
    settings, problems = check(Common, merge(top, table), place)
    if problems:
        raise InputError(problems.values())
    more, replicates = given
    scenarios = _scenarios(settings, place, more)
    axes, notes = axes_from_file.axes_of(settings, scenarios, place)
    scenarios = tuple(dataclasses.replace(swept, active=axes_from_file.active(axes, swept.scenario))
                      for swept in scenarios)
    replicates = replicates or settings.replicates or scenarios[0].scenario.values.run.replicates
    scalars.refuse_unknown(settings.outputs, scenarios, place)
    size = (len(scenarios) * replicates, place)
    columns, points, said = design.columns(settings, axes, size)
    design.refuse_broken(columns, points, axes, scenarios, place)
    return Experiment(name or "main", scenarios, axes, settings, replicates, columns, points, (*notes, *said))


def _scenarios(settings, place, more):
    """The scenarios of an experiment with its settings, each checked with its region."""
    names = [settings.scenario] if isinstance(settings.scenario, str) else settings.scenario
    if not names or not all(names):
        raise InputError(place.problem(("scenario",), _("no scenario is named"), _("one or more scenario files")))
    found, regions = [], {}
    for name in names:
        path = os.path.join(place.directory, name)
        path = path if os.path.exists(path) or path.endswith(".toml") else f"{path}.toml"
        source = toml_file.read(path, cited=(place.where(("scenario",)), "scenario", _("a scenario file")))
        loaded = scenario_files.over(chain(source), (*settings.set, *more))
        found.append(SweptScenario(loaded.name, loaded, _region(loaded, regions), ()))
    labels = [swept.label for swept in found]
    repeated = [label for label in labels if labels.count(label) > 1]
    if repeated:
        raise InputError(place.problem(("scenario",), _("{name!r} occurs twice", name=repeated[0]),
                                       _("each scenario once")))
    return found


def _region(loaded, known):
    """The region of a scenario, read once for all that name it, and checked against each."""
    name = loaded.values.region
    if name not in known:
        known[name] = validation.region_of(loaded, sharing=True)
    problems = validation.against_region(loaded, known[name], sharing=True)
    if problems:
        raise InputError(problems)
    return known[name]
