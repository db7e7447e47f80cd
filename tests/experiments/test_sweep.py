"""A sweep is a function of its file: order, chunks, workers, kills and spoiled files change no value."""

import json
import random
import shutil

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import sweep as sweep_command
from sim.experiments.sweep import load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import sweep_runs
from tests.reliability.spoils import flip
from tests.samples import runs, sweeps
from tests.samples.sweeps import here


@pytest.fixture(scope="module")
def reference(file, tmp_path_factory):
    """Folder of an undisturbed sweep."""
    folder = tmp_path_factory.mktemp("reference") / "out"
    with pytest.MonkeyPatch.context() as patch:
        here(patch)
        sweeps.finish(sweeps.job(file, folder))
    return folder


@pytest.fixture
def copy(reference, tmp_path):
    return shutil.copytree(reference, tmp_path / "copy")


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

def test_spoiled_results_are_noticed_and_made_again(file, copy, reference, monkeypatch):
    given = sweeps.job(file, copy)
    for number in range(2):
        path = copy / "results" / "main.parquet"
        path.write_bytes(flip(path.read_bytes(), random.Random(number)))
        here(monkeypatch)
        sweeps.finish(given)
        assert sweeps.files(copy) == sweeps.files(reference)
        assert sweeps.content(copy) == sweeps.content(reference)


# -- shards ---------------------------------------------------------------------------------------------

def test_shards_put_together_equal_the_whole(file, reference, tmp_path, monkeypatch):
    here(monkeypatch)
    folders = [tmp_path / f"share-{k}" for k in (1, 2, 3)]
    for number, folder in enumerate(folders, 1):
        assert runs.sim("sweep", file, "--shard", f"{number}/3", "--out", folder, "-q").exit_code == 0
    lacking = runs.sim("merge", file, folders[0], folders[2], "--out", tmp_path / "whole")
    assert lacking.exit_code == 3
    assert "in none of the folders: 6 of 18 runs" in lacking.stderr and "sim sensitivity" not in lacking.stderr
    assert runs.sim("merge", file, *folders, "--out", tmp_path / "whole").exit_code == 0
    assert sweeps.files(tmp_path / "whole") == sweeps.files(reference)


@pytest.mark.parametrize("own, others", [
    ("outputs/s-shard-2-of-3", ["outputs/s-shard-1-of-3", "outputs/s-shard-2-of-3", "outputs/s-shard-3-of-3"]),
    ("runs2/part-2", ["runs2/part-1", "runs2/part-2", "runs2/part-3"]), ("mine", ["mine", "FOLDER", "FOLDER"])])
def test_the_command_after_a_shard_names_the_folder_that_it_went_to(own, others):
    assert sweep_command._next(own, (2, 3), "s.toml") == ["sim", "merge", "s.toml", *others]


def test_a_shard_that_is_done_says_so_and_that_it_is_no_whole_sweep(file, tmp_path, monkeypatch):
    here(monkeypatch)
    assert runs.sim("sweep", file, "--shard", "1/2", "--out", tmp_path / "one", "-q").exit_code == 0
    said = runs.sim("sweep", file, "--status", "--out", tmp_path / "one")
    assert "complete, 9 of 9 runs" in said.stdout and "shard 1/2 of the sweep; sim merge" in said.stdout
    said = runs.sim("sensitivity", tmp_path / "one")
    assert said.exit_code == 2 and "it holds shard 1/2 of the sweep" in said.stderr and "`sim merge`" in said.stderr


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
