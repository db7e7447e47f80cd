"""Criteria in money: what a count by them would be while revenue per employee grows."""

import copy

import numpy as np
import pytest

from sim import metrics
from sim.base.errors import InputError
from sim.kernels.arrays import RND
from sim.kernels.firms.life import meets
from sim.model.public_accounts import fixed_criteria
from sim.model.public_accounts.record import AccountsRecorder
from sim.model.step import step
from sim.scenario.load import load
from tests.samples import results_sample, worlds

QUARTERS = 6
LIVELY = {"population": {"candidates": 700}, "growth": {"drift": 0.1},
          "criteria": {"research_threshold": 0.04, "tax_share": 0.0145}}


def story(**money):
    """(made, arrays of the accounts, states by entry, headquarters by site of the records)."""
    values = worlds.values(worlds.years(QUARTERS), LIVELY, {"money": money})
    made = worlds.make(worlds.synthetic_region(8, nests=3), values, members=2)
    recorder, economy = AccountsRecorder(made.world), copy.deepcopy(made.economy)
    states, headquarters = [copy.deepcopy(economy.state)], []
    recorder.close(made.world, made.fixed, economy.state, 0)
    for quarter in range(QUARTERS):
        economy, info = step(made.world, made.fixed, economy, quarter)
        recorder.close(made.world, made.fixed, economy.state, quarter + 1)
        states.append(copy.deepcopy(economy.state))
        headquarters.append(info.headquarters.sum(axis=(2, 3)))
    return made, recorder.drawn_up(made.world, made.fixed), states, np.stack(headquarters, axis=1)


def test_without_growth_and_prices_the_other_series_are_the_headline():
    _, arrays, _, headquarters = story(real_growth=0.0, inflation=0.0)
    assert headquarters.sum() > 100
    for name in fixed_criteria.SERIES:
        assert (arrays[name][:, 1:] == headquarters).all()


def test_the_series_are_what_loops_over_enterprises_and_their_revenue_count():
    made, arrays, states, _ = story(real_growth=0.3, inflation=0.2)
    for entry, state in enumerate(states):
        for name, index in zip(fixed_criteria.SERIES, (1.3 ** (entry / 4), (1.3 * 1.2) ** (entry / 4)), strict=True):
            found = np.zeros((made.world.members, made.world.sites), int)
            for m, i in np.argwhere(state.site >= 0):
                earning = np.log(np.exp(state.log_size[m, i]) * index)          # in base-year employees' revenue
                found[m, state.site[m, i]] += meets(earning, state.hightech[m, i], state.loading[m, i, RND],
                                                    made.fixed.criteria[m])
            assert (arrays[name][:, entry] == found).all()
    assert arrays[fixed_criteria.SERIES[1]][:, -1].sum() > arrays[fixed_criteria.SERIES[0]][:, -1].sum()


def test_a_deflator_by_year_takes_the_place_of_the_constant_rate():
    by_year = {"2021": 0.2, "2022": -0.1}
    lower = fixed_criteria.growth(story(real_growth=0.0, inflation=0.5, deflator=by_year)[0].world)
    expected = np.cumsum([0.0, *[np.log(1.2) / 4] * 4, *[np.log(0.9) / 4] * 2])
    assert lower[1] == pytest.approx(np.broadcast_to(expected, lower[1].shape), abs=1e-12)
    assert not lower[0].any()


@pytest.mark.parametrize(("deflator", "said"), [
    ({"2021": 0.01, "2022": 0.01}, "there is no rise of prices for 2023"),
    ({"2021": 0.01, "22": 0.01}, "'22' is not a year")])
def test_prices_that_are_not_of_every_year_are_refused_in_one_sentence(tmp_path, deflator, said):
    path = tmp_path / "prices.toml"
    rows = "\n".join(f"{year} = {rise}" for year, rise in deflator.items())
    path.write_text(f"[time]\nend = 2024-12-31\n\n[money.deflator]\n{rows}\n")
    with pytest.raises(InputError) as refused:
        load(path)
    (problem,) = refused.value.problems
    assert said in str(problem) and "prices.toml" in str(problem) and "\n" not in str(problem)


def test_metrics_of_the_zone_add_up_its_sites():
    data = results_sample.build(members=2, quarters=4)
    zone = data["in_zone"].to_numpy().astype(bool)
    for name in fixed_criteria.SERIES:
        assert (metrics.registry.get(name)(data).to_numpy() == data[name].to_numpy()[:, :, zone].sum(axis=2)).all()
