"""Worlds: settings that stand together, before those of the user."""

import pytest

from sim.base import package_data
from sim.base.errors import InputError
from sim.config import worlds
from sim.scenario.load import load
from tests.samples import runs

BASELINE = str(runs.ROOT / "scenarios" / "baseline.toml")


@pytest.mark.parametrize("name", list(package_data.worlds()))
def test_every_world_sets_what_a_scenario_has_and_changes_something(name):
    plain, there = load(BASELINE), load(BASELINE, worlds.settings(name))
    assert plain.values != there.values


def test_a_world_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(InputError, match="no world 'errors-keep'.*errors-kept"):
        worlds.settings("errors-keep")


def test_a_setting_of_the_user_wins_over_the_world_whatever_their_order():
    for order in (("--world", "tight-land", "--set", "land.slack=2.5"),
                  ("--set", "land.slack=2.5", "--world", "tight-land")):
        shown = runs.sim("show", BASELINE, *order).output
        assert "slack = 2.5" in shown and "elasticity = 0.2 " in shown


def test_worlds_are_listed_by_their_titles_in_both_languages():
    assert "Tight land" in runs.sim("list", "worlds").output
    assert "土地偏紧" in runs.sim("list", "worlds", "--lang", "zh").output
