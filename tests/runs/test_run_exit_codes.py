"""How `sim run` ends where something is wrong, and on a signal."""

import json
import os
import shutil
import signal
import time

import pytest

from sim.base import files
from sim.runs import parts
from tests.samples import runs

# -- exit codes -------------------------------------------------------------------------------------

def test_a_wrong_file_ends_with_2_and_leaves_nothing(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("titel = 1\n[run]\nseed = -1\n")
    for path, problems in ((wrong, 2), (tmp_path / "none.toml", 1), (tmp_path, 1)):
        said = runs.sim("run", path, "--out", tmp_path / "out")
        assert (said.exit_code, said.stdout) == (2, "")
        assert len(said.stderr.splitlines()) == problems
    assert not (tmp_path / "out").exists()


def unwritable(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "else")
    return [tmp_path / "file", tmp_path / "file" / "below", tmp_path / "dangling", tmp_path / ("x" * 300),
            "/proc/here"]


def test_a_place_that_cannot_be_written_ends_with_4_and_one_line(scenario, tmp_path):
    for place in unwritable(tmp_path):
        said = runs.sim("run", scenario, "--out", place, "-q")
        assert (said.exit_code, said.stdout) == (4, "")
        assert said.stderr.startswith(f"error: {place}")
        assert len(said.stderr.splitlines()) == 1


def test_a_folder_in_use_ends_with_5(scenario, finished):
    with files.lock(finished):
        said = runs.sim("run", scenario, "--out", finished)
    assert said.exit_code == 5
    assert f"in use by process {os.getpid()}" in said.stderr


def test_a_manifest_that_is_none_ends_with_6_unless_forced(scenario, finished, tmp_path):
    for text in ("{", "[]", "\xff", '{"schema": 1, "status": "complete"}', "[" * 100_000):
        (tmp_path / "manifest.json").write_text(text, encoding="latin-1")
        said = runs.sim("run", scenario, "--out", tmp_path)
        assert said.exit_code == 6
        assert f"{tmp_path / 'manifest.json'}: " in said.stderr
    assert runs.sim("run", scenario, "--out", tmp_path, "--force", "--no-figures").exit_code == 0
    assert runs.content(tmp_path) == runs.content(finished)


@pytest.mark.parametrize(("setting", "word"), [
    ("run.seed=1", "run.seed is 20191025 there and 1 now"),
    ("policies.tax.rate=20.0", "policies.tax.rate is 15.0 there and 20.0 now"),
    ("population.headquarters.district-0=30.0", "headquarters.district-0 is not set there and 30.0 now")])
def test_a_folder_of_another_run_is_refused_by_name_and_untouched(scenario, finished, setting, word):
    before = runs.stamps(finished)
    said = runs.sim("run", scenario, "--set", setting, "--out", finished)
    assert said.exit_code == 2
    assert word in said.stderr
    assert "--force" in said.stderr
    assert runs.stamps(finished) == before


def test_a_changed_region_is_another_run(scenario, tmp_path):
    path = runs.write_scenario(tmp_path)
    assert runs.sim("run", path, "--out", tmp_path / "out", "-q", "--no-figures").exit_code == 0
    runs.write_scenario(tmp_path, sites=9)
    said = runs.sim("run", path, "--out", tmp_path / "out")
    assert said.exit_code == 2
    assert "files of region" in said.stderr


@pytest.mark.parametrize(("change", "word"), [
    (lambda said: {"scenario_digest": "0" * 16}, "the folder holds another run: "),
    (lambda said: {"versions": said["versions"] | {"numpy": "1.0"}}, "it was made with another version of numpy"),
    (lambda said: {"scenario": "other"}, "that of scenario other")])
def test_a_run_of_another_program_or_name_is_refused_with_what_sets_it_apart(scenario, finished, tmp_path, change,
                                                                             word):
    folder = shutil.copytree(finished, tmp_path / "copy")
    said = files.read_manifest(folder)
    files.write_manifest(folder, {**said, "key": "another", **change(said)})
    (folder / "resolved.toml").write_text("[")                  # what it was cannot be read either
    told = runs.sim("run", scenario, "--out", folder)
    assert told.exit_code == 2 and word in told.stderr


def test_a_run_that_left_nothing_gives_way_to_the_one_that_was_mended(tmp_path):
    """The first is refused under way, as its message says, and the same command with what it advises runs."""
    (tmp_path / "places.csv").write_text("id,lon,lat,headquarters\nalone,4.48,51.92,3\n")
    assert runs.sim("new-region", tmp_path / "places.csv", tmp_path / "one").exit_code == 0
    path, out = tmp_path / "small.toml", tmp_path / "out"
    path.write_text('region = "one"\n[time]\nend = 2021-12-31\n[run]\nreplicates = 2\n')
    refused = runs.sim("run", path, "--out", out, "--no-figures")
    assert refused.exit_code == 2 and 'set moving.constants = "errors kept" or "uniform"' in refused.stderr
    assert (out / "manifest.json").exists()
    assert runs.sim("run", path, "--out", out, "--no-figures", "--set", 'moving.constants="uniform"').exit_code == 0


@pytest.mark.parametrize("left", ["parts/0-2.nc", "results.nc", "report.html"])
def test_a_run_that_left_something_does_not(left, scenario, finished, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    files.write_manifest(folder, {**files.read_manifest(finished), "key": "another", "status": "running"})
    (folder / left).parent.mkdir(exist_ok=True)
    (folder / left).write_text("work")
    said = runs.sim("run", scenario, "--out", folder)
    assert said.exit_code == 2 and "the folder holds another run" in said.stderr and (folder / left).exists()


def test_results_of_unknown_origin_are_refused(scenario, tmp_path):
    (tmp_path / "results.nc").write_text("mine")
    said = runs.sim("run", scenario, "--out", tmp_path)
    assert said.exit_code == 2
    assert "results.nc is there already, and would be replaced" in said.stderr
    assert (tmp_path / "results.nc").read_text() == "mine"


def test_force_replaces_another_run_and_leaves_nothing_of_it(scenario, finished, tmp_path):
    runs.sim("run", scenario, "--out", tmp_path, "--no-figures", "--replicates", 3, "--seed", 5)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "old.en.svg").write_text("old")
    (tmp_path / "report.zh.html").write_text("old")
    assert runs.sim("run", scenario, "--out", tmp_path, "--force", "--no-figures").exit_code == 0
    assert runs.content(tmp_path) == runs.content(finished)
    assert not list((tmp_path / "figures").iterdir())
    assert not (tmp_path / "report.zh.html").exists()


# -- signals ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_signal_ends_with_130_keeps_what_is_done_and_names_the_command(scenario, tmp_path, number):
    out = tmp_path / "out"
    arguments = ["run", scenario, "--out", out, "--jobs", 2, "--set", "time.end=2040-12-31",
                 "--set", "population.candidates=1500", "--replicates", 2000]
    process = runs.shell(*arguments)
    while not parts.paths(out) and process.poll() is None:
        time.sleep(0.02)
    runs.stop(process, number, "replicates")
    kept = [replicate for path in parts.paths(out) for replicate in parts.replicates_of(path)]
    assert 0 < len(kept) < 2000
    assert json.loads((out / "manifest.json").read_text())["status"] == "running"
    assert not list(out.rglob(f"*{files.UNFINISHED}"))
    assert not (out / files.LOCK).exists()
