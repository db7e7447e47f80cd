"""Commands that compute nothing import nothing that computes, draws or stores results."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
ENGINE = {"numba", "llvmlite", "scipy", "mesa", "dask", "distributed", "xarray", "h5netcdf", "h5py", "netCDF4",
          "matplotlib", "fontTools", "jinja2", "networkx"}
TABLES = {"pandas", "pyarrow"}              # a region is read as tables of pandas, which imports pyarrow by itself
WATCHED = ENGINE | TABLES | {"numpy", "pydantic", "rich"}
LIST_MODULES = ("import json, sys\ntry:\n    {}\nfinally:\n"
                "    print(json.dumps(sorted(sys.modules)), file=sys.stderr)")


def modules_after(code, cwd=ROOT):
    """Names of the modules that a process of its own has imported when the code ends."""
    done = subprocess.run([sys.executable, "-c", LIST_MODULES.format(code)], capture_output=True, text=True, cwd=cwd,
                          timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"})
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.strip().splitlines()[-1]))


def command(*arguments):
    """Code that runs a command as its console script does."""
    return f"from sim.cli import main; main({list(arguments)!r})"


@pytest.mark.parametrize("arguments", [
    ("check", "scenarios/full-package.toml"), ("show", "scenarios/full-package.toml"),
    ("list", "sites"), ("list", "parameters"), ("new", "{tmp_path}/demo")], ids=lambda each: each[0])
def test_what_reads_a_region_imports_tables_and_no_engine(arguments, tmp_path):
    loaded = modules_after(command(*(each.format(tmp_path=tmp_path) for each in arguments)))
    assert loaded & ENGINE == set()
    assert loaded.isdisjoint({"pyarrow.parquet", "pyarrow.dataset", "sim.kernels.numerics.compiler"})


@pytest.mark.parametrize("arguments", [("list",), ("list", "theorems"), ("list", "--lang", "zh", "--json")])
def test_a_list_of_what_there_is_imports_none_of_it(arguments):
    loaded = modules_after(command(*arguments))
    assert loaded & (ENGINE | TABLES) == set()
    assert not [name for name in loaded if name.startswith(("sim.plots.run.", "sim.verification.theorems.t"))]


@pytest.mark.parametrize("code", ["import sim", command("--help"), command("run", "--help"),
                                  command("compare", "--help"), command("list", "metrics")])
def test_what_needs_no_numbers_imports_none(code):
    assert modules_after(code) & WATCHED == set()


def test_what_simulates_a_run_imports_nothing_that_labels_stores_or_draws_results():
    loaded = modules_after("import sim.runs.run, sim.runs.progress; sim.runs.run.load()")
    assert "numba" in loaded
    assert loaded & {"xarray", "h5netcdf", "h5py", "matplotlib", "jinja2", "dask"} == set()
