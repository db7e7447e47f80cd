"""`sim compare` from the outside: zero where nothing differs, sums, reuse, languages, bad input."""

import contextlib
import functools
import json

import numpy as np
import pytest

from sim.experiments.compare.run_levels import levels_of
from sim.scenario.load import load
from sim.scenario.sections.demography import potential_rate
from tests.samples import comparisons, runs, sweeps

NUMBERS = {"effects": ["mean", "sd", "p05", "p95"], "event_study": ["mean", "p05", "p95"],
           "decomposition": ["mean", "sd", "p05", "p95"], "leakage": ["gain", "mean", "sd"],
           "ranking": ["mean", "p05", "p95"], "did": ["true", "spillover"], "welfare": ["mean", "p05", "p95"],
           "feedback": ["mean"], "fiscal": ["mean"], "costs": ["headquarters", "cost"]}
ALL = ("base", "cut", "none", "copy", "late", "withdrawn")
MOVED = ("cut", "withdrawn")


@pytest.fixture(scope="module")
def compared(place, tmp_path_factory):
    """(folder of the comparison, result of the command) of all scenarios, with draws and outside shares."""
    folder, files = place
    with contextlib.chdir(folder), sweeps.without_processes():
        found = comparisons.compare(*(files[name] for name in ALL), "--out", "found", "--leakage-over", "0.4",
                                    "--uncertainty", 2, "--per-draw", 2, "--set", "run.replicates=3", "--json")
    return folder / "found", found


@pytest.fixture(scope="module")
def tables(compared):
    assert compared[1].exit_code in (0, 3), compared[1].output
    return comparisons.tables(compared[0])


def of(table, *names):
    return table[table["scenario"].isin(names)]


# -- what must be exact --------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["none", "copy", "late"])
def test_a_policy_of_nothing_a_copy_and_one_after_the_horizon_differ_by_nothing(tables, name):
    for table, columns in NUMBERS.items():
        rows = of(tables[0][table], name)
        rows = rows[rows["per"] != "gross"] if table == "costs" else rows       # a level, not an effect
        assert (rows[columns].fillna(0.0).to_numpy() == 0.0).all(), table
        assert len(rows) or table in ("did", "event_study", "feedback"), table


def test_a_policy_moves_something(tables):
    for table, columns in NUMBERS.items():
        rows = of(tables[0][table], *MOVED)
        assert (rows[columns].fillna(0.0).to_numpy() != 0.0).any(), table


def test_leads_are_zero_and_what_follows_is_not(tables):
    study = of(tables[0]["event_study"], *MOVED)
    leads, later = study[study["lead"] == 1], study[study["lead"] == 0]
    assert len(leads) and (leads[["mean", "sd", "p05", "p95"]].to_numpy() == 0.0).all()
    assert (leads["years_since"] < 0).all()
    assert (later["mean"] != 0.0).any()


def test_parts_sum_to_the_effect_to_the_last_enterprise(tables):
    parts, effects = tables[0]["decomposition"], tables[0]["effects"]
    keys = ["scenario", "measure", "level", "place", "quarter"]
    whole = parts[parts["part"] == "total"].set_index(keys)["mean"]
    summed = parts[parts["part"] != "total"].groupby(keys)["mean"].sum()
    assert (abs(summed.loc[whole.index] - whole) < 1e-9).all()
    assert (abs(effects.set_index(keys)["mean"].loc[whole.index] - whole) < 1e-9).all()
    assert set(parts["measure"]) == {"headquarters", "enterprises"}


def test_groups_sum_to_the_zone(tables):
    end = tables[0]["effects"][tables[0]["effects"]["quarter"] == "2023-Q4"]
    end = end[end["measure"] == "headquarters"]
    for name in MOVED:
        mean = end[end["scenario"] == name].set_index("level")["mean"]
        assert mean.loc["industry"].sum() == pytest.approx(mean.loc["zone"], abs=1e-9)
        assert mean.loc["hq_type"].sum() == pytest.approx(mean.loc["zone"], abs=1e-9)
        assert mean.loc["site"].sum() == pytest.approx(mean.loc["modelled"], abs=1e-9)


def test_leakage_is_told_for_both_outside_shares(tables):
    table = of(tables[0]["leakage"], "cut")
    assert sorted(table["outside_share"].unique()) == [0.2, 0.4]
    for _, rows in table.groupby(["outside_share", "measure"]):
        assert rows["mean"].sum() == pytest.approx(rows["gain"].iloc[0], abs=1e-9)


