"""Sweeps whose runs are a formula: design, store and analysis are the product's, only the simulator is not asked."""

import contextlib
import itertools

import numpy as np
from click.testing import CliRunner

from sim.cli import group
from sim.experiments.sweep import sweep as sweeping
from sim.experiments.sweep import sweep_file
from sim.runs import rows as run_rows
from sim.runs.worker import Done, opened
from tests.samples import sweeps

AXES = {"x1": "terms.access.between_cities", "x2": "terms.access.within_city", "x3": "terms.ecology.beta"}


def design(kind, points, low, high, names=AXES, more=""):
    """Text of a sweep file with a sampled design over axes of equal ranges."""
    axes = "".join(f"[axes.{name}]\nkey = \"{AXES[name]}\"\nbetween = [{low}, {high}]\n" for name in names)
    return f"scenario = \"small.toml\"\ndesign = \"{kind}\"\npoints = {points}\nreplicates = 2\n{more}{axes}"


def run(folder, text, function, monkeypatch, steps=None):
    """Folder of the sweep of a file where function(values, scenario, replicates) makes headquarters_in_zone.

    A run whose number is nan fails. The sweep is given up after some steps of its progress, if told so.
    """
    def work(packed, chunk):
        context = opened(packed)
        spec = context.specs[chunk.experiment]
        made = np.asarray(function(chunk.values, spec.labels[chunk.scenario], chunk.replicates), dtype=float)
        reasons = ["made to fail" if np.isnan(value) else None for value in made]
        found = {"headquarters_in_zone": np.nan_to_num(made)}
        rows = run_rows.table(spec, chunk, found, reasons).sort_by("run")
        failed = tuple((int(run), why) for run, why in zip(chunk.runs, reasons) if why)
        return Done(run_rows.parquet(rows, context.key), failed, 1e-4, ())

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "_engine", lambda job, spec: sweeps.Here(spec.packed, function=work))
        job = sweeping.Job(sweep_file.read(sweeps.write(folder, text)), folder / "out")
        with contextlib.closing(sweeping.run(job)) as progress:
            list(itertools.islice(progress, steps))
    return folder / "out"


def sim(*arguments):
    """Outcome of a command."""
    return CliRunner().invoke(group, list(map(str, arguments)), catch_exceptions=False)
