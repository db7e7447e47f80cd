"""Bars of shares: their names stay within the margins of the page."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from sim.plots.run.save import draw
from tests.samples import results_sample

LONG = "Software and information services of every kind"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_long_name_of_an_industry_is_folded_and_begins_no_further_left_than_the_title(lang):
    results = results_sample.build(members=5, quarters=10)
    named = results.assign_coords({f"industry_{lang}": ("industry", [LONG] * results.sizes["industry"])})
    figure = draw(named, "shares_industry", lang)
    FigureCanvasAgg(figure).draw()
    title = min(text.get_window_extent().x0 for text in figure.texts)
    labels = figure.axes[0].get_yticklabels()
    assert {label.get_text().replace("\n", " ") for label in labels} == {LONG}
    assert min(label.get_window_extent().x0 for label in labels) >= title
