"""Every command that writes into --out: another's results and the user's files are there afterwards as before."""

import contextlib
import pathlib
import shutil

import pandas as pd
import pytest

from sim.base import files
from sim.base.errors import InputError
from sim.experiments.compare import folder as comparison_folder
from sim.runs import output_folder
from tests.samples import firm_lists, runs, sweeps

BASELINE = runs.ROOT / "scenarios/baseline.toml"
MINE = {"mine.csv": "a,b\n", "report-mine.html": "mine", "figures/mine.my.png": "mine", "scenarios/mine.toml": "# mine",
        "forecasts.json": "{}"}                  # in the user's own folder, none of them a name of ours
WRITTEN = {"run": "scenario.toml", "compare": "effects.csv", "sweep": "results/mine.parquet", "estimate": "data.csv",
           "targets": "targets.csv", "backtest": "scores.csv", "equilibria": "equilibria.csv", "smallest": "search.csv"}
SLOW = ("targets", "backtest")                   # commands whose results are not made here


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a scenario, a sweep and a list of firms."""
    folder = tmp_path_factory.mktemp("given")
    sweeps.write(folder)
    (folder / "other.toml").write_text('extends = "small.toml"\n[policies.tax]\nrate = 10.0\n', encoding="utf-8")
    firm_lists.write(folder, firm_lists.rows(400))
    return folder


def typed(command, place, out, *more):
    """The exit code and what is said of a command on these files, as little of it as there can be."""
    small, short = place / "small.toml", ("--set", "time.end=2021-06-30")
    given = {"run": (small, *short, "--replicates", 1, "--no-figures"),
             "compare": (small, place / "other.toml", *short, "--replicates", 2, "--no-figures", "--jobs", 1),
             "sweep": (place / "study.toml", "--replicates", 1, "--jobs", 1),
             "estimate": (place / "firms.csv", "--spec", place / "spec.toml"),
             "targets": (BASELINE, *runs.ON_THE_DELTA, "--replicates", 2),
             "backtest": (BASELINE, *runs.ON_THE_DELTA, "--draws", 2, "--per-draw", 1),
             "equilibria": (small, "--starts", 0, "--no-figures"),
             "smallest": (small, "--key", "policies.tax.rate", "--between", 0, 20, "--target", -1000, "--no-figures",
                          *short, "--replicates", 2)}[command]
    with contextlib.chdir(place):
        return runs.sim(command, *given, "--out", out, *more)


@pytest.fixture(scope="module", params=[name for name in WRITTEN if name not in SLOW])
def made(request, place, tmp_path_factory):
    """(command, folder of its results, made in a folder of the user's own)"""
    folder = tmp_path_factory.mktemp(request.param)
    write_all(folder, MINE)
    said = typed(request.param, place, folder)
    assert said.exit_code == 0, said.stderr
    return request.param, folder


def write_all(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def assert_untouched(folder, texts):
    assert {name: (folder / name).read_text("utf-8") for name in texts} == texts


def test_files_of_the_users_stay_also_when_the_results_are_replaced(made, place, tmp_path):
    command, folder = made
    assert_untouched(folder, MINE)
    copy = shutil.copytree(folder, tmp_path / "copy")
    said = typed(command, place, copy, *another(command), "--force")
    assert said.exit_code == 0, said.stderr
    assert_untouched(copy, MINE)


def another(command):
    """An argument that makes it another request."""
    return {"run": ("--seed", 3), "compare": ("--seed", 3), "sweep": ("--set", "moving.rate=0.04"),
            "equilibria": ("--starts", 1), "smallest": ("--confidence", 0.9)}.get(command, ())


@pytest.mark.parametrize("command", WRITTEN)
def test_a_file_of_the_users_that_has_the_name_of_ours_is_not_replaced(command, place, tmp_path):
    write_all(tmp_path, {WRITTEN[command]: "mine"})
    said = typed(command, place, tmp_path)
    assert said.exit_code == 2 and f"{WRITTEN[command]} is there already, and would be replaced" in said.stderr
    assert "--force" in said.stderr
    assert_untouched(tmp_path, {WRITTEN[command]: "mine"})


@pytest.mark.parametrize("command", WRITTEN)
def test_results_of_another_command_are_not_replaced(made, command, place):
    other, folder = made
    if other == command:
        return
    before = runs.stamps(folder)
    said = typed(command, place, folder)
    kind = {"estimate": output_folder.ESTIMATION, "compare": output_folder.COMPARISON,
            "smallest": output_folder.SEARCH}.get(other, other)
    assert said.exit_code == 2 and f"the folder holds {output_folder.NAMED[kind]}" in said.stderr
    assert runs.stamps(folder) == before


def test_the_same_command_makes_the_same_again_and_another_is_refused_by_what_differs(made, place, tmp_path):
    command, folder = made
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert typed(command, place, copy).exit_code == 0
    if command == "estimate":                             # whose spec or list changes, not its arguments
        return
    before = runs.stamps(copy)
    said = typed(command, place, copy, *another(command))
    assert said.exit_code == 2 and "--force" in said.stderr
    assert runs.stamps(copy) == before


def test_another_spec_is_another_estimation(place, tmp_path):
    given = firm_lists.write(tmp_path, firm_lists.rows(400))
    out = tmp_path / "out"
    assert runs.sim("estimate", given[0], "--spec", given[1], "--out", out).exit_code == 0
    spec = pathlib.Path(given[1])
    spec.write_text(spec.read_text("utf-8").replace("within_km = 8", "within_km = 9"), encoding="utf-8")
    before = runs.stamps(out)
    for lang, words in (("en", "the folder holds an estimation of another request: spec differs"), ("zh", "spec 不同")):
        said = runs.sim("estimate", given[0], "--spec", given[1], "--out", out, "--lang", lang,
                        LANG="zh_CN.UTF-8" if lang == "zh" else "C.UTF-8")
        assert said.exit_code == 2 and words in said.stderr
    assert runs.stamps(out) == before
    assert runs.sim("estimate", given[0], "--spec", given[1], "--out", out, "--force").exit_code == 0
    assert "within_km = 9" in (out / "spec.toml").read_text("utf-8")


@pytest.mark.parametrize(("command", "more", "words"), [
    ("targets", ("--replicates", 3), "replicates is 2 there and 3 now"),
    ("backtest", ("--draws", 3), "draws is 2 there and 3 now")])
def test_another_number_of_runs_is_told(command, more, words, place, tmp_path):
    out = tmp_path / "out"
    assert typed(command, place, out, *more[:1], 2, "--quiet").exit_code == 0
    before = runs.stamps(out)
    said = typed(command, place, out, *more)
    assert said.exit_code == 2 and words in said.stderr
    assert runs.stamps(out) == before
    assert files.stored.unsealed(out / files.MANIFEST)["status"] == "complete"


def test_pictures_of_another_request_go_and_those_of_the_same_stay(tmp_path):
    one, other = (output_folder.Request(output_folder.EQUILIBRIA, {"starts": starts}, ("bifurcation.en.*",))
                  for starts in (1, 2))
    with output_folder.claimed(tmp_path, one):
        (tmp_path / "bifurcation.en.svg").write_text("old")
        output_folder.finish(tmp_path, one)
    for force in (False, True):
        with output_folder.claimed(tmp_path, one, force):
            assert (tmp_path / "bifurcation.en.svg").exists()
    with pytest.raises(InputError, match="starts is 1 there and 2 now"), output_folder.claimed(tmp_path, other):
        pass
    with output_folder.claimed(tmp_path, other, force=True):
        assert not (tmp_path / "bifurcation.en.svg").exists()


def test_what_was_not_asked_for_is_told_as_not_set(tmp_path):
    plain, over = (output_folder.Request(output_folder.EQUILIBRIA, {"over": key}, ()) for key in ("", "moving.cost"))
    with output_folder.claimed(tmp_path, plain):
        output_folder.finish(tmp_path, plain)
    with (pytest.raises(InputError, match="over is not set there and moving.cost now"),
          output_folder.claimed(tmp_path, over)):
        pass


def test_names_of_another_folder_in_a_manifest_remove_nothing_there(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("mine")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "kept.csv").write_text("mine")
    (folder / "table.csv").write_text("theirs")
    files.write_manifest(folder, {"kind": output_folder.TARGETS, "sha256": dict.fromkeys(
        ("../outside.csv", "sub/kept.csv", str(outside), "table.csv"), "0" * 64)})
    output_folder.clear(folder, ())
    assert outside.exists() and (folder / "sub" / "kept.csv").exists() and not (folder / "table.csv").exists()


def test_every_table_of_a_comparison_is_among_those_that_it_replaces(made):
    command, folder = made
    if command == "compare":
        assert set(comparison_folder.load(folder)["tables"]) <= set(comparison_folder.TABLES)
        assert len(pd.read_csv(folder / "effects.csv", encoding="utf-8-sig"))
