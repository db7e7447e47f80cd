"""Maps by industry: what is coloured is a location quotient, and only where it is no chance."""

import numpy as np
import pytest

from sim import metrics
from sim.plots.run import map_industry
from tests.samples import results_sample


@pytest.fixture(scope="module")
def data():
    return results_sample.build(members=6, quarters=3)


def test_one_runs_quotient_is_the_metric_of_that_name(data):
    one = data.isel(member=[0])
    expected = metrics.registry.get("location_quotient")(one).isel(member=0, quarter=-1).transpose("site", "industry")
    np.testing.assert_allclose(map_industry.mixes_of(one).quotient, expected.to_numpy())


def test_nothing_is_told_from_chance_in_one_run_and_an_industry_that_is_only_at_one_place_is_in_several(data):
    assert not map_industry.mixes_of(data.isel(member=[0])).known.any()
    values = data["headquarters"].copy(deep=True)
    values.loc[{"industry": values["industry"][0]}] = 0
    values.loc[{"industry": values["industry"][0], "site": "xicen"}] = 5
    found = map_industry.mixes_of(data.assign(headquarters=values))
    at = data["site"].to_numpy().tolist().index("xicen")
    assert found.known[at, 0] and found.quotient[at, 0] > map_industry.HIGH
    assert (found.quotient[np.arange(len(found.quotient)) != at, 0] == 0.0).all()
