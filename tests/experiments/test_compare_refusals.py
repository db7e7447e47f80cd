"""What `sim compare` refuses, and names from files that try to do harm."""

import contextlib

import pytest

from sim.base import files as storage
from sim.experiments.compare import scenarios
from sim.runs import output_folder
from sim.scenario.load import load
from tests.samples import comparisons, runs

# -- what must be exact --------------------------------------------------------------------------------

@pytest.mark.parametrize("share", ["1", "0", "-0.1", "nan"])
def test_an_outside_share_at_which_no_entrant_comes_is_refused_in_one_sentence(place, share, tmp_path):
    files = place[1]
    found = comparisons.compare(files["base"], files["cut"], "--leakage-over", share, "--out", tmp_path / "none")
    errors = [line for line in found.stderr.splitlines() if not line.startswith("warning: ")]
    assert (found.exit_code, len(errors)) == (2, 1)
    assert "--leakage-over: an outside share of" in found.stderr and "at 1 no entrant comes" in found.stderr


def test_an_outside_share_that_asks_for_more_entrants_than_there_can_be_is_refused(place, tmp_path):
    files = place[1]
    found = comparisons.compare(files["base"], files["cut"], "--leakage-over", "0.999", "--out", tmp_path / "none")
    assert found.exit_code == 2 and "potential entrants a year and candidate" in found.stderr


def test_a_comparison_is_no_run_to_make_again(place, tmp_path):
    files = place[1]
    made = comparisons.compare(files["base"], files["cut"], "--replicates", 2, "--out", tmp_path / "both")
    assert made.exit_code == 0, made.stderr
    said = runs.sim("rerun", tmp_path / "both")
    assert said.exit_code == 2 and "there is no finished run in this folder" in said.stderr


def test_a_folder_of_another_command_is_no_run_and_nothing_is_advised_against_it(place, tmp_path):
    """It was told as a run of another version, which --force would replace."""
    request = output_folder.Request(output_folder.EQUILIBRIA, {"a": 1}, ())
    with output_folder.claimed(tmp_path / "search", request) as folder:
        output_folder.finish(folder, request)
    said = comparisons.compare(place[1]["base"], folder, "--out", tmp_path / "both")
    assert said.exit_code == 2 and "there is no finished run in this folder" in said.stderr
    assert "--force" not in said.stderr


# -- strings from files -------------------------------------------------------------------------------------

def test_names_from_files_are_inert(place, monkeypatch):
    folder, files = place
    monkeypatch.chdir(folder)
    text = files["cut"].read_text().replace('title = "Tax cut"', 'title = "=1+1 \\u202egnp"').replace(
        "[policies.tax]", '[policies."=cmd"]')
    (folder / "nasty.toml").write_text(text)
    found = comparisons.compare(files["base"], folder / "nasty.toml", "--replicates", 2, "--out", "nasty")
    assert found.exit_code == 0, found.stderr
    assert "\u202e" not in found.stderr + found.stdout
    assert "'=cmd" in (folder / "outputs" / "nasty" / "assumed.csv").read_text()


# -- bad input ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "said"), [
    ("[time]\nend = 2022-12-31\n", "time.end: it is 2022-12-31 in other"),
    ("[time]\nstart = 2020-01-01\n", "time.start"), ("[run]\nseed = 3\n", "run.seed: it is 3 in other"),
    ("[run]\nreplicates = 5\n", "run.replicates: it is 5 in other"),
    ('region = "elsewhere"\n', "region: it is synthetic-8-4 in other"),
])
def test_what_cannot_be_paired_is_refused_with_key_and_line(place, change, said, tmp_path):
    folder, files = place
    other = folder / "other.toml"
    other.write_text(f'extends = "base.toml"\n{change}')
    found = comparisons.compare(files["base"], other, "--out", tmp_path / "none")
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
    assert "other.toml:" in found.stderr
    assert not (tmp_path / "none").exists()


def test_a_finished_run_of_another_program_or_region_is_not_paired(tmp_path):
    files = comparisons.write_all(tmp_path)
    few = ("--replicates", 2, "--no-figures", "-q", "--set", "time.end=2021-06-30")
    with contextlib.chdir(tmp_path):
        done = [runs.sim("run", files[name], "--out", tmp_path / f"done-{name}", *few) for name in ("base", "cut")]
    assert [each.exit_code for each in done] == [0, 0]
    folders = [tmp_path / f"done-{name}" for name in ("base", "cut")]
    said = storage.read_manifest(folders[1])
    storage.write_manifest(folders[1], said | {"versions": said["versions"] | {"numpy": "1.0"}})
    found = comparisons.compare(*folders, "--out", tmp_path / "none")
    assert found.exit_code == 2 and "done-cut: this run was made with another version of numpy" in found.stderr
    with (tmp_path / "region" / "industries.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    found = comparisons.compare(*folders, "--out", tmp_path / "none")
    assert found.exit_code == 2 and "region: the region's files have changed since this run" in found.stderr


def test_a_baseline_may_be_a_further_file(place, tmp_path):
    cases = scenarios.scenarios_of([str(place[1][name]) for name in ("cut", "late")], scenarios.Settings())
    found = scenarios.with_baseline(cases, str(place[1]["base"]), scenarios.Settings())
    assert [each.name for each in found] == ["base", "cut", "late"]


def test_policies_of_one_name_and_different_instruments_differ_from_the_first_of_both(place):
    other = place[0] / "grant.toml"
    other.write_text('extends = "base.toml"\n[policies.tax]\ninstrument = "grant"\namount = 5.0\n'
                     'sites = ["site-1"]\nstart = 2022-07-01\n')
    pair = [load(str(path)).values.policies["tax"] for path in (place[1]["cut"], other)]
    assert scenarios._changed(*pair) == {"instrument"}
    assert sorted(map(str, scenarios._turns(*pair))) == ["2022-04-01", "2022-07-01"]
