"""Reading a result takes the reader and nothing that made it."""

import os
import subprocess
import sys

import pytest

from tests.samples import runs, sweeps

ENGINE = ("numba", "sim.kernels", "sim.model", "sim.scenario", "sim.policies", "sim.terms", "mesa")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A finished run, and a finished sweep on the same scenario."""
    folder = tmp_path_factory.mktemp("reading")
    path = runs.write_scenario(folder)
    runs.finish(runs.job(path, folder / "run", "run.replicates=2", "time.end=2021-12-31"))
    with sweeps.without_processes():
        assert runs.sim("sweep", sweeps.write(folder), "--out", folder / "sweep", "-q").exit_code == 0
    return folder


@pytest.mark.parametrize("code", ["import sim; sim.load('run')", "import sim; sim.load('sweep')",
                                  "from sim.results import dataset; dataset.load('run/results.nc')",
                                  "from sim.experiments.sweep import load; load.frame('sweep')"])
def test_reading_a_result_imports_no_engine(folders, code):
    said = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], text=True, cwd=folders,
                          capture_output=True, timeout=120, env={**os.environ, "PYTHONPATH": str(runs.ROOT)})
    assert said.returncode == 0, said.stderr
    loaded = said.stdout.split()
    assert "xarray" in loaded
    assert [name for name in loaded if name in ENGINE or name.startswith(tuple(f"{each}." for each in ENGINE))] == []
