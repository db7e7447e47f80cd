"""Figures of analyses: every entry draws in both languages; what they say is what the numbers say."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plots.backtest import backtest
from sim.plots.common import theme
from sim.plots.sensitivity import registry, words
from sim.results import scalars
from tests.samples import analysis_sample


def drawn(kind, lang, data=None):
    entry = registry.get(kind)
    with theme.house():
        figure = Figure(figsize=entry.size)
        canvas = FigureCanvasAgg(figure)
        entry(analysis_sample.datasets()[kind] if data is None else data, figure, lang)
        canvas.draw()                                   # a glyph that is missing is a warning, hence an error
    return figure


def texts(figure):
    return " ".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_quantity_of_a_sweep_is_called_in_words_and_money_with_its_unit(lang):
    names = ["rent_in_zone", *scalars.FLOWS, *scalars.FEEDBACK, *scalars.CONSTANTS, *scalars.ACCOUNTS]
    told = {name: words.scalar(name, lang) for name in names}
    assert [name for name in names if told[name] == name + words.word("at_close", lang)] == []
    money = {"en": "RMB million", "zh": "百万元"}[lang]
    assert all(money in told[name] for name in scalars.ACCOUNTS)


def test_every_entry_has_a_sample():
    assert set(registry.names()) == set(analysis_sample.datasets())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", sorted(analysis_sample.datasets()))
def test_every_figure_is_drawn_and_titled(kind, lang):
    entry = registry.get(kind)
    figure = drawn(kind, lang)
    title = entry.title_zh if lang == "zh" else entry.title
    assert title.replace(" ", "") in texts(figure).replace("\n", "").replace(" ", "")


def test_the_tipping_line_is_drawn_where_r_passes_one_and_only_there():
    data = analysis_sample.plane()
    assert "R_dyn = 1" in texts(drawn("heat_map", "en", data))
    below = data.assign(r_dyn=0.5 * data["r_dyn"])
    assert "below 1 everywhere" in texts(drawn("heat_map", "en", below)).replace("\n", " ")
    unknown = data.assign(r_dyn=np.nan * data["r_dyn"])
    assert "not measured" in texts(drawn("heat_map", "en", unknown)).replace("\n", " ")


def test_the_phase_diagram_counts_its_cells():
    data = analysis_sample.plane()
    phase = data["phase"].values
    said = texts(drawn("phases", "en", data)).replace("\n", " ")
    known = np.isfinite(phase).sum()
    assert f"gains in {(phase > 0).sum()} of {known} combinations and loses in {(phase < 0).sum()}" in said
    assert f"in {int((data['r_dyn'] > 1).sum())} a small lead grows by itself" in said


def test_a_phase_diagram_says_nothing_of_small_leads_where_feedback_was_not_measured():
    data = analysis_sample.plane()
    figure = drawn("phases", "en", data.assign(r_dyn=np.nan * data["r_dyn"]))
    said = texts(figure).replace("\n", " ")
    assert "a small lead" not in said and "R_dyn was not measured" in said
    assert [text.get_text() for text in figure.legends[0].texts][-1] == "+  gain"


def test_sobol_indices_that_a_few_points_leave_open_name_no_assumption_as_the_first():
    data = analysis_sample.datasets()["sobol"]
    wide = data.assign(ST_low=data["ST"] - 0.6, ST_high=data["ST"] + 0.6)
    assert "with interactions it explains" in texts(drawn("sobol", "en", data)).replace("\n", " ")
    said = texts(drawn("sobol", "en", wide)).replace("\n", " ")
    assert "Too few base points" in said and "explains" not in said


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", sorted(analysis_sample.datasets()))
def test_the_names_of_axes_stay_on_the_page(kind, lang):
    figure = drawn(kind, lang)
    for axes in figure.axes:
        box = axes.xaxis.label.get_window_extent()
        assert box.width == 0 or (figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1), axes.get_xlabel()


def test_an_order_that_always_holds_is_not_called_the_least_stable():
    data = analysis_sample.datasets()["ranks"]
    assert "Least stable: FTZ over innovation centre, in 70%" in texts(drawn("ranks", "en", data)).replace("\n", " ")
    always = data.assign(agreement=1.0 + 0.0 * data["agreement"], reversed=0.0 * data["reversed"])
    said = texts(drawn("ranks", "en", always)).replace("\n", " ")
    assert "All orders hold in all 40 combinations" in said and "Least stable" not in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_search_names_what_it_varies_and_is_not_called_a_sweep(lang):
    said = texts(drawn("search", lang)).replace("\n", " ")
    found = analysis_sample.datasets()["search"].attrs
    assert found[f"axis_{lang}"] in said and found["key"] not in said
    assert not {"Sweep:", "扫描："} & set(said.split())


def test_a_back_test_has_as_many_points_inside_as_its_table_says():
    """The table's coverage is that of the randomised transform, which decides of an observation on the border."""
    rows = pd.DataFrame({"forecaster": "model", "date": range(20), "observed": 3, "mean": 3.0, "q05": 3.0, "q95": 5.0,
                         "covered90": [True] * 15 + [False] * 5})
    about = {"title": "", "origins": [], "draws": 1, "per_draw": 1, "scenario": "a", "series": "b", "region": "c"}
    totals, figure = pd.DataFrame({"forecaster": ["model"], "crps": [1.0]}), Figure(figsize=(10.5, 5.2))
    backtest.backtest(backtest.Shown(rows, totals, {"model": "the model"}, "firms", "", about), figure, "en")
    assert [text.get_text() for text in figure.legends[0].texts] == ["inside the central 90% (75%)",
                                                                     "outside it (25%)"]
    assert "Points: means; lines" not in texts(figure)
    titles = [axes.get_title("left") or axes.get_title() for axes in figure.axes]
    assert titles == ["Observed, against the forecast", "Mean CRPS (lower is better)"]


@pytest.mark.parametrize(("counts", "said"), [("stock", "on the day"), ("cumulative", "in the period"),
                                              ("arrivals", "in the period")])
def test_a_back_test_says_whether_its_numbers_are_of_a_day_or_of_a_period(counts, said):
    rows = pd.DataFrame({"forecaster": "model", "area": "a", "industry": "", "to": "", "origin": "2021-12-31",
                         "since": "2021-12-31", "date": ["2022-06-30"], "observed": 3, "mean": 3.0, "q05": 3.0,
                         "q95": 5.0, "covered90": [True]})
    about = {"title": "", "origins": [], "draws": 1, "per_draw": 1, "scenario": "a", "series": "b", "region": "c"}
    totals, figure = pd.DataFrame({"forecaster": ["model"], "crps": [1.0]}), Figure(figsize=(10.5, 5.2))
    backtest.backtest(backtest.Shown(rows, totals, {"model": "the model"}, "firms", "", about, counts), figure, "en")
    assert figure.axes[0].get_ylabel() == f"number of enterprises {said}"
