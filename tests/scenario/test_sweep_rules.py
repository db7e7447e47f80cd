"""Rules between keys are asked of points as loading them would ask, and quickly."""

import pathlib

import numpy as np
import pydantic
import pytest

from sim.experiments.sweep import sweep_file
from sim.scenario import fast_rules, parameter_paths
from sim.scenario.load import load

SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"
POINTS = [
    (["moving.rate", "choice.review"], [0.02, 0.1]),
    (["moving.rate", "choice.review"], [0.2, 0.1]),
    (["population.median_size", "population.largest"], [60.0, 50.0]),
    (["population.type_shares.comprehensive"], [0.9]),
    (["policies.ftz.start", "policies.ftz.end"], ["2030-01-01", "2029-01-01"]),
    (["policies.ftz.start", "policies.ftz.end"], ["2030-01-01", "2031-01-01"]),
    (["policies.ftz.openness.level", "entry.outside_share"], [0.5, 0.0]),
    (["entry.outside_share"], [0.3]),
]


@pytest.fixture(scope="module")
def scenario():
    return load(str(SCENARIOS / "shanghai-ftz.toml"))


@pytest.mark.parametrize(("keys", "values"), POINTS, ids=lambda given: "-".join(map(str, given)))
def test_a_point_breaks_a_rule_if_and_only_if_loading_it_would(scenario, keys, values):
    import datetime
    values = [datetime.date.fromisoformat(value) if isinstance(value, str) else value for value in values]
    paths = [tuple(key.split(".")) for key in keys]
    try:
        parameter_paths.replaced(scenario, list(zip(paths, values)))
        said = ""
    except pydantic.ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
    assert all(parameter_paths.target(scenario, path) for path in paths)
    assert fast_rules.Rules(scenario, paths).broken(values) == said


def test_some_of_these_points_are_broken_and_some_are_not(scenario):
    broken = [fast_rules.Rules(scenario, [tuple(key.split(".")) for key in keys]).broken(values)
              for keys, values in POINTS if not isinstance(values[0], str)]
    assert any(broken) and not all(broken)


def test_every_point_of_the_sobol_sweep_that_is_asked_is_as_sound_as_loading_says():
    """Of 112 axes at once: copies hold what a full check of the scenario would hold."""
    sweep = sweep_file.read(str(SCENARIOS / "sweeps" / "regimes-sobol.toml"))
    (each,) = sweep.experiments
    for base in each.scenarios:
        for point in np.linspace(0, each.points - 1, 3).astype(int):
            changes = parameter_paths.set_by_point(each.columns, each.axes, base.active, point)
            parameter_paths.replaced(base.scenario, changes)
