"""Small sweeps for tests: a made-up region, a scenario on it, a sweep file, and runs of them."""

import pathlib
from unittest import mock

from sim.experiments.sweep import finish as finishing
from sim.experiments.sweep import sweep as sweeping
from sim.experiments.sweep import sweep_file
from sim.runs.worker import SweepSpec, specs_of, work
from tests.samples import runs, sweeps

SWEEP = """\
scenario = "small.toml"
replicates = 3
[axes.reach]
key = "peers.decay"
values = [5, 15.0, 40]
[axes.start]
key = "policies.tax.start"
values = [2021-01-01, 2021-10-01]
[outputs]
series = ["headquarters_in_zone"]
maps = ["rent"]
quarters = ["2021-Q4"]
"""
TOO_MUCH_GROWTH = """\
scenario = "small.toml"
replicates = 1
set = ["time.end=2035-12-31", "population.largest=1e11"]
[axes]
"growth.drift" = [0.0, 1.0]
"""
SHORT = SWEEP.replace("[axes.reach]", "set = [\"time.end=2021-12-31\"]\n[axes.reach]")


def write(folder, text=SHORT):
    """A sweep file beside its scenario and region; its path."""
    if not (folder / "small.toml").exists():
        runs.write_scenario(folder)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def job(path, folder, **options):
    return sweeping.Job(sweep_file.read(path), pathlib.Path(folder), **options)


def finish(given):
    """Run a sweep to its end; the last state of its progress."""
    return list(sweeping.run(given))[-1]


def content(folder):
    """Hash of all values of a finished sweep."""
    return finishing.read_summary(pathlib.Path(folder))["content"]


def files(folder):
    """Bytes of a sweep's files of results."""
    return {path.name: path.read_bytes() for path in sorted((folder / "results").iterdir())}


class Here:
    """An engine without processes: chunks are worked off here, last in first out if asked."""

    def __init__(self, packed, workers=2, function=work, backwards=False):
        self.workers, self.chunks_a_worker = workers, 2
        self._task, self._waiting, self._backwards = (function, packed), [], backwards
        self.worked = 0

    def submit(self, number, chunk, alone=False):
        self._waiting.append((number, chunk))

    def finished(self, timeout):
        if not self._waiting:
            return []
        number, chunk = self._waiting.pop(-1 if self._backwards else 0)
        function, packed = self._task
        self.worked += len(chunk.runs)
        try:
            return [(number, function(packed, chunk))]
        except Exception as error:
            return [(number, error)]

    def held(self):
        return {number for number, _ in self._waiting}

    def take_back(self):
        self._waiting, ended = [], [(number, None) for number, _ in self._waiting]
        return ended

    def close(self):
        self._waiting = []


def without_processes():
    """Context in which sweeps are worked off in this process: for samples, whose making is not what is tested."""
    return mock.patch.object(sweeping, "_engine", lambda job, made: Here(made.packed))


def engine(given, **options):
    """A Here engine for a job's sweep."""
    from sim.runs import identity
    key = identity.key_of(given.definition)
    return Here(SweepSpec(key, specs_of(given.sweep.experiments)).packed, **options)


def here(patch, **options):
    """Work in this process; the engines that were made."""
    made = []

    def engine(job, spec):
        made.append(sweeps.Here(spec.packed, **options))
        return made[-1]

    patch.setattr(sweeping, "_engine", engine)
    return made
