"""Where a worker makes runs: scenarios of a blueprint, the points of a chunk, members side by side."""

import dataclasses
import functools
import traceback

import numpy as np
import pydantic

from sim.base.calendar import Calendar
from sim.base.errors import InputError, SimError
from sim.base.messages import _
from sim.config import toml_file
from sim.model.ensemble import Member, members_of
from sim.model.preflight import validation
from sim.model.shared_base_years import SharedBaseYears
from sim.model.simulate import simulate
from sim.results import scalars
from sim.scenario import load as scenario_files
from sim.scenario import parameter_paths

ENSEMBLE = 20                  # members side by side at most: more take memory and save no time


@functools.lru_cache(maxsize=2)
def bench(kit):
    """The Bench of a blueprint, built once in a process."""
    return Bench(kit.specs)


class Bench:
    """Scenarios of a blueprint, built when first used, and the runs made from them; base years are solved once."""

    def __init__(self, specs):
        self.specs, self.base_years = specs, SharedBaseYears()
        self._bases = {}

    def results(self, chunk):
        """(column -> values, reasons, tracebacks) of a chunk's runs, in their order."""
        found, reasons, traces = {}, [None] * len(chunk.runs), []
        members = [self._member(chunk, k) for k in range(len(chunk.runs))]
        for k, member in enumerate(members):
            if isinstance(member, str):
                reasons[k] = member
        sound = np.array([k for k, why in enumerate(reasons) if why is None], dtype=int)
        for which in _ensembles(chunk.groups, sound):
            self._simulated(chunk, members, which, (found, reasons, traces))
        return found, reasons, tuple(traces)

    def _simulated(self, chunk, members, which, into):
        """Simulate members together; where that fails, halves of them, down to the one that fails."""
        found, reasons, traces = into
        region = self._base(chunk)[1]
        try:
            outcome = simulate(region, [members[k] for k in which], shared=self.base_years)
        except Exception as error:                   # of one run, which must not cost the others theirs
            if len(which) > 1:
                for half in np.array_split(which, 2):
                    self._simulated(chunk, members, half, into)
                return
            reasons[which[0]] = _reason(error)
            if not isinstance(error, SimError):
                traces.append(traceback.format_exc())
            return
        values = members[which[0]].values
        calendar = Calendar.between(values.time.start, values.time.end)
        kept = self.specs[chunk.experiment].kept
        for name, column in scalars.of_outcome(outcome, region, calendar, kept).items():
            _put(found, name, column, which, len(members))

    def _member(self, chunk, k):
        """The Member of a run, or why there can be none."""
        base, region = self._base(chunk)
        spec, point = self.specs[chunk.experiment], int(chunk.points[k])
        key = (chunk.experiment, chunk.base, point)
        try:
            values, policies = self._point(key, chunk, k, base, region, spec)
        except (InputError, pydantic.ValidationError) as error:
            return _reason(error)
        return Member(values, policies, int(chunk.replicates[k]))

    def _point(self, key, chunk, k, base, region, spec):
        """(values, policies) of a point; neighbours in a chunk are often replicates of one."""
        if self._bases.get("point", (None,))[0] != key:
            self._bases["point"] = key, _at_point(base, region, spec, chunk, k)
        return self._bases["point"][1]

    def _base(self, chunk):
        """(Scenario, Region) of a chunk."""
        key = chunk.experiment, chunk.base
        if key not in self._bases:
            files, region = self.specs[chunk.experiment].base(chunk.base)
            self._bases[key] = scenario_files.over(files), region
        return self._bases[key]


def _at_point(base, region, spec, chunk, k):
    """(values, policies) of a scenario at a point.

    What decides which policies there are goes the long way, through the loader and the region's checks.
    """
    active = spec.active[chunk.base]
    structural = [(path, chunk.values[axis.name][k]) for axis, there in zip(spec.axes, active) if there
                  for path in axis.paths if not parameter_paths.is_plain(path)]
    if structural:
        layers = [parameter_paths.layer(path, value, _("axis {key}", key=toml_file.dotted(path)))
                  for path, value in structural]
        base = scenario_files.over((*base.layers.sources, *layers))
    point = {name: {k: column[k]} for name, column in chunk.values.items()}
    changes = parameter_paths.set_by_point(point, spec.axes, active, k)
    values = parameter_paths.replaced(base, [*changes, (("run", "replicates"), spec.replicates)])
    loaded = dataclasses.replace(base, values=values)
    if any(axis.apart for axis in spec.axes):
        problems = validation.against_region(loaded, region, threads=0)
        if problems:
            raise InputError(problems)
    return values, members_of(loaded, [0])[0].policies


def _ensembles(groups, sound):
    """Places in a chunk of those who are simulated side by side."""
    for group in dict.fromkeys(groups[sound].tolist()):
        which = sound[groups[sound] == group]
        yield from np.array_split(which, -(-len(which) // ENSEMBLE))


def _put(found, name, column, which, length):
    """Write values of some runs into the column of all; series are rows of their own lengths."""
    if column.ndim == 1:
        found.setdefault(name, np.full(length, np.nan))[which] = column
        return
    rows = found.setdefault(name, [None] * length)
    for k, row in zip(which, column):
        rows[k] = row


def _reason(error):
    """Why a run has no result, in one line, the same on every machine."""
    if isinstance(error, pydantic.ValidationError):
        return "; ".join(each["msg"] for each in error.errors(include_url=False))
    text = " ".join(str(error).split())
    return text if isinstance(error, SimError) else f"{type(error).__name__}: {text}"
