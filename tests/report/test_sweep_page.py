"""The page of a sweep tells what was varied and what was found in numbers and words that a reader can use."""

import datetime
import re

import pandas as pd
import pytest

from sim.experiments.sensitivity import folder as analysis_folder
from sim.experiments.sensitivity import quantity
from sim.report import sweep_page
from tests.oracles import analytic
from tests.samples import pages


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """Folder of the analysis of a sampled sweep over three parameters, one of them of a policy."""
    text = analytic.design("saltelli", 8, 0.0, 1.0).replace(analytic.AXES["x3"], "policies.status.level")
    with pytest.MonkeyPatch.context() as patch:
        folder = analytic.run(tmp_path_factory.mktemp("page"), text, lambda values, *_: 3.0 * values["x1"], patch)
    said = analytic.sim("sensitivity", folder, "--lang", "zh")
    assert said.exit_code == 0, said.output
    return folder / "analysis"


def test_a_sampled_axis_is_told_by_its_ends_and_no_number_has_more_than_four_digits(analysed):
    swept = quantity.swept(analysed.parent)
    told = dict(sweep_page._axes(swept, analysis_folder.Names(swept), "zh"))
    assert re.fullmatch(r"0\.0\d+ 至 0\.9\d+（terms\.access\.between_cities）", next(iter(told.values())))
    shown = pages.words_of((analysed / "report.zh.html").read_text("utf-8"))
    assert not [text for text in shown if re.search(r"\d\.\d{6,}", text)]


def test_its_first_sentence_names_the_scenario_and_the_quantity(analysed):
    said = sweep_page._said(analysed)
    lead = sweep_page.content(analysed, said, quantity.swept(analysed.parent), "zh")["lead"]
    assert lead.startswith("“") and "情景下的" in lead.partition("：")[0] and "最重要" in lead


def test_a_date_is_told_as_files_have_it():
    assert sweep_page._cell("start", datetime.date(2021, 7, 1), None, "zh") == "2021-07-01"


def test_what_was_not_measured_is_a_dash():
    assert sweep_page._cell("r_dyn", float("nan"), None, "zh") == "–"


def test_a_parameter_of_a_policy_is_told_with_the_policy(analysed):
    names = analysis_folder.Names(quantity.swept(analysed.parent))
    assert names.axis("x3", "zh").startswith("status：") and "：" not in names.axis("x1", "zh")


@pytest.mark.parametrize("phases, shown", [(["gain", float("nan")], ["增加", "–"]), (["", ""], None),
                                           ([float("nan")] * 2, None)])
def test_a_point_that_is_left_out_has_no_phase_and_a_table_of_levels_no_column_of_them(phases, shown):
    head, rows = sweep_page.in_words(pd.DataFrame({"mean": [1.0, 2.0], "phase": phases}), None, "zh")
    assert (["均值", "增或减"] if shown else ["均值"]) == head
    assert shown is None or [row[1] for row in rows] == shown
