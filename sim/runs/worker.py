"""What a worker is asked: a chunk of runs in, rows as Parquet bytes out.

A worker reads no file: scenario texts and regions come with the blueprint. Nothing here plots, prints
or writes. What simulates is imported when a chunk comes, so that a process begins at once.
"""

import functools
import pickle
import platform
import time
import zlib
from typing import NamedTuple

import pyarrow as pa

from sim.base import plugins
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.runs import rows as run_rows


class Spec(NamedTuple):
    """An experiment as a worker needs it."""

    name: str
    labels: tuple              # of the scenarios
    axes: tuple                # of Moved
    active: tuple              # scenario by scenario, axis by axis
    packed: tuple              # scenario by scenario: (files and settings, region), pickled
    replicates: int
    kept: object
    schema: pa.Schema

    def base(self, number):
        """(files and settings, region) of a scenario."""
        return pickle.loads(self.packed[number])


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


class Kit:
    """What a blueprint holds, unpacked."""

    def __init__(self, key, specs):
        self.key, self.specs = key, specs


class Blueprint(Kit):
    """A sweep for any number of workers: its key, its Specs, and both packed."""

    def __init__(self, key, specs):
        super().__init__(key, specs)
        self.packed = zlib.compress(pickle.dumps((key, specs, plugins.stamps()), protocol=5))

    def failed(self, chunk, why):
        """Done for runs that no worker could finish."""
        rows = run_rows.table(self.specs[chunk.experiment], chunk, {}, [why] * len(chunk.runs))
        return Done(run_rows.parquet(rows, self.key), tuple((int(run), why) for run in chunk.runs), 0.0, ())


def specs_of(experiments):
    """Specs of experiments."""
    return tuple(Spec(
        each.name, tuple(base.label for base in each.bases),
        tuple(Moved(axis.name, axis.paths, axis.apart) for axis in each.axes),
        tuple(base.active for base in each.bases),
        tuple(pickle.dumps((base.scenario.layers.sources, base.region), protocol=5) for base in each.bases),
        each.replicates, each.kept, run_rows.schema(each)) for each in experiments)


@functools.lru_cache(maxsize=2)
def opened(packed):
    """The Kit in a blueprint's bytes, unpacked once in a process; InputError where other packages add to the model."""
    key, specs, stamps = pickle.loads(zlib.decompress(packed))
    here = plugins.stamps()
    if here != stamps:
        raise InputError(Problem(_("worker on {machine}", machine=platform.node()), "packages",
                                 _("it has {packages}", packages=_told(here)), _told(stamps),
                                 _("install the same packages on every machine")))
    return Kit(key, specs)


def _told(stamps):
    return ", ".join(f"{package} {stamp}" for package, stamp in stamps.items()) or _("none that adds to the model")


def work(packed, chunk):
    """Done for a chunk of the blueprint's sweep; raises nothing that a run can cause."""
    from sim.runs.members import bench

    started, kit = time.perf_counter(), opened(packed)
    found, reasons, traces = bench(kit).results(chunk)
    rows = run_rows.table(kit.specs[chunk.experiment], chunk, found, reasons).sort_by("run")
    failed = tuple((int(run), why) for run, why in zip(chunk.runs, reasons) if why is not None)
    return Done(run_rows.parquet(rows, kit.key), failed, time.perf_counter() - started, traces)
