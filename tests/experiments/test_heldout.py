"""Series that the base year was not solved for: what is compared is what was observed and what was run."""

import dataclasses

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.experiments.empirical import held_out_series
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.simulate import simulate
from sim.scenario.load import load
from tests.samples import runs

SMALL = ["population.candidates=1500", "run.replicates=4", "time.end=2023-12-31"]


@pytest.fixture(scope="module")
def scenario():
    return load(str(runs.ROOT / "scenarios/baseline.toml"), SMALL)


@pytest.fixture(scope="module")
def region(scenario):
    return region_of(scenario)


def test_the_regions_series_are_found_with_their_places_in_the_record(scenario, region):
    series = held_out_series.observed(region, scenario)
    assert [entry for entry, _ in series["high_tech", "Demonstration zone", "示范区"]] == [0, 4]
    shanghai = series["regional_headquarters_recognised", "Shanghai", "上海市"]
    assert [(entry, row["value"]) for entry, row in shanghai] == [(4, 831), (6, 848), (8, 891), (11, 940)]


def test_a_series_outside_the_horizon_is_not_compared(region):
    late = load(str(runs.ROOT / "scenarios/baseline.toml"), ["time.start=2024-01-01"])
    assert held_out_series.observed(region, late) == {}
    assert len(held_out_series.table(region, late, 2)) == 0


def of_city(scenario, region, members, jurisdictions=("qingpu", "rest-shanghai")):
    """(found, stock that the run records), (member, entry) each, of regional headquarters in the city."""
    found = held_out_series.paths(region, held_out_series.observed(region, scenario), members, 11)
    there = region.sites["jurisdiction"].isin(jurisdictions).to_numpy()
    recorded = simulate(region, members).arrays["headquarters"][..., 3][:, :12, there].sum(axis=(2, 3))
    return found["regional_headquarters_recognised", "Shanghai", "上海市"], recorded


def test_a_sum_of_recognitions_is_met_by_a_sum_of_first_recognitions_that_nobody_leaves(scenario, region):
    found, stock = of_city(scenario, region, members_of(scenario, [0, 1]))
    assert (found[:, 0] > stock[:, 0]).all()
    assert (np.diff(found, axis=1) >= np.maximum(np.diff(stock, axis=1), 0)).all()
    assert (found[:, -1] > stock[:, -1]).all()


def test_the_file_says_which_places_a_series_counts_and_which_series_is_a_check(scenario, region):
    rows = region.validation
    elsewhere = rows["jurisdictions"].map(lambda named: ["wujiang"] if named else named)
    other = dataclasses.replace(region, validation=rows.assign(jurisdictions=elsewhere))
    found, stock = of_city(scenario, other, members_of(scenario, [0]), ["wujiang"])
    assert 0 < stock[0, 0] <= found[0, 0] < 60
    unused = dataclasses.replace(region, validation=rows.assign(use=rows["use"].replace("check", "put aside")))
    assert held_out_series.observed(unused, scenario) == {}


def test_a_check_that_nobody_counts_is_told_in_one_sentence(scenario, region):
    odd = region.validation.assign(measure=region.validation["measure"].replace("high_tech", "hightech"))
    with pytest.raises(InputError, match="did you mean 'high_tech'") as caught:
        held_out_series.observed(dataclasses.replace(region, validation=odd), scenario)
    assert len(caught.value.problems) == 1


def test_growth_is_yearly_and_a_miss_is_called_one(scenario, region):
    table = held_out_series.table(region, scenario, 4, 2).set_index("series")
    row = table.loc["Demonstration zone: national high-tech firms"]
    assert row["observed"] == pytest.approx(2411 / 1833 - 1)
    assert not row["inside"]
    shanghai = table.loc["Shanghai: MNC regional HQs"]
    assert shanghai["observed"] == pytest.approx((940 - 831) * 4 / 7)
    assert "| no |" in held_out_series.markdown(table.reset_index())


def test_a_region_without_series_has_none(scenario, region):
    bare = dataclasses.replace(region, validation=region.validation.iloc[:0])
    assert held_out_series.observed(bare, scenario) == {}
