"""A sweep is a function of its file: order, chunks, workers, kills and spoiled files change no value."""

import dataclasses
import json
import random
import shutil

import numpy as np
import pandas as pd
import pytest

import sim
from sim.base.errors import InputError, LockedError, OutputError, SomeRunsFailed
from sim.cli import sweep as sweep_command
from sim.experiments.sweep import estimate, load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import sweep_runs
from tests.samples import runs, sweeps, toy


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return sweeps.write(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def reference(file, tmp_path_factory):
    """Folder of an undisturbed sweep."""
    folder = tmp_path_factory.mktemp("reference") / "out"
    with pytest.MonkeyPatch.context() as patch:
        here(patch)
        sweeps.finish(sweeps.job(file, folder))
    return folder


@pytest.fixture
def quick(monkeypatch):
    """Sweeps are worked off in this process, by rows that cost nothing."""
    return here(monkeypatch, function=toy.rows)


@pytest.fixture
def copy(reference, tmp_path):
    return shutil.copytree(reference, tmp_path / "copy")


def here(patch, **options):
    """Work in this process; the engines that were made."""
    made = []

    def engine(job, spec):
        made.append(sweeps.Here(spec.packed, **options))
        return made[-1]

    patch.setattr(sweeping, "_engine", engine)
    return made


def big(tmp_path, replicates=50):
    return sweeps.write(tmp_path, sweeps.SWEEP.replace("replicates = 3", f"replicates = {replicates}"))


# -- identity (R1, R2) --------------------------------------------------------------------------------

@pytest.mark.parametrize(("first", "most", "backwards", "ensemble"), [(1, 1, True, 1), (7, 7, False, 3),
                                                                      (100, 100, True, 20)])
def test_chunks_order_and_ensembles_change_no_byte(file, reference, tmp_path, monkeypatch, first, most,
                                                   backwards, ensemble):
    monkeypatch.setattr(sweep_runs, "FIRST", first)
    monkeypatch.setattr(sweep_runs, "MOST", most)
    monkeypatch.setattr("sim.runs.members.ENSEMBLE", ensemble)
    made = here(monkeypatch, workers=1 if first == 100 else 3, backwards=backwards)
    sweeps.finish(sweeps.job(file, tmp_path / "out"))
    assert made[0].worked == 18
    assert sweeps.content(tmp_path / "out") == sweeps.content(reference)
    assert sweeps.files(tmp_path / "out") == sweeps.files(reference)


def test_processes_change_no_byte(file, reference, tmp_path):
    said = runs.sim("sweep", file, "--out", tmp_path / "out", "--jobs", 2)
    assert (said.exit_code, said.stdout) == (0, f"{tmp_path / 'out'}\n"), said.stderr
    assert "18 of 18 runs" in said.stderr
    assert sweeps.files(tmp_path / "out") == sweeps.files(reference)


def test_a_run_of_a_sweep_equals_the_same_run_alone(file, reference, tmp_path):
    row = load.frame(reference).iloc[10]
    alone = runs.job(file.parent / "small.toml", tmp_path, f"peers.decay={row.reach}", "time.end=2021-12-31",
                     f"policies.tax.start={row.start:%Y-%m-%d}", "run.replicates=3")
    runs.finish(alone)
    data = sim.load(tmp_path).sel(member=row.replicate)
    zone = data.headquarters.where(data.in_zone.astype(bool), drop=True).sum(["industry", "hq_type", "site"])
    assert row["series.headquarters_in_zone"].tolist() == zone.values.tolist()
    assert row.headquarters_in_zone == zone.values[-1]
    assert row["map.rent"].tolist() == data.rent.values[-1].tolist()


def test_replicates_share_their_draws_at_every_point(reference):
    data = sim.load(reference)
    opening = data["series.headquarters_in_zone"].isel(quarter=0)
    assert (opening == opening.isel(reach=0, start=0)).all()
    assert (data.enterprises_everywhere.std(["reach", "start"]) > 0).any()


# -- going on (K8, K9, K10) ---------------------------------------------------------------------------

def test_a_finished_sweep_runs_nothing_and_touches_nothing(file, copy, monkeypatch):
    made, before = here(monkeypatch), runs.stamps(copy / "results")
    assert sweeps.finish(sweeps.job(file, copy)) == (18, 18, 0)
    assert made == []
    assert runs.stamps(copy / "results") == before


def test_what_is_stored_is_not_run_again(file, reference, tmp_path, monkeypatch):
    monkeypatch.setattr(sweep_runs, "MOST", 4)
    made, given = here(monkeypatch), sweeps.job(file, tmp_path / "out")
    steps = sweeping.run(given)
    for _ in range(3):
        state = next(steps)
    steps.close()
    assert state.done == 8
    partial = sim.load(tmp_path / "out")
    assert int(partial.headquarters_in_zone.notnull().sum()) == 8
    sweeps.finish(given)
    assert made[1].worked == 10
    assert sweeps.files(tmp_path / "out") == sweeps.files(reference)


EDITS = {"values = [5, 15.0, 40]": ("values = [5, 15.0, 41]", "axes.reach.values is [5.0, 15.0, 40.0] there"),
         "replicates = 3": ("replicates = 4", "replicates is 3 there and 4 now"),
         "2021-12-31": ("2022-03-31", 'time.end is "2021-12-31" there and "2022-03-31" now'),
         "[axes.start]": ("[axes.begin]", "axes.begin.keys"),
         "series = [\"headquarters_in_zone\"]": ("series = []", "outputs.series"),
         "[axes.reach]": ("design = \"grid\"\nseed = 0\n[axes.reach]", "")}


@pytest.mark.parametrize("old", EDITS, ids=range(len(EDITS)))
def test_an_edited_sweep_is_refused_by_the_key_that_differs(file, copy, old):
    new, words = EDITS[old]
    edited = file.with_name("edited.toml")
    edited.write_text(sweeps.SHORT.replace(old, new), encoding="utf-8")
    before = runs.stamps(copy / "results")
    said = runs.sim("sweep", edited, "--out", copy, "-q")
    assert said.exit_code == (2 if words else 0)
    assert words in said.stderr
    assert runs.stamps(copy / "results") == before


def test_another_seed_is_another_sweep(file, copy):
    said = runs.sim("sweep", file, "--set", "run.seed=1", "--out", copy)
    assert said.exit_code == 2
    assert "run.seed is 20191025 there and 1 now" in said.stderr


def test_a_folder_of_something_else_is_refused(file, tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    assert runs.sim("sweep", file, "--out", tmp_path).exit_code == 2


def test_status_tells_how_far_it_is(file, reference, tmp_path):
    said = runs.sim("sweep", file, "--status", "--out", reference, "--json")
    found = json.loads(said.stdout)
    assert (found["done"], found["runs"], found["failed"], found["complete"]) == (18, 18, 0, True)
    assert runs.sim("sweep", file, "--status", "--out", tmp_path).exit_code == 2


def test_a_dry_run_tells_runs_time_and_disk_and_writes_nothing(file, tmp_path):
    said = runs.sim("sweep", file, "--dry-run", "--json", "--out", tmp_path / "out")
    found = json.loads(said.stdout)
    assert found["runs"] == 18
    assert found["seconds"] > 0
    assert found["bytes"] > 0
    assert not (tmp_path / "out").exists()


# -- spoiled folders (S3 to S6) -------------------------------------------------------------------------

def spoil_bit(content, rng):
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1:]


SPOILS = {"bit": spoil_bit, "cut": lambda content, rng: content[:rng.randrange(len(content))],
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


def test_spoiled_results_are_noticed_and_made_again(file, copy, reference, monkeypatch):
    given = sweeps.job(file, copy)
    for number in range(2):
        path = copy / "results" / "main.parquet"
        path.write_bytes(spoil_bit(path.read_bytes(), random.Random(number)))
        here(monkeypatch)
        sweeps.finish(given)
        assert sweeps.files(copy) == sweeps.files(reference)
        assert sweeps.content(copy) == sweeps.content(reference)


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
    def fails(region, members, stop=None, shared=None):
        if any(member.values.terms.rent.beta == 0.5 for member in members):
            raise InputError([])
        return simulate(region, members, stop)

    from sim.model.simulate import simulate
    monkeypatch.setattr("sim.runs.members.simulate", fails)
    said = runs.sim("sweep", failing, "--out", tmp_path / "out")
    assert said.exit_code == 3
    assert "runs without a result (2)" in said.stderr
    rows = load.frame(tmp_path / "out")
    assert rows.status.tolist() == ["ok", "ok", "failed", "failed"]
    assert rows.headquarters_in_zone.isna().tolist() == [False, False, True, True]
    assert pd.read_csv(tmp_path / "out" / "failed.csv").run.tolist() == [2, 3]
    monkeypatch.setattr("sim.runs.members.simulate", simulate)
    assert runs.sim("sweep", failing, "--out", tmp_path / "out").exit_code == 3
    assert runs.sim("sweep", failing, "--out", tmp_path / "out", "--retry-failed").exit_code == 0
    assert load.frame(tmp_path / "out").status.tolist() == ["ok"] * 4


def test_on_error_stop_stops(failing, tmp_path, monkeypatch):
    def fails(region, members, stop=None, shared=None):
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("sim.runs.members.simulate", fails)
    with pytest.raises(SomeRunsFailed, match="ZeroDivisionError: odd"):
        sweeps.finish(sweeps.job(failing, tmp_path / "out", stop_on_error=True))
    assert "ZeroDivisionError" in (tmp_path / "out" / "log.txt").read_text()


# -- shards ---------------------------------------------------------------------------------------------

def test_shards_put_together_equal_the_whole(file, reference, tmp_path, monkeypatch):
    here(monkeypatch)
    folders = [tmp_path / f"share-{k}" for k in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        assert runs.sim("sweep", file, "--shard", f"{number}/3", "--out", folder, "-q").exit_code == 0
    lacking = runs.sim("merge", file, folders[0], folders[2], "--out", tmp_path / "whole")
    assert lacking.exit_code == 3
    assert "in none of the folders: 6 of 18 runs" in lacking.stderr
    assert runs.sim("merge", file, *folders, "--out", tmp_path / "whole").exit_code == 0
    assert sweeps.files(tmp_path / "whole") == sweeps.files(reference)


@pytest.mark.parametrize("own, others", [
    ("outputs/s-shard-2-of-3", ["outputs/s-shard-1-of-3", "outputs/s-shard-2-of-3", "outputs/s-shard-3-of-3"]),
    ("runs2/part-2", ["runs2/part-1", "runs2/part-2", "runs2/part-3"]), ("mine", ["mine", "FOLDER", "FOLDER"])])
def test_the_command_after_a_shard_names_the_folder_that_it_went_to(own, others):
    assert sweep_command._next(own, (2, 3), "s.toml") == ["sim", "merge", "s.toml", *others]


def test_a_share_of_another_sweep_is_refused(file, tmp_path, quick):
    runs.sim("sweep", file, "--shard", "1/2", "--out", tmp_path / "one", "--set", "run.seed=5")
    said = runs.sim("merge", file, tmp_path / "one", "--out", tmp_path / "whole")
    assert said.exit_code == 2
    assert "run.seed" in said.stderr


# -- reading --------------------------------------------------------------------------------------------

def test_the_files_open_without_this_package(reference):
    rows = pd.read_parquet(reference / "results" / "main.parquet")
    assert rows.run.tolist() == list(range(18))
    assert rows.start.astype(str).unique().tolist() == ["2021-01-01", "2021-10-01"]
    assert rows.columns[:8].tolist() == ["run", "point", "scenario", "replicate", "reach", "start", "status",
                                         "reason"]


def test_a_grid_has_its_axes_as_dimensions(reference):
    data, rows = sim.load(reference), load.frame(reference)
    assert data.headquarters_in_zone.dims == ("reach", "start", "replicate")
    row = rows[(rows.reach == 15) & (rows.start.astype(str) == "2021-10-01") & (rows.replicate == 2)].iloc[0]
    cell = data.sel(reach=15.0, start="2021-10-01", replicate=2)
    assert float(cell["employment_in_zone"]) == row.employment_in_zone
    assert cell["map.rent"].dims == ("site",)
    assert np.array_equal(cell["map.rent"], row["map.rent"])
    assert data.quarter.values.tolist() == ["2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"]


def test_other_designs_have_points(tmp_path, quick):
    file = sweeps.write(tmp_path, sweeps.SHORT.replace("values = [5, 15.0, 40]", "").replace(
        "replicates = 3", "replicates = 3\ndesign = \"sobol\"\npoints = 5"))
    said = runs.sim("sweep", file, "--out", tmp_path / "out")
    assert "5 points rounded up to 8" in said.stderr
    data = sim.load(tmp_path / "out")
    assert data.headquarters_in_zone.dims == ("point", "replicate")
    assert data.reach.dims == ("point",)
    assert len(np.unique(data.reach)) == 8
    assert ((data.reach >= 5) & (data.reach <= 40)).all()