def test_other_outside_shares_hold_the_entries(place, compared, tables):
    """As many enter the base year, so the effect on the zone stays; only its origin is another."""
    other = load(str(compared[0] / "variants" / "entry.outside_share=0.4" / "cut" / "resolved.toml")).values
    assert potential_rate(other) * 0.6 == pytest.approx(0.3 * 0.8)
    came = [levels_of(folder)["entries"][:, -1].sum() for folder in (
        place[0] / "outputs" / "cut", compared[0] / "variants" / "entry.outside_share=0.4" / "cut")]
    assert came[1] == pytest.approx(came[0], rel=0.1)
    told = {each["outside_share"]: each for each in tables[1]["leakage"] if each["scenario"] == "cut"}
    assert set(told) == {0.2, 0.4}


def test_uncertainty_has_a_row_a_scenario_and_its_draws(tables):
    found, content = tables
    number = content["uncertainty"]["draws"]
    assert number + len(content["uncertainty"]["failed"]) == 2
    assert len(found["draws"]) == number * (len(ALL) - 1)
    if number:
        assert (of(found["uncertainty"], "copy")["mean"] == 0.0).all()


def test_json_tells_the_whole_comparison(compared, tables):
    said = json.loads(compared[1].stdout)
    assert said["baseline"] == "base"
    assert said["members"] == 3
    assert {each["scenario"] for each in said["headline"]} == set(ALL[1:])
    events = {each["name"]: each["event"] for each in said["scenarios"]}
    assert events == dict.fromkeys(ALL) | {"cut": "2022-Q2", "none": "2022-Q2", "withdrawn": "2022-Q2"}
    advice = {each["scenario"]: each["needed"] for each in said["sample_size"]["scenarios"]}
    assert advice["copy"] == 2 < advice["cut"]


def test_what_is_outside_the_published_ranges_is_told_first(tables):
    found, content = tables
    outside = found["checks"][(found["checks"]["pays"] == 1) & (found["checks"]["inside"].astype(str) == "0")]
    told = [(each["what"], each["scenario"]) for each in content["warnings"]]
    assert len(told) == len(outside) > 0
    assert set(told) == set(zip(outside["check"], outside["scenario"]))


# -- runs are made once --------------------------------------------------------------------------------

def test_finished_runs_and_draws_are_kept_and_tables_are_the_same(place, compared, tables, monkeypatch):
    folder, files = place
    monkeypatch.chdir(folder)
    runs_before = {path: stamp for path, stamp in runs.stamps(folder / "outputs").items() if path.suffix == ".nc"}
    draws = runs.stamps(compared[0] / "uncertainty" / "results")
    assert draws
    bytes_before = {path.name: path.read_bytes() for path in compared[0].glob("*.csv")}
    again = comparisons.compare(*(files[name] for name in ALL), "--out", "found", "--leakage-over", "0.4",
                                "--uncertainty", 2, "--per-draw", 2, "--set", "run.replicates=3", "-q", "--jobs", 1)
    assert again.exit_code in (0, 3)
    assert {path: path.stat().st_mtime_ns for path in runs_before} == runs_before
    assert runs.stamps(compared[0] / "uncertainty" / "results") == draws
    assert {path.name: path.read_bytes() for path in compared[0].glob("*.csv")} == bytes_before


def test_another_run_is_not_replaced_but_made_in_the_comparison(place, compared, monkeypatch):
    folder, files = place
    monkeypatch.chdir(folder)
    found = comparisons.compare(files["base"], files["cut"], "--replicates", 2, "--out", "few", "-q")
    assert found.exit_code == 0, found.stderr
    assert (folder / "few" / "runs" / "base" / "results.nc").exists()
    assert json.loads((folder / "outputs" / "base" / "manifest.json").read_text())["replicates"] == 3


def test_folders_compare_as_their_files_do_and_the_baseline_is_chosen(place, compared, tables, monkeypatch):
    folder, _ = place
    monkeypatch.chdir(folder)
    found = comparisons.compare("outputs/cut", "outputs/base", "--baseline", "base", "--out", "folders",
                                "--lang", "zh")
    assert found.exit_code == 0, found.stderr
    assert "片区总部企业" in found.stderr
    effects = of(comparisons.tables(folder / "folders")[0]["effects"], "cut")
    before = of(tables[0]["effects"], "cut")
    assert (effects["mean"].to_numpy() == before[before["quarter"].isin(effects["quarter"])]["mean"].to_numpy()).all()


