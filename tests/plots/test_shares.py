"""Bars of shares: their names stay within the margins of the page, and apart."""

import numpy as np
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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_many_groups_the_largest_are_drawn_whose_values_can_be_read(lang):
    results = results_sample.build(members=5, quarters=10)
    many = results.isel(industry=np.arange(30) % results.sizes["industry"])
    many = many.assign_coords(industry=[f"industry-{k}" for k in range(30)])
    figure = draw(many, "shares_industry", lang)
    FigureCanvasAgg(figure).draw()
    drawn = figure.axes[0]
    values = sorted((text.get_window_extent().y0, text.get_window_extent().height) for text in drawn.texts)
    assert len(values) == 3 * len(drawn.get_yticklabels())
    assert all(above - below > 0.8 * height for (below, height), (above, _) in zip(values, values[1:]))
    said = {"en": "Not shown: 20 ", "zh": "未列出：期末占比更小的 20 项"}[lang]
    assert any(said in text.get_text() for text in figure.texts)
