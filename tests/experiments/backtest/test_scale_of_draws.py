"""Draws of a back-test are checked with as many candidates as are run, at the opening of every run."""

import datetime

import pytest

from sim.experiments.backtest import backtest, draws
from sim.experiments.compare import uncertainty
from sim.experiments.compare.scenarios import ComparedScenario
from sim.scenario.load import load
from tests.samples import runs


@pytest.mark.parametrize("name, origin, number", [
    pytest.param("baseline", datetime.date(2021, 12, 31), 1, id="in balance with the 2,725 drawn, not with 5,000"),
    pytest.param("regions/us-metros", datetime.date(2012, 12, 31), 3, id="fewer are drawn than there are firms")])
def test_draws_are_checked_at_the_scale_at_which_they_are_run(tmp_path, name, origin, number):
    shipped = load(str(runs.ROOT / f"scenarios/{name}.toml"))
    done = backtest.prepared(shipped, backtest.Asked(None, (origin,), draws=number, per_draw=4, out=str(tmp_path)))
    cases = [ComparedScenario("", run.scenario, done.region, tmp_path, None) for run in done.runs]
    first = uncertainty.drawn(cases, number, 0, held=draws.SCALE, openings=0)
    values = draws.drawn(done)
    assert not set(draws.SCALE) & {key for each in values for key in each}
    for one, usual in zip(values, first, strict=True):
        assert not any(uncertainty._unbalanced(case, one, 4) for case in cases)
        assert one == usual or any(uncertainty._unbalanced(case, usual, 4) for case in cases)
