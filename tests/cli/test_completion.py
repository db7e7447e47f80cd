"""What the shell completes, asked as a shell asks."""

import os
import pathlib
import subprocess
import sys

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
