"""`--json` of every command that has it: strict JSON on stdout and nothing else."""

import contextlib
import json

import click
import numpy as np
import pytest

from sim.cli import group
from sim.verification import run as verification
from sim.verification import theorems
from sim.verification.theorems.rows import Row
from tests.samples import runs, sweeps

SWEEP = """\
scenario = ["small.toml", "taxed.toml"]
replicates = 2
[axes.reach]
key = "peers.decay"
values = [5, 15]
"""
FEW = ["--replicates", 2, "--jobs", 1]
COMMANDS = {
    "check": ["small.toml"], "list": [], "show": ["small.toml"], "run": ["small.toml", "--no-figures", *FEW],
    "compare": ["small.toml", "taxed.toml", "--no-figures", *FEW], "sweep": ["sweep.toml", "--jobs", 1],
    "sensitivity": ["sweep.toml", "--no-figures", "--jobs", 1],
    "equilibria": ["small.toml", "--no-figures", "--starts", 0],
    "smallest": ["taxed.toml", "--key", "policies.tax.rate", "--between", 0, 25, "--target", 0, "--tolerance", 25,
                 *FEW],
    "verify": ["--only", "T27", "-q"]}
MORE = {"sweep --status": ["sweep", "sweep.toml", "--status"], "sweep --dry-run": ["sweep", "sweep.toml", "--dry-run"],
        "list regimes": ["list", "regimes", "--lang", "zh"], "smallest, in vain": [
            "smallest", *COMMANDS["smallest"], "--target", 10_000]}
SLOW = ("equilibria", "smallest, in vain")


def write_sweep(folder):
    """Two scenarios of two years on a made-up region of four sites, and the file of a sweep over them."""
    runs.write_scenario(folder, sites=4)
    (folder / "taxed.toml").write_text('extends = "small.toml"\n[policies.tax]\nrate = 5.0\n', "utf-8")
    (folder / "sweep.toml").write_text(SWEEP, "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The two scenarios, and the sweep over them, done."""
    folder = tmp_path_factory.mktemp("json")
    write_sweep(folder)
    with contextlib.chdir(folder), sweeps.without_processes():
        assert runs.sim("sweep", "sweep.toml", "--jobs", 1, "-q").exit_code == 0
    return folder


def with_json():
    """Names of the commands that have `--json`."""
    return [name for name in group.list_commands(None)
            if any("--json" in each.opts for each in group.get_command(click.Context(group), name).params)]


def strictly(text):
    """What JSON says; NaN and Infinity are none."""
    def refuse(name):
        raise ValueError(name)
    return json.loads(text, parse_constant=refuse)


def test_commands_that_need_data_of_their_own_have_tests_of_their_own():
    assert {*with_json()} - {*COMMANDS} == {"backtest", "estimate"}


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ())
                                  for name in [*COMMANDS, *MORE]])
def test_json_is_all_that_a_command_prints(name, folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = runs.sim(*(MORE.get(name) or [name, *COMMANDS[name]]), "--json")
    assert done.exit_code == (3 if name == "smallest, in vain" else 0), done.stderr
    assert strictly(done.stdout)


def test_numbers_of_any_kind_in_a_theorem_are_json():
    theorem = theorems.registry.get("T27", "")
    for number in (np.int64(3), np.float32(3), 3, np.nan, np.inf):
        check = verification.Check(theorem, "case", Row("what", number, number, np.int64(0)), 0.0)
        assert strictly(json.dumps(verification.record(check)))["expected"] in (3.0, None, "inf")
