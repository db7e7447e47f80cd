"""What a worker does: members of a chunk side by side, failures told apart, rows as Parquet bytes.

A worker reads no file: scenario texts and region come with the blueprint. Nothing here plots, prints
or writes.
"""

import dataclasses
import functools
import pickle
import time
import traceback
import zlib
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pydantic

from sim import scenario, toml_source, validation
from sim.calendar import Calendar
from sim.ensemble import Member
from sim.errors import InputError, SimError
from sim.experiment import design, meaning, outputs, tables
from sim.simulation import members_of, simulate

ENSEMBLE = 20                  # members side by side at most: more take memory and save no time


class Spec(NamedTuple):
    """An experiment as a worker needs it."""

    name: str
    labels: tuple              # of the scenarios
    axes: tuple                # of Moved
    active: tuple              # scenario by scenario, axis by axis
    sources: tuple             # scenario by scenario: (files and settings, region)
    kept: object
    schema: pa.Schema


class Moved(NamedTuple):
    """What a worker must know of an axis."""

    name: str
    paths: tuple
    apart: bool


class Done(NamedTuple):
    """A chunk as it comes back."""

    content: bytes             # Parquet
    failed: tuple              # of (run, reason)
    seconds: float             # that it took
    traces: tuple              # tracebacks of what is nobody's input


class Blueprint:
    """Packed Specs, and the key of the sweep, for any number of workers."""

    def __init__(self, key, specs):
        self.key, self.specs = key, specs
        self.packed = zlib.compress(pickle.dumps((key, specs), protocol=5))

    def failed(self, chunk, why):
        """Done for runs that no worker could finish."""
        rows = tables.table(self.specs[chunk.experiment], chunk, {}, [why] * len(chunk.runs))
        return Done(tables.parquet(rows, self.key), tuple((int(run), why) for run in chunk.runs), 0.0, ())


def specs_of(experiments):
    """Specs of experiments."""
    return tuple(Spec(
        each.name, tuple(base.label for base in each.bases),
        tuple(Moved(axis.name, axis.paths, axis.apart) for axis in each.axes),
        tuple(base.active for base in each.bases),
        tuple((base.scenario.layers.sources, base.region) for base in each.bases),
        each.kept, tables.schema(each)) for each in experiments)


def work(packed, chunk):
    """Done for a chunk of the blueprint's sweep; raises nothing that a run can cause."""
    started = time.perf_counter()
    bench = _bench(packed)
    found, reasons, traces = bench.results(chunk)
    spec = bench.specs[chunk.experiment]
    rows = tables.table(spec, chunk, found, reasons).sort_by("run")
    failed = tuple((int(run), why) for run, why in zip(chunk.runs, reasons) if why is not None)
    return Done(tables.parquet(rows, bench.key), failed, time.perf_counter() - started, traces)


@functools.lru_cache(maxsize=2)
def _bench(packed):
    return Bench(*pickle.loads(zlib.decompress(packed)))


class Bench:
    """Scenarios of a blueprint, built when first used, and the runs made from them."""

    def __init__(self, key, specs):
        self.key, self.specs = key, specs
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
            outcome = simulate(region, [members[k] for k in which])
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
        for name, column in outputs.of_outcome(outcome, region, calendar, kept).items():
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
            files, region = self.specs[chunk.experiment].sources[chunk.base]
            self._bases[key] = scenario.over(files), region
        return self._bases[key]


def _at_point(base, region, spec, chunk, k):
    """(values, policies) of a scenario at a point.

    What decides which policies there are goes the long way, through the loader and the region's checks.
    """
    active = spec.active[chunk.base]
    structural = [(path, chunk.values[axis.name][k]) for axis, there in zip(spec.axes, active) if there
                  for path in axis.paths if not meaning.is_plain(path)]
    if structural:
        layers = [meaning.layer(path, value, f"axis {toml_source.dotted(path)}")
                  for path, value in structural]
        base = scenario.over((*base.layers.sources, *layers))
    changes = design.changes({name: {k: column[k]} for name, column in chunk.values.items()},
                             spec.axes, active, k)
    values = meaning.replaced(base, changes)
    loaded = dataclasses.replace(base, values=values)
    if any(axis.apart for axis in spec.axes):
        problems = validation.against_region(loaded, region)
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
