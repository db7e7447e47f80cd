"""When policies act: one that a scenario adds and that is in force before the run is no difference to it."""

import pytest

from sim.model.preflight import validation
from sim.scenario.load import load
from tests.samples import runs

BEFORE = "is in force at the opening, and the base year's constants absorb its direct effect"


def warned(path, *settings):
    scenario = load(str(path), list(settings))
    return [each for each in validation.warnings(scenario, validation.region_of(scenario)) if BEFORE in str(each.wrong)]


@pytest.mark.parametrize("start, times", [("2020-10-01", 1), ("2016-01-01", 1), ("2021-01-01", 0), ("2026-01-01", 0)])
def test_a_policy_that_a_scenario_adds_before_the_run_is_warned_of_once(start, times):
    found = warned(runs.ROOT / "scenarios" / "shanghai-ftz.toml", f"policies.ftz.start={start}")
    assert len({str(each) for each in found}) == times


def test_what_the_baseline_has_from_before_is_not_warned_of():
    assert not warned(runs.ROOT / "scenarios" / "baseline.toml")
    assert not warned(runs.ROOT / "scenarios" / "shanghai-ftz.toml")


def test_where_no_constants_are_solved_nothing_absorbs_it():
    assert not warned(runs.ROOT / "scenarios" / "shanghai-ftz.toml", "policies.ftz.start=2016-01-01",
                      "base_year.constants={}", "moving.cost=1.0")
