"""Sizes before the opening: walked back, they have the law that walking forward leaves behind."""

import numpy as np
import pytest

from sim.experiments.backtest import earlier, paths
from sim.experiments.backtest.measures import Look, everything, registry
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.step import measure
from sim.scenario.load import load
from tests.samples import runs

QUARTERS, NUMBER = 8, 400_000


def a_law(**values):
    known = dict(drift=0.02, sd=0.25, exponent=0.0, median=4.0, body_sd=1.0, tail_start=99.0, tail_exponent=1.06,
                 largest=99.0)
    return earlier.Law(**{key: np.array([[value]]) for key, value in (known | values).items()})


@pytest.mark.parametrize("bar", [4.5, 6.0])
def test_given_the_size_now_the_past_is_as_high_as_forward_walks_had_it(bar):
    draw = np.random.default_rng(5)
    walk = (4.0 + draw.standard_normal(NUMBER)) + np.vstack([np.zeros(NUMBER), np.cumsum(
        0.25 * 0.02 + 0.125 * draw.standard_normal((QUARTERS, NUMBER)), axis=0)])
    below = (walk[-1] > bar - 0.4) & (walk[-1] < bar)
    forward, size, highest = (walk[:-1, below] >= bar).any(axis=0).mean(), walk[-1:, below], np.full(below.sum(), -9.0)
    for _ in range(QUARTERS):
        size = earlier.quarter_before(size, a_law(), draw.standard_normal(size.shape))
        highest = np.maximum(highest, size[0])
    error = 4 * np.sqrt(2 * forward * (1 - forward) / below.sum())
    assert 0.1 < forward < 0.6
    assert (highest >= bar).mean() == pytest.approx(forward, abs=error + 0.01)     # the spread grows a little meanwhile


def test_without_the_densitys_slope_the_past_would_be_too_high():
    draw = np.random.default_rng(5)
    size = np.full((1, NUMBER), 6.0)
    back = earlier.quarter_before(size, a_law(), draw.standard_normal(size.shape)).mean()
    assert back - 6.0 == pytest.approx(0.25 * (0.0625 * -2.0 - 0.02), abs=4 * 0.125 / NUMBER ** 0.5)


def test_a_pareto_tail_that_growth_keeps_looks_the_same_backward():
    kept = a_law(drift=-0.5 * 1.06 * 0.0625, tail_start=0.0)
    size = np.full((1, NUMBER), 9.0)
    noise = np.random.default_rng(2).standard_normal(size.shape)
    back = earlier.quarter_before(size, kept, noise)
    np.testing.assert_allclose(back, 9.0 + 0.25 * kept.drift + 0.125 * noise, rtol=1e-12)


def test_the_largest_size_reflects():
    size = earlier.quarter_before(np.full((1, 1000), 7.0), a_law(largest=7.0),
                                  np.random.default_rng(3).standard_normal((1, 1000)))
    assert size.max() <= 7.0 and size.min() < 7.0


@pytest.fixture(scope="module")
def opened():
    scenario = load(str(runs.ROOT / "scenarios/baseline.toml"), ["population.candidates=1500"])
    world = assemble.build(region_of(scenario), members_of(scenario, [0, 1]))
    fixed, economy, _ = initialise.prepare(world)
    return world, Look(fixed, economy.state, *measure(world, fixed, economy.state)[:1:-1], None, None)


def test_nobody_is_looked_at_before_its_birth_and_the_opening_stays_as_it_is(opened):
    world, look = opened
    before, ages = look.state.log_size.copy(), -look.state.born[look.state.site >= 0]
    numbers = [int((past.state.site >= 0).sum()) for past in earlier.looks(world, look)]
    assert numbers == [int((ages >= ago).sum()) for ago in range(1, ages.max() + 1)]
    np.testing.assert_array_equal(look.state.log_size, before)


def test_who_qualified_once_is_on_the_list_and_a_stock_has_no_past(opened):
    world, look = opened
    every = np.ones(world.sites, bool)
    listed, stock = (paths.Counted(registry.get(name), everything(every, world.region))
                     for name in ("regional_headquarters_recognised", "regional_headquarters"))
    seen = paths.seen_before(world, look, [listed, stock])
    standing = set(look.state.id[0][listed.measure(look, listed.where)[0]].tolist())
    assert seen[1] == [set(), set()]
    assert seen[0][0] - standing and seen[0][0] <= set(look.state.id[0][look.state.site[0] >= 0].tolist())
    assert seen[0][0] != seen[0][1]


def test_without_churn_nothing_was_ever_different():
    scenario = load(str(runs.ROOT / "scenarios/baseline.toml"), ["population.candidates=1500", "switches.churn=false"])
    world = assemble.build(region_of(scenario), members_of(scenario, [0]))
    fixed, economy, _ = initialise.prepare(world)
    assert list(earlier.looks(world, Look(fixed, economy.state, None, None, None, None))) == []
