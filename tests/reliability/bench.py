"""What the lines of the protocol share: a sweep of runs that cost nothing, its undisturbed end, and the counts."""

import contextlib
import dataclasses
import pathlib
import random
from unittest import mock

from sim.experiments.sweep import sweep as sweeping
from sim.runs import dask_cluster, process_pool
from tests.samples import sweeps, toy

RUNS = 20_000


class Bench:
    """A folder to work in, the sweep and the hash of its values, one stream of random moments, and the counts."""

    def __init__(self, folder, seed):
        self.folder, self.rng, self.lines = pathlib.Path(folder), random.Random(seed), []
        self.file = sweeps.write(self.folder, _many())
        self.job = sweeps.job(self.file, self.folder / "unset")
        self.whole = self.folder / "whole"
        self.content = self._undisturbed()

    def note(self, line, what, tries, failures, words=""):
        """Keep the count of a line, and say it."""
        self.lines.append((line, what, tries, failures, words))
        print(f"{line}: {what}: {failures} failures of {tries} {words}", flush=True)

    def job_in(self, folder, **options):
        """The sweep in another folder."""
        return dataclasses.replace(self.job, folder=folder, **options)

    def ends_as_undisturbed(self, folder):
        """Whether a finished sweep has the values of one that nobody disturbed."""
        return sweeps.content(folder) == self.content

    @contextlib.contextmanager
    def real_runs(self):
        """A file of few runs of the model in place of the many that cost nothing, beside the same scenario."""
        text = self.file.read_text()
        try:
            yield sweeps.write(self.folder)
        finally:
            sweeps.write(self.folder, text)

    def _undisturbed(self):
        with here():
            sweeps.finish(self.job_in(self.whole))
        return sweeps.content(self.whole)


def _many():
    """Text of a sweep of RUNS runs with one scalar each."""
    text = sweeps.SHORT.replace("replicates = 3", f"replicates = {RUNS // 2}").replace("[5, 15.0, 40]", "[5]")
    return text.replace('series = ["headquarters_in_zone"]', "").replace('maps = ["rent"]', "")


def worked_by(engine):
    """Context in which sweeps of this process use the engine that is made from their job and SweepSpec."""
    return mock.patch.object(sweeping, "_engine", engine)


def here(task=toy.rows):
    """Context in which sweeps are worked off in this process."""
    return worked_by(lambda job, made: sweeps.Here(made.packed, function=task))


def processes_or_cluster(task, address=""):
    """Maker of an engine: two processes, or the cluster at the address."""
    if address:
        return lambda job, made: dask_cluster.DaskEngine(address, task, made.packed, made.key)
    return lambda job, made: process_pool.PoolEngine(2, task, made.packed, job.folder)
