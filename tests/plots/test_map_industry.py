"""Maps by industry: what is coloured is a location quotient, and only where it is no chance."""

import matplotlib
import numpy as np
import pytest

from sim import metrics
from sim.plots.run import map_industry
from sim.plots.run.save import draw
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


def said(figure):
    return " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text)).replace("\n", " ")


def test_where_the_zone_is_all_there_is_its_places_fill_the_panels_and_none_is_said_to_be_left_out(data):
    figure = draw(data.assign(in_zone=data["in_zone"] | True), "map_industry")
    for axes in figure.axes:
        at = np.asarray(axes.collections[-1].get_offsets())
        wide, high = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
        assert len(at) == data.sizes["site"] and max(np.ptp(at, axis=0) / (wide, high)) > 0.8
    assert "Places farther away are left out" not in said(figure)
    assert "Places farther away are left out" in said(draw(data, "map_industry"))
