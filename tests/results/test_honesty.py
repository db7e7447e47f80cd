"""What a run says of itself: where inputs come from, what to be careful with, when feedback is measured."""

import pathlib

import numpy as np
import pytest

from sim.model.mean_field.record import FeedbackRecorder
from sim.model.preflight.validation import region_of
from sim.results import evidence, summary
from sim.scenario.load import load
from tests.samples import results_sample, worlds

BASELINE = pathlib.Path(__file__).parents[2] / "scenarios" / "baseline.toml"


@pytest.fixture(scope="module")
def data():
    made = results_sample.build(members=3, quarters=8)
    return made.assign(base_residual=("member", np.full(3, 1e-12)))


def said(found):
    return " ".join(warning["text"] for warning in found)


def with_r_dyn(data, value):
    changed = data["r_dyn"].copy()
    changed[0, 0] = value
    return data.assign(r_dyn=changed)


def test_every_parameter_and_every_marked_row_of_the_region_is_counted(data):
    scenario = load(BASELINE)
    region = region_of(scenario)
    panel = evidence.panel(region, scenario, data)
    assert sum(panel["parameters"].values()) == len(scenario.entries())
    tables = (region.stock, region.industries, region.hubs, region.statuses, region.rules.provenance)
    assert sum(panel["region"].values()) == sum(map(len, tables))
    assert panel["set_by_scenario"].get("assumption", 0) <= panel["parameters"]["assumption"]


@pytest.mark.parametrize(("value", "warned"), [(0.99, False), (1.01, True)])
def test_feedback_above_one_is_warned_about(data, value, warned):
    assert ("above 1 first in" in said(evidence.warnings(with_r_dyn(data, value)))) == warned


def test_the_quarter_of_that_is_told_in_words(data):
    warned = evidence.warnings(with_r_dyn(data, 1.01))
    when, zh = (next(each[key] for each in warned if "R_dyn" in each[key]) for key in ("text", "text_zh"))
    year, quarter = str(data["quarter"].values[0]).split("-Q")
    assert f"Q{quarter} of {year}" in when and f"{year} 年第 {quarter} 季度" in zh and "-Q" not in when + zh


def test_feedback_that_was_not_measured_is_said_to_be_so(data):
    nothing = data.assign(r_dyn=data["r_dyn"] * np.nan)
    assert "not measured" in said(evidence.warnings(nothing))


@pytest.mark.parametrize(("number", "warned"), [(29, True), (30, False)])
def test_industries_with_fewer_than_thirty_enterprises_in_the_zone_are_named(data, number, warned):
    one = np.flatnonzero(data["in_zone"].values.astype(bool))[0]
    counts = data["enterprises"] * 0
    counts[:, -1, one, :, 0] = 30
    counts[:, -1, one, 4, 0] = number
    found = said(evidence.warnings(data.assign(enterprises=counts)))
    assert (str(data["industry_en"].values[4]) in found) == warned and "9 of 9" not in found


def test_a_base_year_that_is_off_is_warned_about(data):
    off = data.assign(base_residual=("member", np.array([1e-12, 1e-4, 1e-12])))
    assert "base year is off" in said(evidence.warnings(off))
    assert "base year" not in said(evidence.warnings(data))


def test_feedback_is_measured_at_the_start_every_so_many_years_and_at_the_end():
    where = worlds.region([0, 0, 0])
    v = worlds.values(worlds.people(90), worlds.years(6), {"run": {"replicates": 11}},
                      {"diagnostics": {"years": 1.0}})
    made = worlds.make(where, v, members=3)
    recorder = FeedbackRecorder(made.world)
    for entry in range(7):
        recorder.close(made.world, made.fixed, made.economy, entry)
    measured = np.isfinite(recorder.arrays["r_dyn"])
    np.testing.assert_array_equal(np.argwhere(measured), [[m, e] for m in (0, 1) for e in (0, 4, 6)])


def test_critical_mass_is_told_with_the_number_of_runs_that_reach_it(data):
    table = summary.table(data.assign_attrs(critical_mass=1.0))
    rows = table[table["level"] == "feedback"].set_index("measure")
    assert rows.loc["critical_mass_reached", "mean"] == 1.0
    assert rows.loc["time_to_critical_mass", "mean"] == 0.0
    assert {"r_dyn", "r_choice", "half_life"} <= set(rows.index)