@pytest.mark.slow
def test_runs_of_one_name_go_by_their_folders_and_equal_titles_by_their_names(place, compared, monkeypatch):
    folder, files = place
    monkeypatch.chdir(folder)
    (folder / "rates").mkdir(exist_ok=True)
    (folder / "rates" / "cut.toml").write_text('extends = "../cut.toml"\n[policies.tax]\nrate = 20.0\n')
    for rate in (5, 10):
        done = runs.sim("run", files["cut"], "--no-figures", "-q", "--out", f"again/rate-{rate}", "--set",
                        f"policies.tax.rate={rate}", "--set", "run.replicates=3")
        assert done.exit_code == 0, done.stderr
    found = comparisons.compare("outputs/base", "again/rate-5", "again/rate-10", "rates/cut.toml",
                                "真=outputs/withdrawn", "--out", "named")
    assert found.exit_code == 2 and "settings" not in found.stderr             # 8 replicates in rates/cut.toml
    (folder / "rates" / "cut.toml").write_text('extends = "../cut.toml"\ntitle = "Tax cut"\n'
                                               '[policies.tax]\nrate = 20.0\n[run]\nreplicates = 3\n')
    found = comparisons.compare("outputs/base", "again/rate-5", "again/rate-10", "rates/cut.toml",
                                "真=outputs/withdrawn", "--out", "named")
    assert found.exit_code == 0, found.stderr
    tables, content = comparisons.tables(folder / "named")
    names = ["base", "rate-5", "rate-10", "cut", "真"]                       # the one file called so
    assert [each["name"] for each in content["scenarios"]] == names
    assert set(tables["ranking"]["scenario"]) == set(names)
    assert [each["title_en"] for each in content["scenarios"]] == [
        "Base", *(f"Tax cut ({name})" for name in names[1:4]), "Withdrawn"]
    assert [each["title_zh"] for each in content["scenarios"]][:2] == ["基准", "Tax cut（rate-5）"]
    advice = found.stderr.split("replicates for")[1]
    assert all(f"Tax cut ({name}) " in advice for name in names[1:4])
    found = comparisons.compare(files["base"], files["cut"], "rates/cut.toml", "--replicates", 3, "--out", "two")
    assert found.exit_code == 0, found.stderr
    assert [each["name"] for each in comparisons.tables(folder / "two")[1]["scenarios"]] == [
        "base", f"{folder.name}-cut", "rates-cut"]


def test_common_draws_lessen_the_spread(place, compared, tables):
    """Variance of the paired effect against that of two independent worlds, both from the runs themselves."""
    from sim.experiments.compare.effects import stock
    both = [levels_of(place[0] / "outputs" / name) for name in ("cut", "base")]
    here, there = (stock(each, "enterprises", both[0].zone)[:, -1].astype(float) for each in both)
    assert np.var(here) + np.var(there) > 3 * np.var(here - there)


def test_force_replaces_the_runs_of_the_comparison_too(place, compared, tmp_path):
    """The usual folders hold runs of other replicates, so that these runs lie below the comparison's."""
    base, cut = (place[1][name] for name in ("base", "cut"))
    ask = functools.partial(comparisons.compare, base, cut, "--out", tmp_path / "found", "-q", "--no-figures")
    with contextlib.chdir(place[0]):
        assert ask("--replicates", 2).exit_code == 0 and (tmp_path / "found/runs/base/results.nc").exists()
        refused = ask("--replicates", 4)
        assert refused.exit_code == 2 and "--force" in refused.stderr
        done = ask("--replicates", 4, "--force")
    assert done.exit_code == 0, done.stderr
    assert comparisons.tables(tmp_path / "found")[1]["members"] == 4


# -- bad input ----------------------------------------------------------------------------------------------

def test_other_bad_input_ends_with_a_line_and_a_remedy(place, compared, tmp_path):
    folder, files = place
    half = tmp_path / "half"
    half.mkdir()
    for arguments, said in (([files["cut"], files["cut"]], "this scenario is named twice"),
                            ([files["base"], files["cut"], "--baseline", "bsae"], "did you mean 'base'?"),
                            ([files["base"]], "only one scenario is given; expected two or more"),
                            ([files["base"], half], "there is no finished run in this folder"),
                            ([f"x={files['base']}", f"x={files['cut']}"], "is called 'x' too; give one of them a name"),
                            ([files["base"], f"no#name={files['cut']}"], "NAME=FILE or NAME=FOLDER"),
                            ([folder / "outputs" / "base", files["cut"], "--set", "entry.rate=0.1"],
                             "entry.rate=0.1 cannot change a finished run"),
                            ([files["base"], files["cut"], "--out", folder / "found"], "--force"),
                            ([files["base"], files["cut"], "--out", folder / "outputs" / "base"], "--force")):
        found = comparisons.compare(*arguments, "-q")
        assert found.exit_code == 2, said
        assert said in found.stderr
        assert "Traceback" not in found.stderr
