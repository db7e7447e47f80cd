"""Every shipped scenario over short horizons: runs that end before a policy starts, or between its dates."""

import datetime
import json
import pathlib
import re
import shlex

import pandas as pd
import pytest

from tests.samples import runs

SCENARIOS = sorted((runs.ROOT / "scenarios").glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))
BEFORE = "2021-03-31"          # one quarter: of the policies of all files only Lingang's rule has begun
SMALL = ["--replicates", 1, "--jobs", 1, "--quiet", "--set", "population.candidates=1500"]
UNMEASURED = ["--set", "diagnostics.members=0"]


def dates(path):
    """Starts and ends of a scenario's policies within the years from 2022, in their order."""
    shown = json.loads(runs.sim("show", path, "--json").stdout)
    found = {row["value"] for row in shown if row["key"].startswith("policies.")
             and row["key"].rpartition(".")[2] in ("start", "end") and row["value"]}
    return sorted(datetime.date.fromisoformat(date) for date in found if date > "2022")


def between(path):
    """The day before the last date of a scenario, so that what is dated earlier has begun; None for one date."""
    found = dates(path)
    return found[-1] - datetime.timedelta(days=1) if len(found) > 1 else None


UNDATED = ("baseline", "no-policy", "without-huawei")                        # nothing to stand between
DATED = [path for path in SCENARIOS if path.stem not in UNDATED]
FEW = ("dual-regime", "fiscal-sharing", "full-package-withdrawn", "tod")     # the others are slow together
SOME = [pytest.param(path, id=path.stem, marks=() if path.stem in FEW else pytest.mark.slow) for path in DATED]


@pytest.mark.parametrize("name", UNDATED)
def test_the_scenarios_left_out_have_no_two_dates(name):
    assert between(runs.ROOT / "scenarios" / f"{name}.toml") is None


def assumed(folder):
    """The direct effects that a run tells."""
    return pd.read_csv(folder / "assumed.csv", keep_default_na=False, na_values=["nan"])


@pytest.fixture(scope="module")
def early(tmp_path_factory):
    """Folder of one comparison of all shipped scenarios that ends before their policies; the base year is shared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("early"))
        done = runs.sim("compare", *SCENARIOS, "--no-figures", "--out", "all", *SMALL, *UNMEASURED,
                        "--set", f"time.end={BEFORE}")
        assert done.exit_code == 0, done.stderr
        yield pathlib.Path.cwd()


@pytest.mark.slow
def test_all_scenarios_run_and_compare_where_no_policy_has_begun(early):
    content = json.loads((early / "all" / "comparison.json").read_text("utf-8"))
    assert [each["name"] for each in content["scenarios"]] == [path.stem for path in SCENARIOS]
    for path in SCENARIOS:
        assert (early / "outputs" / path.stem / "results.nc").exists(), path.stem


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_policy_that_has_not_begun_has_no_direct_effect(early, path):
    table = assumed(early / "outputs" / path.stem)
    known = json.loads(runs.sim("show", path, "--json").stdout)
    late = {row["key"].split(".")[1] for row in known
            if row["key"].startswith("policies.") and row["key"].endswith(".start") and row["value"] > BEFORE}
    rows = table[table["policy"].isin(late)]
    assert (rows[["perceived", "dv", "dv_lowest", "dv_highest"]].to_numpy() == 0.0).all()
    assert set(rows["policy"]) == late


@pytest.mark.parametrize("path", SOME)
def test_a_run_that_ends_between_the_dates_of_its_policies(path, tmp_path):
    done = runs.sim("run", path, "--no-figures", "--out", tmp_path / "out", *SMALL, *UNMEASURED,
                    "--set", f"time.end={between(path)}")
    assert done.exit_code == 0, done.stderr
    assert (assumed(tmp_path / "out")["dv"] != 0.0).any()


@pytest.mark.slow
def test_figures_and_pages_of_alliances_that_nobody_has_heard_of(tmp_path, monkeypatch):
    """And the commands that a page and the end of a comparison print work where they were started."""
    monkeypatch.chdir(tmp_path)
    files = [runs.ROOT / "scenarios" / f"{name}.toml" for name in ("baseline", "alliances")]
    both = runs.sim("compare", *files, "--out", "outputs/both", *SMALL[:4], *SMALL[5:], "--lang", "both", "--set",
                    "time.end=2025-12-31")
    assert both.exit_code == 0, both.stderr
    assert "Report: outputs/both/report.html" in both.stderr and "Next: sim open outputs/both" in both.stderr
    assert runs.sim("report", "outputs/alliances", "--lang", "both").exit_code == 0
    for page in ("alliances/report.html", "alliances/report.zh.html", "both/report.html", "both/report.zh.html"):
        assert (tmp_path / "outputs" / page).stat().st_size > 100_000
    printed = re.search(r"sim rerun [^<]+", (tmp_path / "outputs/alliances/report.html").read_text("utf-8"))[0]
    assert runs.sim(*shlex.split(printed)[1:]).exit_code == 0
    monkeypatch.chdir(tmp_path / "outputs" / "baseline")
    assert runs.sim("rerun", ".").exit_code == 0
    assert (tmp_path / "outputs" / "baseline-rerun" / "results.nc").exists()
