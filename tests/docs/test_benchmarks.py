"""Benchmarks of docs/performance.md that patch or name parts of the program: they go with it, or say nothing true."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
SMALL = {
    "profile": (["--commands", "run", "sweep", "--rounds", "1", "--replicates", "20"],
                ["figures and pages", "feedback"]),
    "bound": (["--members", "1"], ["choice of sites", "registration"]),
    "choices": (["--members", "1", "--rounds", "2"], ["quarter 20", "quarter 60", "33 sites"]),
    "choices --sites": (["29", "--members", "1", "--rounds", "2"], ["quarter 20", "quarter 60", "29 sites"]),
    "slim_kernel": (["--sizes", "1000", "--rounds", "1"], ["1,000"])}


@pytest.mark.slow
@pytest.mark.parametrize("typed", SMALL)
def test_a_benchmark_names_the_parts_of_the_program_as_it_is(typed):
    (name, *first), (arguments, named) = typed.split(), SMALL[typed]
    done = subprocess.run([sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *first, *arguments], text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert all(part in done.stdout for part in named), done.stdout
