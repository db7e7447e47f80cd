"""What the shell completes, asked as a shell asks."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def completed(words, cwd=ROOT):
    """What is offered for the last of the words."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_SIM_COMPLETE": "bash_complete",
                   "COMP_WORDS": " ".join(["sim", *words]), "COMP_CWORD": str(len(words))}
    done = subprocess.run([sys.executable, "-c", "from sim.cli import main; main([])"], env=environment, cwd=cwd,
                          capture_output=True, text=True, timeout=60)
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_commands_and_scenario_files_are_completed():
    assert "open" in completed(["o"])
    found = completed(["run", "scenarios/shanghai"])
    assert found == ["scenarios/shanghai-ftz-withdrawn.toml", "scenarios/shanghai-ftz.toml"]


def test_keys_and_sites_are_completed():
    assert "time.start=" in completed(["run", "--set", "time."])
    keys = completed(["run", "scenarios/shanghai-ftz.toml", "--set", "policies.ftz."])
    assert "policies.ftz.openness.level=" in keys and "policies.ftz.start=" in keys
    sites = completed(["run", "scenarios/shanghai-ftz.toml", "--set", "policies.ftz.sites=xi"])
    assert {"policies.ftz.sites=xicen", "policies.ftz.sites=xiangfudang"} == set(sites)


def test_bash_which_takes_words_apart_at_the_equals_sign_completes_what_stands_behind_it():
    found = completed(["run", "scenarios/shanghai-ftz.toml", "--set", "policies.ftz.sites", "=", "xi"])
    assert {"xicen", "xiangfudang"} == set(found)
    assert "xicen" in completed(["run", "scenarios/shanghai-ftz.toml", "--set", "policies.ftz.sites", "="])
    words = ["run", "scenarios/shanghai-ftz.toml", "--set", "time.end", "=", "2030-12-31", "--set", "terms.ft"]
    assert completed(words) == ["terms.ftz.beta="]


def test_worlds_and_regions_are_completed():
    assert completed(["run", "scenarios/baseline.toml", "--world", "err"]) == ["errors-kept"]
    assert completed(["new", "demo", "--region", "us"]) == ["us-metros"]
    assert completed(["list", "sites", "--region", "nowhere/"]) == ["nowhere/"]


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_what_goes_on_is_not_ended_by_a_space():
    done = subprocess.run([sys.executable, "-c", "from sim.cli import main; main([])"], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT), "_SIM_COMPLETE": "bash_source"}, timeout=60)
    assert "[[ $value == *[=/] ]] && compopt -o nospace" in done.stdout
