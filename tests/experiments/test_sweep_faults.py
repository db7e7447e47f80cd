"""Sweeps whose files are spoiled, whose folder goes, and whose runs fail."""

import dataclasses
import random
import shutil

import pandas as pd
import pytest

from sim.base.errors import InputError, LockedError, OutputError, SomeRunsFailed
from sim.experiments.sweep import estimate, load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import sweep_runs
from tests.reliability.spoils import flip
from tests.samples import runs, sweeps
from tests.samples.sweeps import here

# -- spoiled folders (S3 to S6) -------------------------------------------------------------------------

SPOILS = {"bit": flip, "cut": lambda content, rng: content[:rng.randrange(len(content))],
          "empty": lambda content, rng: b"",
          "zeros": lambda content, rng: content[:len(content) // 2] + bytes(len(content) - len(content) // 2)}


def half_done(file, folder, chunk=3):
    """A toy sweep stopped half way, with several parts."""
    given = sweeps.job(file, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep_runs, "MOST", chunk)
        steps = sweeping.run(given)
        for _ in range(5):
            next(steps)
        steps.close()
    return given


@pytest.mark.parametrize("kind", SPOILS)
def test_a_spoiled_file_is_noticed_and_only_its_runs_are_made_again(file, tmp_path, quick, kind):
    rng, whole = random.Random(kind), tmp_path / "whole"
    sweeps.finish(sweeps.job(file, whole))
    given = half_done(file, tmp_path / "half")
    for trial_number in range(12):
        folder = shutil.copytree(tmp_path / "half", tmp_path / f"{kind}-{trial_number}")
        victim = rng.choice(sorted([*folder.glob("parts/*/*"), folder / "manifest.jsonl"]))
        victim.write_bytes(SPOILS[kind](victim.read_bytes(), rng))
        quick.clear()
        sweeps.finish(dataclasses.replace(given, folder=folder))
        assert quick[0].worked in (6, 9, 18 - 12, 18 - 12 + 3)
        assert sweeps.content(folder) == sweeps.content(whole)


def test_swapped_parts_and_left_overs_are_no_results(file, tmp_path, quick):
    given = half_done(file, tmp_path / "out")
    one, two = sorted((tmp_path / "out").glob("parts/*/*"))[:2]
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    (one.parent / "x.parquet.tmp").write_bytes(b"half")
    sweeps.finish(given)
    assert load.frame(tmp_path / "out").headquarters_in_zone.tolist() == list(range(18))
    assert not list((tmp_path / "out").rglob("*.tmp"))


@pytest.mark.parametrize("harm", ["remove", "rename", "replace", "remove part"])
def test_a_folder_that_goes_in_mid_sweep_never_ends_well(file, tmp_path, monkeypatch, quick, harm):
    monkeypatch.setattr(sweep_runs, "MOST", 3)
    folder, steps = tmp_path / "out", sweeping.run(sweeps.job(file, tmp_path / "out"))
    for _ in range(3):
        next(steps)
    if harm == "remove part":
        next(folder.glob("parts/*/*")).unlink()
    elif harm == "rename":
        folder.rename(tmp_path / "elsewhere")
    else:
        shutil.rmtree(folder)
        if harm == "replace":
            folder.mkdir()
    with pytest.raises(OutputError):
        list(steps)
    assert not (folder / "summary.json").exists()


def test_of_two_sweeps_in_one_folder_one_goes_on(file, tmp_path, quick):
    steps = sweeping.run(sweeps.job(file, tmp_path))
    next(steps)
    with pytest.raises(LockedError, match="in use by process"):
        next(sweeping.run(sweeps.job(file, tmp_path)))
    assert estimate.status(tmp_path)["in_use"]
    assert list(steps)[-1].done == 18


# -- failures -------------------------------------------------------------------------------------------

@pytest.fixture
def failing(tmp_path, monkeypatch):
    """A sweep one of whose two points has no base year."""
    here(monkeypatch)
    text = SWEEP_OF_FAILURES
    return sweeps.write(tmp_path, text)


SWEEP_OF_FAILURES = """\
scenario = "small.toml"
replicates = 2
set = ["time.end=2021-12-31"]
[axes]
"terms.rent.beta" = [0.0, 0.5]
"""


def test_failed_runs_are_named_and_charged_to_nobody_else(failing, tmp_path, monkeypatch):
    def fails(region, members, *more, **named):
        if any(member.values.terms.rent.beta == 0.5 for member in members):
            raise InputError([])
        return simulate(region, members, *more, **named)

    from sim.model.simulate import simulate
    monkeypatch.setattr("sim.runs.members.simulate", fails)
    said = runs.sim("sweep", failing, "--out", tmp_path / "out")
    assert said.exit_code == 3
    assert "runs without a result (2)" in said.stderr
    rows = load.frame(tmp_path / "out")
    assert rows.status.tolist() == ["ok", "ok", "failed", "failed"]
    assert rows.headquarters_in_zone.isna().tolist() == [False, False, True, True]
    assert pd.read_csv(tmp_path / "out" / "failed.csv").run.tolist() == [2, 3]
    merged = runs.sim("merge", failing, tmp_path / "out", "--out", tmp_path / "merged")
    assert merged.exit_code == 3 and "runs without a result (2)" in merged.stderr
    monkeypatch.setattr("sim.runs.members.simulate", simulate)
    assert runs.sim("sweep", failing, "--out", tmp_path / "out").exit_code == 3
    assert runs.sim("sweep", failing, "--out", tmp_path / "out", "--retry-failed").exit_code == 0
    assert load.frame(tmp_path / "out").status.tolist() == ["ok"] * 4


def test_on_error_stop_stops(failing, tmp_path, monkeypatch):
    def fails(*_given, **_named):
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("sim.runs.members.simulate", fails)
    with pytest.raises(SomeRunsFailed, match="ZeroDivisionError: odd"):
        sweeps.finish(sweeps.job(failing, tmp_path / "out", stop_on_error=True))
    assert "ZeroDivisionError" in (tmp_path / "out" / "log.txt").read_text()
