"""What can be explored: controls, where they stand, and what is refused."""

import pytest

from sim.base.errors import InputError
from sim.experiments.explorer import controls, opening
from sim.scenario.load import load
from tests.samples import comparisons, explored


def test_every_control_stands_at_what_the_scenario_says(tmp_path):
    opened = explored.opened(tmp_path, ())
    own = {one.name: one.value for one in opened.controls if one.name.startswith("policies.")}
    assert own == {"policies.tax.enabled": 1, "policies.tax.sites": ["site-1", "site-2"], "policies.tax.start": 8089,
                   "policies.tax.rate": 0.0, "policies.tax.years": 5.0} | {
                       name: value for name, value in own.items() if name.count(".") > 2}
    assert opened.at({one.name: one.value for one in opened.controls}).digest == opened.scenario.digest


@pytest.mark.parametrize(("texts", "wrong"), [
    (("policies.tax.rat=1.0",), "did you mean 'policies.tax.rate'"), (("policies.tax.rate=many",), "cannot be read"),
    (("policies.tax.rate=-3.0",), "out of range"), (("run.seed",), "cannot be explored"),
    (("policies.tax.start=2050-01-01",), "out of range"), (("policies.tax.sites=1",), "cannot be explored")])
def test_a_control_that_cannot_be_explored_is_named(texts, wrong, tmp_path):
    with pytest.raises(InputError) as refused:
        explored.opened(tmp_path, texts)
    assert wrong in str(refused.value)


def test_more_than_five_controls_are_refused(tmp_path):
    keys = [f"{key}={value}" for key, value in (
        ("policies.tax.rate", 5.0), ("policies.tax.years", 2.0), ("policies.tax.start", "2022-01-01"),
        ("peers.decay", 20.0), ("entry.outside_share", 0.3), ("choice.dissimilarity", 0.5))]
    with pytest.raises(InputError, match="6 controls"):
        opening.with_values(explored.opened(tmp_path, keys))


def test_scenarios_of_other_periods_are_refused(tmp_path):
    paths = explored.files(tmp_path, longer=comparisons.BASE.replace("2023-12-31", "2024-12-31"))
    with pytest.raises(InputError, match="region and period"):
        opening.asked([str(paths["base"]), str(paths["longer"])])


def test_names_of_controls_are_keys_that_load(tmp_path):
    opened = explored.opened(tmp_path, ())
    for one in opened.controls:
        for path in one.paths:
            assert controls.value_at(opened.scenario, path) is not None
    assert load(opened.scenario.path).name == "cut"
