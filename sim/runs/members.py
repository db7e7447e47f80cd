"""Where a worker makes runs: scenarios of a SweepSpec, the points of a chunk, members side by side."""

from __future__ import annotations

import dataclasses
import functools
import traceback
from typing import TYPE_CHECKING, Any

import numpy as np
import pydantic

from sim.base.calendar import Calendar
from sim.base.errors import InputError, SimError, in_a_line
from sim.base.messages import _
from sim.config import fault_wording, toml_file
from sim.model.ensemble import Member, members_of
from sim.model.preflight import validation
from sim.model.shared_base_years import SharedBaseYears
from sim.model.simulate import simulate
from sim.results import account_axes, account_scalars, reading, scalars
from sim.runs.plan import ENSEMBLE
from sim.scenario import load as scenario_files
from sim.scenario import parameter_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from sim.region.load import Region
    from sim.runs.plan import Chunk
    from sim.runs.worker import ExperimentSpec, WorkerContext
    from sim.scenario.load import Scenario
    from sim.scenario.schema import Whole


@functools.lru_cache(maxsize=2)
def bench(context: WorkerContext) -> Bench:
    """The Bench of a SweepSpec, built once in a process."""
    return Bench(context.specs)


class Bench:
    """Scenarios of a SweepSpec, built when first used, and the runs made from them; base years are solved once."""

    def __init__(self, specs: Sequence[ExperimentSpec]) -> None:
        self.specs, self.base_years = specs, SharedBaseYears()
        self._scenarios: dict[Any, Any] = {}       # and the last point, under its name

    def results(self, chunk: Chunk) -> tuple[dict[str, Any], list[str | None], tuple[str, ...]]:
        """(column -> values, reasons, tracebacks) of a chunk's runs, in their order."""
        found: dict[str, Any] = {}
        reasons: list[str | None] = [None] * len(chunk.runs)
        traces: list[str] = []
        members = [self._member(chunk, k) for k in range(len(chunk.runs))]
        for k, member in enumerate(members):
            if isinstance(member, str):
                reasons[k] = member
        sound = np.array([k for k, why in enumerate(reasons) if why is None], dtype=int)
        for which in _ensembles(chunk.groups, sound):
            self._simulated(chunk, members, which, (found, reasons, traces))
        return found, reasons, tuple(traces)

    def _simulated(self, chunk: Chunk, members: Sequence[Member | str], which: NDArray[np.intp],
                   into: tuple[dict[str, Any], list[str | None], list[str]]) -> None:
        """Simulate members together; where that fails, halves of them, down to the one that fails."""
        found, reasons, traces = into
        region, kept = self._scenario(chunk)[1], self.specs[chunk.experiment].kept
        values = members[which[0]].values
        calendar = Calendar.between(values.time.start, values.time.end)
        try:
            outcome = simulate(region, [members[k] for k in which], shared=self.base_years,
                               wanted=reading.of(kept, calendar))
        except Exception as error:                   # of one run, which must not cost the others theirs
            if len(which) > 1:
                for half in np.array_split(which, 2):
                    self._simulated(chunk, members, half, into)
                return
            reasons[which[0]] = _reason(error)
            if not isinstance(error, SimError):
                traces.append(traceback.format_exc())
            return
        relief = account_axes.relief([instrument for _name, instrument, _section in members[which[0]].policies])
        numbers = scalars.of_outcome(outcome, region, calendar, kept) | \
            account_scalars.of_arrays(outcome.arrays, region, relief)
        for name, column in numbers.items():
            _put(found, name, column, which, len(members))

    def _member(self, chunk: Chunk, k: int) -> Member | str:
        """The Member of a run, or why there can be none."""
        scenario, region = self._scenario(chunk)
        spec, point = self.specs[chunk.experiment], int(chunk.points[k])
        key = (chunk.experiment, chunk.scenario, point)
        try:
            values, policies = self._point(key, chunk, k, scenario, region, spec)
        except (InputError, pydantic.ValidationError) as error:
            return _reason(error)
        return Member(values, policies, int(chunk.replicates[k]))

    def _point(self, key: tuple[int, int, int], chunk: Chunk, k: int, scenario: Scenario, region: Region,
               spec: ExperimentSpec) -> tuple[Whole, tuple[Any, ...]]:
        """(values, policies) of a point; neighbours in a chunk are often replicates of one."""
        if self._scenarios.get("point", (None,))[0] != key:
            self._scenarios["point"] = key, _at_point(scenario, region, spec, chunk, k)
        values, policies = self._scenarios["point"][1]
        return values, policies

    def _scenario(self, chunk: Chunk) -> tuple[Scenario, Region]:
        """(Scenario, Region) of a chunk."""
        key = chunk.experiment, chunk.scenario
        if key not in self._scenarios:
            files, region = self.specs[chunk.experiment].scenario(chunk.scenario)
            self._scenarios[key] = scenario_files.over(files), region
        scenario, region = self._scenarios[key]
        return scenario, region


def _at_point(scenario: Scenario, region: Region, spec: ExperimentSpec, chunk: Chunk,
              k: int) -> tuple[Whole, tuple[Any, ...]]:
    """(values, policies) of a scenario at a point.

    What decides which policies there are goes the long way, through the loader and the region's checks.
    """
    active = spec.active[chunk.scenario]
    structural = [(path, chunk.values[axis.name][k]) for axis, there in zip(spec.axes, active) if there
                  for path in axis.paths if not parameter_paths.is_plain(path)]
    if structural:
        layers = [parameter_paths.layer(path, value, _("axis {key}", key=toml_file.dotted(path)))
                  for path, value in structural]
        scenario = scenario_files.over((*scenario.layers.sources, *layers))
    point = {name: {k: column[k]} for name, column in chunk.values.items()}
    changes = parameter_paths.set_by_point(point, spec.axes, active, k)
    values = parameter_paths.replaced(scenario, [*changes, (("run", "replicates"), spec.replicates)])
    loaded = dataclasses.replace(scenario, values=values)
    if any(axis.apart for axis in spec.axes):
        problems = validation.against_region(loaded, region, threads=0)
        if problems:
            raise InputError(problems)
    return values, members_of(loaded, [0])[0].policies


def _ensembles(groups: NDArray[np.int64], sound: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Places in a chunk of those who are simulated side by side."""
    for group in dict.fromkeys(groups[sound].tolist()):
        which = sound[groups[sound] == group]
        yield from np.array_split(which, -(-len(which) // ENSEMBLE))


def _put(found: dict[str, Any], name: str, column: NDArray[np.float64], which: NDArray[np.intp], length: int) -> None:
    """Write values of some runs into the column of all; series are rows of their own lengths."""
    if column.ndim == 1:
        found.setdefault(name, np.full(length, np.nan))[which] = column
        return
    rows = found.setdefault(name, [None] * length)
    for k, row in zip(which, column):
        rows[k] = row


def _reason(error: Exception) -> str:
    """Why a run has no result, in one line, the same on every machine."""
    if isinstance(error, pydantic.ValidationError):
        return fault_wording.in_a_line(error)
    return in_a_line(error)
