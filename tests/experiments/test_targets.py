"""The table of demographic targets: its estimators find what was put in, its rows what a run did."""

import math

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from sim.cli import group
from sim.cli.targets import command
from sim.config.toml_file import parse
from sim.experiments.empirical import (
    but_for,
    concentration,
    demographic_history,
    demographic_targets,
    estimators,
    patterns,
)
from sim.model import assemble
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.region.load import load as load_region
from sim.runs.in_memory import ended
from sim.scenario.load import build, load
from tests.samples import runs

SMALL = ["population.candidates=1500", "time.end=2023-12-31", "population.spread=50"]


# -- estimators --------------------------------------------------------------------------------------

def test_survival_without_anybody_left_out_is_the_share_alive():
    draw = np.random.default_rng(3)
    alive, at_risk, closed = 10_000, [], []
    for _ in range(5):
        quarters = [alive]
        for _ in range(4):
            quarters.append(draw.binomial(quarters[-1], 0.98))
        at_risk.append(sum(quarters[:4]))
        closed.append(alive - quarters[-1])
        alive = quarters[-1]
    found = estimators.survival(np.array(at_risk), np.array(closed))
    assert abs(found[-1].value - alive / 10_000) < 1e-3
    sd = math.sqrt(found[-1].value * (1 - found[-1].value) / 10_000)
    assert (found[-1].high - found[-1].low) == pytest.approx(2 * 1.96 * sd, rel=0.05)


def test_intervals_of_survival_hold_the_truth_at_their_confidence():
    draw, truth, held = np.random.default_rng(4), 0.97 ** 4 * 0.95 ** 4, 0
    for _ in range(500):
        n = np.array([800, 600])
        *_, last = estimators.survival(n, draw.binomial(n, [0.03, 0.05]))
        held += last.low <= truth <= last.high
    assert stats.binomtest(held, 500, 0.95).pvalue > 1e-3


def test_survival_ends_where_nobody_is_at_risk_and_is_1_where_nobody_closes():
    assert [s.value for s in estimators.survival(np.array([40, 30, 0, 10]), np.zeros(4))] == [1.0, 1.0]


@pytest.mark.parametrize("z", [-0.4, 1e-9, 0.6, 1.06, 2.5])
def test_the_exponent_of_a_truncated_tail_is_found_with_its_interval(z):
    draw, length, held = np.random.default_rng(5), 4.0, 0
    for _ in range(200):
        y = -np.log1p(draw.random(400) * np.expm1(-z * length)) / z
        found = estimators.tail_exponent(3.0 + y, 3.0, 3.0 + length)
        held += found.low <= z <= found.high
    assert stats.binomtest(held, 200, 0.95).pvalue > 1e-3


def test_a_tail_without_sizes_has_no_exponent():
    assert np.isnan(estimators.tail_exponent(np.array([1.0, 4.0]), 3.0, 9.0)).all()


# -- the table ---------------------------------------------------------------------------------------

def small(*settings):
    return build(parse("", "x.toml"), [*SMALL, *settings])


@pytest.fixture(scope="module")
def found():
    scenario = small()
    return scenario, ended(demographic_history.histories(load_region("yrd-zone"), scenario, 12, jobs=2))


def test_histories_do_not_depend_on_threads(found):
    scenario, history = found
    again = ended(demographic_history.histories(load_region("yrd-zone"), scenario, 12))
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(history, again, strict=True))


def test_a_history_counts_everybody_who_closed_once(found):
    history = found[1]
    assert (history.closed.sum(axis=(1, 2)) == history.whole[:, demographic_history.COUNTS.index("exits")]).all()
    assert (history.closed <= history.at_risk).all()
    assert (history.at_risk.sum(axis=(1, 2)) == 4 * history.whole[:, -1]).all()


def test_a_small_run_meets_what_it_asks_for(found):
    scenario, history = found
    rows = demographic_targets.table(scenario.values, history).set_index("name")
    for name in ("spin-offs among entrants, first year", "moves a year, those out of the region among them",
                 "entries a year per enterprise, first year", "exits a year per enterprise, first year",
                 "exponent of the size tail, start"):
        row = rows.loc[name]
        assert abs(row["mean"] - row["target"]) < 2 * (row["mean_high"] - row["mean_low"]), name
        assert row["in_range"] and row["replicates"] == 12
    growth = rows[rows.index.str.startswith("yearly sd")]
    np.testing.assert_allclose(growth["mean"], growth["target"], rtol=0.1)


def test_an_industrys_concentration_is_that_of_whom_the_histories_count(found):
    history = found[1]
    region = load_region("yrd-zone")
    rows = concentration.table(region, history)
    assert list(rows["industry"]) == list(region.industries["name_en"]) and (rows["replicates"] == 12).all()
    pattern = patterns.table(history).set_index("name")["mean"]
    assert rows["start"].mean() == pytest.approx(pattern["Ellison–Glaeser gamma of the opening stock: an input"])
    assert rows["stock_change"].mean() == pytest.approx(
        pattern["change of the stock's Ellison–Glaeser gamma over the run"])
    entries = history.whole[:, demographic_history.COUNTS.index("entries")]
    np.testing.assert_array_equal(history.came.sum(axis=(1, 2, 3)), entries)


