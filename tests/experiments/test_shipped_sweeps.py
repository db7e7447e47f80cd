"""Shipped sweeps: each is understood, and `--dry-run` tells what it will take without writing anything."""

import json
import pathlib

import pytest
from click.testing import CliRunner

from sim.cli import group
from sim.experiments.sweep import design, estimate, sweep_file
from sim.scenario import parameter_paths
from sim.scenario.load import load
from sim.scenario.sections.demography import entering_share, potential_rate

FOLDER = pathlib.Path(__file__).parents[2] / "scenarios" / "sweeps"
SWEEPS = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "transit-tod-both")
RUNS = {"two-assumptions": 72, "peers-reach": 24,
        "ftz-depth-start": 1300, "peers-strength-decay": 1680, "transit-tod": 780,
        "outside-share": 960, "withdrawal": 800}


def test_the_documents_name_every_sweep_with_its_size():
    page = (FOLDER.parent.parent / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    for name in SWEEPS:
        assert f"`{name}`" in page
    for name, runs in RUNS.items():
        assert name == "peers-reach" or f"{runs:,}" in page


@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_sweep_has_the_size_that_its_file_says(name):
    sweep = sweep_file.read(str(FOLDER / f"{name}.toml"))
    assert sweep.runs == RUNS[name]
    assert name == "peers-reach" or f"= {sweep.runs:,} runs" in sweep.text


def test_over_outside_shares_as_many_enter_as_by_default():
    experiment, = sweep_file.read(str(FOLDER / "outside-share.toml")).experiments
    plain = load(str(FOLDER.parent / "baseline.toml")).values
    entering = potential_rate(plain) * entering_share(plain)
    for swept in experiment.scenarios:
        for share in experiment.columns["outside"]:
            values = parameter_paths.replaced(swept.scenario, [(("entry", "outside_share"), float(share))])
            assert potential_rate(values) * entering_share(values) == pytest.approx(entering, rel=1e-12)


@pytest.mark.parametrize("name", ["peers-reach", "regimes-screening", "withdrawal"])
def test_dry_run(name, monkeypatch, tmp_path):
    """With 1,500 enterprises, a trial of 2 runs, and rules between keys asked at few points."""
    monkeypatch.setattr(design, "CHECKED", 10)
    monkeypatch.setattr(estimate, "TIMED", 2)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(group, ["sweep", str(FOLDER / f"{name}.toml"), "--dry-run", "--json", "--set",
                                      "population.candidates=1500", "--set", "diagnostics.members=0"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["runs"] == RUNS.get(name, found["runs"]) > 0 and found["seconds"] > 0.0 and found["bytes"] > 0
    assert not list(tmp_path.iterdir())
