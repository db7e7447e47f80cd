"""Finished folders that tests of results may spoil."""

import shutil

import pytest

from sim.experiments.sweep import sweep as sweeping
from tests.reliability.bench import here
from tests.samples import runs, sweeps


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Folder of a small finished run."""
    place = tmp_path_factory.mktemp("finished")
    path = runs.write_scenario(place)
    assert runs.sim("run", path, "--out", place / "out", "--no-figures", "-q", "--replicates", 2).exit_code == 0
    return place / "out"


@pytest.fixture
def run(finished, tmp_path):
    """A copy of the run that a test may spoil."""
    return shutil.copytree(finished, tmp_path / "run")


@pytest.fixture(scope="session")
def sound_sweeps(tmp_path_factory):
    """Folders of a finished sweep and of one that was left early, and the file that they are of."""
    place = tmp_path_factory.mktemp("sweeps")
    file = sweeps.write(place)
    given = {name: sweeps.job(file, place / name) for name in ("whole", "left")}
    with here():
        sweeps.finish(given["whole"])
        steps = sweeping.run(given["left"])
        for _ in range(4):
            next(steps)
        steps.close()
    return {name: job.folder for name, job in given.items()} | {"file": file}


@pytest.fixture
def swept(sound_sweeps, tmp_path):
    """Copies of the sweeps that a test may spoil."""
    return sound_sweeps | {name: shutil.copytree(sound_sweeps[name], tmp_path / name) for name in ("whole", "left")}