def test_every_pattern_says_what_it_is_worth_and_feedback_is_of_every_tenth_replicate(found):
    rows = patterns.table(found[1]).set_index("name")
    assert set(rows["use"]) <= set(patterns.USES) and (rows["source"] != "").all()
    measured = rows.loc["feedback of the quarterly map, R_dyn; above 1 a lead grows by itself"]
    assert measured["replicates"] == 2 and 0.5 < measured["mean"] < 1.2
    assert rows.loc["survival of entrants to age 5"].isna()["mean"]             # three years are too few to say


def test_asking_for_no_spin_offs_leaves_no_row_empty_handed():
    scenario = small("spinoff.share=0", "growth.sd=0", "switches.exit='constant'", "exit.constant=0")
    history = ended(demographic_history.histories(load_region("yrd-zone"), scenario, 2))
    rows = demographic_targets.table(scenario.values, history)
    assert rows[rows["name"] == "spin-offs among entrants"]["mean"].item() == 0.0
    assert not rows["name"].str.contains("spin-off$").any()
    assert (rows[rows["name"].str.startswith("survival")]["mean"] == 1.0).all()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_writes_a_table(tmp_path, lang):
    path = tmp_path / "mine.toml"
    path.write_text("region = 'yrd-zone'", encoding="utf-8")
    settings = [word for setting in SMALL for word in ("--set", setting)]
    said = CliRunner().invoke(group, ["targets", str(path), *settings, "--replicates", "2", "--out",
                                      str(tmp_path / "out"), "--lang", lang], catch_exceptions=False)
    assert said.exit_code == 0
    page = (tmp_path / "out" / "targets.md").read_text("utf-8")
    assert page in said.output
    lines = (tmp_path / "out" / "targets.csv").read_text("utf-8-sig").splitlines()
    assert "2 " in page.split("\n\n")[0]                  # replicates
    assert len(page.split("\n\n")[1].splitlines()) == len(lines) + 1
    assert ("衍生企业" in page) == (lang == "zh")


def test_the_page_of_validation_rests_on_the_replicates_that_the_command_runs():
    default = next(option.default for option in command.params if option.name == "replicates")
    line = demographic_targets.heading(load(str(runs.ROOT / "scenarios/baseline.toml")), default)
    assert line.strip() in (runs.ROOT / "docs/validation.md").read_text()


# -- but-for shares ----------------------------------------------------------------------------------

def ftz(*settings):
    path = runs.ROOT / "scenarios/shanghai-ftz.toml"
    return load(str(path), [*SMALL, "time.end=2034-12-31", "diagnostics.members=0", *settings])


def test_a_policy_that_is_in_the_base_year_has_no_but_for_share():
    assert but_for.paying(load(str(runs.ROOT / "scenarios/baseline.toml"))) == []
    assert "ftz-tax" in but_for.paying(ftz())


def test_a_but_for_share_is_what_two_files_one_without_the_policy_in_mind_would_give():
    scenario, region = ftz(), load_region("yrd-zone")
    steps, found = but_for.shares(region, scenario, 2, more=3, before=4), None
    told = []
    while found is None:
        try:
            told.append(next(steps))
        except StopIteration as end:
            found = end.value
    unknown = ftz(f"{'.'.join(scenario.tables_of['ftz-tax'])}.perceived=false")
    counts = []
    for each in (scenario, unknown):
        members = members_of(each, [0, 1])
        names = [policy.name for policy in assemble.build(region, members).policies]
        eligible = np.asarray(simulate(region, members).arrays["eligible"])[:, :, names.index("ftz-tax")]
        counts.append(eligible.sum(axis=(1, 2)))
    assert (counts[0] > 0).all() and (counts[1] > 0).all()
    np.testing.assert_allclose(found["ftz-tax"], 1 - counts[1] / counts[0], rtol=1e-12)
    every = 4 + 2 * (1 + len(found)) + 3
    assert told[0] == (4, every) and told[-1][0] <= every - 3 and {all_of for _, all_of in told} == {every}


def test_a_scenario_that_pays_nobody_says_so_beside_the_published_range():
    row, = but_for.rows({})
    assert "no policy that pays" in row.name and (row.low, row.high, row.replicates) == (0.02, 0.25, 0)


def test_ranges_of_a_chinese_table_are_written_as_in_chinese():
    frame = pd.DataFrame([{
        "name": "survival", "name_zh": "存活率", "target": 0.5, "low": 0.4, "high": 0.6, "mean": 0.5, "mean_low": 0.45,
        "mean_high": 0.55, "p05": 0.4, "p95": 0.6, "in_range": True, "source": "Stanley et al. 1996 (from memory)"}])
    said = demographic_targets.markdown(frame, "zh")
    assert "Stanley et al. 1996（凭记忆）" in said
    assert "0.4000～0.6000" in said and "0.5000 (0.4500～0.5500)" in said and " to " not in said
    assert "0.4000 to 0.6000" in demographic_targets.markdown(frame)
