"""The draws of a comparison's parameters: a sweep whose points are the draws, run once and never again."""

import numpy as np
import pytest

from sim.base.messages import translate
from sim.experiments.compare import compare, parameter_draws, uncertainty
from sim.experiments.compare.compare import Comparison
from sim.experiments.compare.scenarios import Settings, scenarios_of
from sim.experiments.sweep import sweep
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.scenario import load, parameter_paths
from tests.samples import comparisons, runs, sweeps

REPLICATES, DRAWS = 2, 3


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    folder = tmp_path_factory.mktemp("draws")
    files = comparisons.write_all(folder)
    settings = Settings(("run.replicates=2",), runs=folder / "outputs")
    cases = tuple(scenarios_of([str(files[name]) for name in ("base", "cut")], settings))
    made = Comparison(cases, folder / "found", settings, draws=DRAWS, per_draw=REPLICATES)
    made.folder.mkdir()
    with sweeps.without_processes():
        list(sweep.run(parameter_draws.job(made)))
    return made


def test_effects_are_those_of_runs_with_the_values_of_each_draw(comparison):
    effects, values, failed = parameter_draws.effects_of(comparison)
    assert len(values) + len(failed) == DRAWS and len(values)
    for draw, drawn in enumerate(values):
        levels = [zone_headquarters(case, drawn) for case in comparison.cases]
        assert effects["headquarters"]["cut"][draw].tolist() == (levels[1] - levels[0]).tolist()


def zone_headquarters(case, values):
    """(replicate,) headquarters in the zone at the end, of a scenario loaded with these values."""
    given = [f"{key}={value!r}" for key, value in values.items()]
    loaded = load.load(case.given, ("run.replicates=2", *given))
    outcome = simulate(case.region, members_of(loaded, range(REPLICATES)))
    zone = case.region.sites["in_zone"].to_numpy(bool)
    return outcome.arrays["headquarters"][:, -1, zone].sum(axis=(1, 2, 3))


def test_draws_are_within_their_ranges_and_what_rules_refuse_is_drawn_again(comparison, monkeypatch):
    known = uncertainty.priors(comparison.cases[0].scenario.values)
    for drawn in comparison.sample:
        assert list(drawn) == [key for key, *_ in known]
        assert all(low <= drawn[key] <= high for key, low, high, _ in known)
    first = comparison.sample[0]
    refused = lambda case, values: ["no"] if values == first else []                       # noqa: E731
    monkeypatch.setattr(uncertainty, "_refused", refused)
    assert uncertainty.drawn(comparison.cases, 1) != [first]


def test_a_draw_that_cannot_be_run_is_left_out_and_names_the_scenario(comparison, tmp_path):
    """Growth that takes enterprises out of the world: a rule of the quarter, which no check of values can know."""
    core = comparison.cases[0].scenario.values
    usual = {key: value_of(core, key) for key, *_ in uncertainty.priors(core)}
    wild = {**usual, "growth.sd": 3.0, "growth.size_exponent": 1.0}
    given = compare.Comparison(comparison.cases, tmp_path, comparison.settings, draws=2, per_draw=REPLICATES)
    given.__dict__["sample"] = [wild, usual]
    list(sweep.run(parameter_draws.job(given)))
    effects, values, failed = parameter_draws.effects_of(given)
    assert values == [usual] and effects["headquarters"]["cut"].shape == (1, REPLICATES)
    assert failed[0]["draw"] == 0 and failed[0]["why"].startswith("base: growth.sd: an enterprise has e^")
    assert failed[0]["why_zh"].startswith("base：growth.sd：") and "enterprise" not in failed[0]["why_zh"]
    told = compare.failure(tmp_path, {"uncertainty": {"failed": failed, "draws": 1}})
    assert failed[0]["why_zh"] in translate(told, "zh") and failed[0]["why"] in told
    assert np.isfinite(effects["enterprises"]["cut"]).all()


def value_of(values, key):
    for part in key.split("."):
        values = getattr(values, part)
    return values


def test_every_key_that_is_drawn_can_be_moved_in_a_running_ensemble(comparison):
    for axis in parameter_draws.job(comparison).sweep.experiments[0].axes:
        assert parameter_paths.target(comparison.cases[0].scenario, axis.paths[0]) is not None


@pytest.mark.slow
def test_draws_with_which_the_baseline_has_no_base_year_are_drawn_again(tmp_path):
    """With some of the first draws, which no rule refuses, the replicates' base years cannot be in balance."""
    shipped = [str(runs.ROOT / "scenarios" / f"{name}.toml") for name in ("baseline", "shanghai-ftz")]
    cases = scenarios_of(shipped, Settings(("run.replicates=1",), runs=tmp_path))
    free, kept = (uncertainty.drawn(cases, 12, replicates) for replicates in (0, 1))
    bad = [k for k in range(12) if uncertainty._unbalanced(cases[0], free[k], 1)]
    assert bad and [k for k in range(12) if free[k] != kept[k]] == bad
    assert not any(uncertainty._unbalanced(cases[0], each, 1) for each in kept)
