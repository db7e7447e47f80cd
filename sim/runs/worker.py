"""What a worker is asked: a chunk of runs in, rows as Parquet bytes out.

A worker reads no file: scenario texts and regions come with the sweep's spec. Nothing here plots, prints
or writes. What simulates is imported when a chunk comes, so that a process begins at once.
"""

from __future__ import annotations

import functools
import pickle
import platform
import time
import zlib
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from sim.base import plugins
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.runs import rows as run_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.config.toml_file import Source
    from sim.config.toml_positions import Key
    from sim.experiments.sweep.sections import Outputs
    from sim.experiments.sweep.sweep_file import Experiment
    from sim.region.load import Region
    from sim.runs.plan import Chunk


class ExperimentSpec(NamedTuple):
    """An experiment as a worker needs it."""

    name: str
    labels: tuple[str, ...]    # of the scenarios
    axes: tuple[Moved, ...]
    active: tuple[tuple[bool, ...], ...]   # scenario by scenario, axis by axis
    packed: tuple[bytes, ...]  # scenario by scenario: (files and settings, region), pickled
    replicates: int
    kept: Outputs
    schema: pa.Schema

    def scenario(self, number: int) -> tuple[tuple[Source, ...], Region]:
        """(files and settings, region) of a scenario."""
        sources, region = pickle.loads(self.packed[number])
        return sources, region


class Moved(NamedTuple):
    """What a worker must know of an axis."""

    name: str
    paths: tuple[Key, ...]
    apart: bool


class Done(NamedTuple):
    """A chunk as it comes back."""

    content: bytes             # Parquet
    failed: tuple[tuple[int, str], ...]    # of (run, reason)
    seconds: float             # that it took
    traces: tuple[str, ...]    # tracebacks of what is nobody's input


class WorkerContext:
    """What a SweepSpec holds, unpacked."""

    def __init__(self, key: str, specs: tuple[ExperimentSpec, ...]) -> None:
        self.key, self.specs = key, specs


class SweepSpec(WorkerContext):
    """A sweep for any number of workers: its key, its ExperimentSpecs, and both packed."""

    def __init__(self, key: str, specs: tuple[ExperimentSpec, ...]) -> None:
        super().__init__(key, specs)
        self.packed = zlib.compress(pickle.dumps((key, specs, plugins.stamps()), protocol=5))

    def failed(self, chunk: Chunk, why: str) -> Done:
        """Done for runs that no worker could finish."""
        rows = run_rows.table(self.specs[chunk.experiment], chunk, {}, [why] * len(chunk.runs))
        return Done(run_rows.parquet(rows, self.key), tuple((int(run), why) for run in chunk.runs), 0.0, ())


def specs_of(experiments: Iterable[Experiment]) -> tuple[ExperimentSpec, ...]:
    """ExperimentSpecs of experiments."""
    return tuple(ExperimentSpec(
        each.name, tuple(swept.label for swept in each.scenarios),
        tuple(Moved(axis.name, axis.paths, axis.apart) for axis in each.axes),
        tuple(swept.active for swept in each.scenarios),
        tuple(pickle.dumps((swept.scenario.layers.sources, swept.region), protocol=5) for swept in each.scenarios),
        each.replicates, each.kept, run_rows.schema(each)) for each in experiments)


@functools.lru_cache(maxsize=2)
def opened(packed: bytes) -> WorkerContext:
    """The WorkerContext of a SweepSpec's bytes, unpacked once; InputError where other packages add to the model."""
    key, specs, stamps = pickle.loads(zlib.decompress(packed))
    here = plugins.stamps()
    if here != stamps:
        raise InputError(Problem(_("worker on {machine}", machine=platform.node()), "packages",
                                 _("it has {packages}", packages=_told(here)), _told(stamps),
                                 _("install the same packages on every machine")))
    return WorkerContext(key, specs)


def _told(stamps: dict[str, str]) -> str:
    return ", ".join(f"{package} {stamp}" for package, stamp in stamps.items()) or _("none that adds to the model")


def work(packed: bytes, chunk: Chunk) -> Done:
    """Done for a chunk of the spec's sweep; raises nothing that a run can cause."""
    from sim.runs.members import bench

    started, context = time.perf_counter(), opened(packed)
    found, reasons, traces = bench(context).results(chunk)
    rows = run_rows.table(context.specs[chunk.experiment], chunk, found, reasons).sort_by("run")
    failed = tuple((int(run), why) for run, why in zip(chunk.runs, reasons) if why is not None)
    return Done(run_rows.parquet(rows, context.key), failed, time.perf_counter() - started, traces)
