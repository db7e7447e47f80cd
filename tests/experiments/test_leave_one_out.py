"""A package without each of its policies in turn: exact where it can be, and what is said of the rest."""

import numpy as np
import pandas as pd
import pytest

from sim.experiments.compare import leave_one_out, plausibility
from sim.experiments.compare.run_levels import levels_of
from tests.samples import comparisons

PACKAGE = """\
extends = "cut.toml"
title = "Package"
[policies.services]
instrument = "services"
system = "finance"
change = 1.0
sites = ["site-1", "site-2"]
start = 2022-01-01
lag = 0.0
[policies.money]
instrument = "grant"
amount = 5.0
sites = ["site-2", "site-3"]
types = ["growth"]
start = 2022-01-01
lag = 0.0
[policies.club]
instrument = "alliance"
industries = ["industry-0"]
share = 0.5
start = 2022-01-01
[policies.head]
instrument = "anchor"
industry = "industry-0"
employees = 400.0
alliances = ["club"]
sites = "site-2"
start = 2022-01-01
"""
POLICIES = ["tax", "services", "money", "club", "head"]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """(folder, tables, comparison.json) of one policy that pays and of a package, every policy left out."""
    folder = tmp_path_factory.mktemp("left")
    files = comparisons.write_all(folder, package=PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = comparisons.compare(files["base"], files["cut"], files["package"], "--out", "found",
                                   "--leave-one-out", "all", "--set", "run.replicates=3")
    assert said.exit_code == 0, said.stderr
    return folder, *comparisons.tables(folder / "found")


def test_without_its_only_policy_a_scenario_is_the_baseline(found):
    rows = found[1]["leave_one_out"].set_index(["scenario", "policy"]).loc["cut"]
    assert (rows.loc["tax", "without"] == 0.0).all() and (rows.loc["interaction", ["mean", "sd"]] == 0.0).all().all()
    assert (rows.loc["tax", "mean"] == rows.loc["tax", "package"]).all() and (rows.loc["tax", "mean"] != 0.0).any()


def test_what_policies_add_and_their_interaction_sum_to_the_package(found):
    table = found[1]["leave_one_out"]
    for measure, rows in table[table["scenario"] == "package"].groupby("measure"):
        assert list(rows["policy"]) == [*POLICIES, "interaction"]
        assert rows["mean"].sum() == pytest.approx(rows["package"].iloc[0], abs=1e-9)
        effects = found[1]["effects"].query("scenario == 'package' and level == 'zone' and quarter == '2023-Q4'")
        assert rows["package"].iloc[0] == effects.set_index("measure").loc[measure, "mean"]
    assert abs(table.query("policy == 'interaction' and scenario == 'package'")["mean"]).max() > 0.0


def test_a_but_for_share_is_of_the_registrations_that_the_policy_is_for(found):
    folder, tables, _ = found
    rows = tables["checks"].query("check == 'but_for'").set_index(["scenario", "policy"])
    assert set(rows.index) == {("cut", "tax"), ("package", "tax"), ("package", "money")}
    for (scenario, policy), row in rows.iterrows():
        with_policy = leave_one_out.eligible(levels_of(folder / "outputs" / scenario))[policy]
        number = POLICIES.index(policy)
        without = leave_one_out.ends_of(folder / "found" / "variants" / scenario / f"without-{number}").eligible[policy]
        assert (row["with_policy"], row["baseline"]) == pytest.approx((with_policy.mean(), without.mean()))
        assert with_policy.all() and without.all()
        assert row["value"] == pytest.approx(1 - without.sum() / with_policy.sum())
        levels = levels_of(folder / "outputs" / scenario)
        assert row["with_policy"] < plausibility.arrivals(levels, np.ones(8, bool), "2020-Q4", "2023-Q4").mean()


def test_a_package_has_a_line_of_its_own_that_is_not_held_against_estimates_of_incentives(found):
    _, tables, content = found
    rows = tables["checks"].query("check == 'but_for_package'")
    assert set(rows["scenario"]) == {"cut", "package"}
    assert (rows["inside"].astype(str) == "").all() and rows["low"].isna().all() and (rows["pays"] == 0).all()
    assert not any(each["what"] == "but_for_package" for each in content["warnings"])


def test_who_does_not_ask_is_told_that_no_policy_was_left_out(found, tmp_path, monkeypatch):
    folder = found[0]
    monkeypatch.chdir(folder)
    said = comparisons.compare("outputs/base", "outputs/package", "--out", tmp_path / "plain", "-q")
    assert said.exit_code == 0, said.stderr
    tables, content = comparisons.tables(tmp_path / "plain")
    assert set(tables["checks"]["check"]) == {
        "but_for_package", "capitalisation", "capitalisation_long_run", "capitalisation_formula"}
    assert {"what": "but_for", "scenario": "package", "why": leave_one_out.NOT_ASKED} in content["omitted"]


@pytest.mark.slow
def test_finished_runs_are_left_out_of_as_their_files_are(found, tmp_path, monkeypatch):
    folder, tables, _ = found
    monkeypatch.chdir(folder)
    said = comparisons.compare("outputs/base", "outputs/package", "--out", tmp_path / "again", "-q",
                               "--leave-one-out", "paying")
    assert said.exit_code == 0, said.stderr
    again = comparisons.tables(tmp_path / "again")[0]["leave_one_out"]
    before = tables["leave_one_out"].query("scenario == 'package' and policy in ('tax', 'money')")
    pd.testing.assert_frame_equal(again, before.reset_index(drop=True), check_dtype=False)
