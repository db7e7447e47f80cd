"""Figures: every plot draws whatever the results are, in both languages, without a missing glyph."""

import functools
import itertools
import json
import re
import subprocess
import sys
import warnings

import matplotlib
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.base import package_data
from sim.base.errors import InputError, ScenarioNote
from sim.base.messages import LANGUAGES
from sim.metrics.headquarters_in_zone import headquarters_in_zone
from sim.plots.common import save, theme, words
from sim.plots.common.bands import whole
from sim.plots.common.page import ems_of, fold
from sim.plots.common.save import write
from sim.plots.run import registry
from sim.plots.run.save import draw, drawings, save_all
from tests.samples import results_sample

pytestmark = pytest.mark.filterwarnings("error")       # a missing glyph is a warning of matplotlib
NAMES = registry.names()
GREY = np.array([0.299, 0.587, 0.114])
# Machado, Oliveira & Fernandes 2009, severity 1: what the red-blind and the green-blind see
BLIND = np.array([[[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
                  [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                   [-0.011820, 0.042940, 0.968881]]])


@pytest.fixture(scope="module")
def results():
    return results_sample.build(members=5, quarters=10)


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    """Where save_all has written everything."""
    folder = tmp_path_factory.mktemp("saved") / "figures"
    save_all(results, folder)
    return folder


@pytest.fixture(scope="module")
def drawn(results):
    """Figures by name and language, each drawn once for the tests that only look at it."""
    return functools.cache(lambda name, lang: draw(results, name, lang))


CASES = {"one run": lambda r: r.isel(member=[0]), "no headquarters": results_sample.without,
         "one site": results_sample.one_site, "no site in the zone": lambda r: r.isel(site=~r["in_zone"]),
         "the opening alone": lambda r: r.isel(quarter=[0]),
         "no base map": lambda r: r.assign_attrs(basemap="", events="", title="", title_zh="")}
QUICK = ("one run", "no headquarters")       # the other cases are slow together
ODD = [pytest.param(case, marks=() if case in QUICK else pytest.mark.slow) for case in CASES]


def texts(figure):
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_plot_draws_without_a_missing_glyph(drawn, name, lang, tmp_path, caplog):
    write(drawn(name, lang), tmp_path / f"{name}.svg")
    assert not [record for record in caplog.records if record.name.startswith("matplotlib")]


def test_characters_that_no_font_has_are_told_in_one_note(tmp_path):
    with theme.house():
        figure = Figure(figsize=(1, 1))
        FigureCanvasAgg(figure)
        figure.text(0.5, 0.5, "\u3400 and \u3401")
    with pytest.warns(ScenarioNote) as told:
        write(figure, tmp_path / "rare.png")
    said = "figures show a box for characters that their fonts do not have: \u3400\u3401"
    assert [str(one.message) for one in told] == [said]


@pytest.mark.parametrize("weight", package_data.FONT_WEIGHTS)
def test_the_fonts_have_numerals_and_characters_of_names(weight):
    """Beyond GB 2312: the zero of years, and characters of people and places in the table of 2013."""
    known = TTFont(package_data.font_file(weight)).getBestCmap()
    assert [each for each in "〇二镕堃喆祎玥昉旸浉垟溇浐𬭚𫘧" if ord(each) not in known] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", ODD)
def test_every_plot_bears_odd_results(results, case, name, tmp_path):
    figure = draw(CASES[case](results), name, "zh" if case == "one run" else "en")
    assert figure.axes
    write(figure, tmp_path / "odd.svg")


def test_all_figures_are_saved_in_both_languages_and_formats(folder):
    kinds = itertools.product(NAMES, LANGUAGES, ("svg", "png"))
    assert {path.name for path in folder.iterdir()} == {".".join(kind) for kind in kinds}


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_drawn_again_has_the_same_bytes(results, folder, name, tmp_path):
    for kind in ("svg", "png"):
        again = write(draw(results, name, "zh"), tmp_path / f"again.{kind}")
        assert again.read_bytes() == (folder / f"{name}.zh.{kind}").read_bytes()


def test_two_processes_draw_the_same_bytes_and_leave_nothing_else(results, folder, tmp_path):
    paths = save_all(results, tmp_path, ["zh"], processes=2)
    assert sorted(paths) == sorted(tmp_path.iterdir())
    assert {path.name: path.read_bytes() for path in paths} == \
        {path.name: path.read_bytes() for path in folder.glob("*.zh.*")}


def test_what_is_done_beside_figures_comes_back_in_its_order(results, tmp_path):
    wanted = drawings(results, ["en"], ["svg"])[:2]
    work = [functools.partial(str.upper, text) for text in "ab"]
    found, paths = save.save_beside(work, wanted, tmp_path, processes=2)
    assert found == ["A", "B"]
    assert [path.name for path in paths] == [f"{each.entry.name}.en.svg" for each in wanted]


def test_other_results_give_another_figure(folder, tmp_path):
    other = results_sample.build(members=5, quarters=10, seed=2)
    for name in NAMES:
        second = write(draw(other, name), tmp_path / "other.svg")
        assert second.read_bytes() != (folder / f"{name}.en.svg").read_bytes()


def test_drawing_leaves_the_settings_of_matplotlib_alone(results):
    before = dict(matplotlib.rcParams)
    draw(results, "paths")
    assert dict(matplotlib.rcParams) == before


def test_figures_do_not_depend_on_the_users_settings(results, tmp_path):
    plain = write(draw(results, "paths"), tmp_path / "plain.svg").read_bytes()
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "svg.fonttype": "none"}):
        assert write(draw(results, "paths"), tmp_path / "own.svg").read_bytes() == plain


def test_drawing_never_imports_pyplot():
    code = ("import sys; from sim.plots.run import registry; import sim.plots.run.save; registry.names(); "
            "sys.exit('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_misspelt_plot_is_answered_with_the_near_miss(results):
    with pytest.raises(InputError, match="did you mean 'paths'"):
        draw(results, "pahts")


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_says_its_title_scenario_runs_and_source(results, drawn, name):
    for lang, runs, title in (("en", "5 runs", "title"), ("zh", "5 次模拟", "title_zh")):
        said = " ".join(texts(drawn(name, lang))).replace("\n", " ")
        plot = registry.get(name)
        assert getattr(plot, title).format(zone="示范区", by_ring={"en": " by ring", "zh": "各圈层"}[lang]) in said
        assert results.attrs[title] in said
        assert runs in said
        assert "Guo, Luo" in said


def test_the_headline_of_the_paths_is_the_metric(results):
    mean = headquarters_in_zone(results).mean("member").values
    said = " ".join(texts(draw(results, "paths")))
    assert f"From {whole(mean[0])} headquarters" in said
    assert f"to {whole(mean[-1])} at" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_half_life_without_end_is_said_to_have_none_over_the_same_years(lang):
    results = results_sample.build(members=2, quarters=40)
    half = results["half_life"].copy()
    half[:, 1:] = np.where(np.isfinite(half[:, 1:]), np.inf, np.nan)
    drawn = {end: draw(results.assign(half_life=each), "feedback", lang) for end, each in (
        ("some", results["half_life"]), ("none", half))}
    said = words.word("half_life_endless", lang)
    assert {end: said in texts(figure) for end, figure in drawn.items()} == {"some": False, "none": True}
    left, right = drawn["none"].axes[:2]
    assert left.get_xlim() == right.get_xlim()


def test_feedback_tells_a_zone_that_tips_and_a_run_without_a_measurement(results):
    measured = results["r_dyn"].where(~np.isfinite(results["r_dyn"]), 1.2)
    one = measured.where(measured["member"] == measured["member"][0])
    for r_dyn, said in ((measured, "a small lead grows by itself"), (measured * np.nan, "Feedback was not measured"),
                        (one, "Measured in one of 5 runs, so without an interval")):
        assert said in " ".join(texts(draw(results.assign(r_dyn=r_dyn), "feedback", "en"))).replace("\n", " ")


@pytest.mark.parametrize(("lang", "rest"), [("en", ", and {n} more"), ("zh", "，另有 {n} 项")])
def test_policies_of_one_day_are_named_whole_or_counted(results, lang, rest):
    """No name is cut, also where a name has a comma of its own."""
    named = [f"A policy, with number {k:02}" for k in range(20)]
    events = json.dumps([{"date": "2022-01-01", "label": name} for name in named])
    said = next(text for text in texts(draw(results.assign_attrs(events=events), "paths", lang)) if "2022-01" in text)
    shown = [name for name in named if name in said]
    assert 0 < len(shown) < len(named) and said.endswith(rest.format(n=len(named) - len(shown)))


def test_events_outside_the_run_are_not_marked(results):
    said = " ".join(texts(draw(results, "paths")))
    assert "2024-08" not in said
    events = json.dumps([{"date": "2022-01-01", "label": "Inside", "label_zh": "其间"}])
    assert "2022-01  Inside" in " ".join(texts(draw(results.assign_attrs(events=events), "paths")))


# --- style and words -----------------------------------------------------------------------------

@pytest.mark.parametrize("colours", [[mark.colour for mark in theme.RINGS.values()],
                                     [colour for colour, _ in theme.WHEN]], ids=["rings", "moments"])
def test_colours_stay_apart_in_grey_and_for_the_colour_blind(colours):
    rgb = np.array([to_rgb(colour) for colour in colours])
    for a, b in itertools.combinations(rgb, 2):
        assert abs(GREY @ (a - b)) > 0.15
        assert all(np.linalg.norm(eye @ (a - b)) > 0.25 for eye in BLIND)


def test_rings_differ_in_marker_and_line_as_well():
    marks = list(theme.RINGS.values())
    assert len({mark.marker for mark in marks}) == len({mark.line for mark in marks}) == 3


def test_names_come_from_the_dataset_and_ids_stand_in(results):
    known = words.names(results.drop_vars("jurisdiction_en"), "jurisdiction", "en")
    assert known["rest-shanghai"] == "rest-shanghai"
    named = results.assign_coords(jurisdiction_en=("site", ["X"] * results.sizes["site"]))
    assert set(words.names(named, "jurisdiction", "en").values()) == {"X"}


@pytest.mark.parametrize("text", ["a plain sentence of some words",
                                  "一段没有空格的中文，含有 Latin 与标点。" * 3])
def test_folded_text_is_narrow_and_loses_nothing(text):
    folded = fold(text, 12)
    assert all(ems_of(line) <= 14 for line in folded.split("\n"))
    assert re.sub(r"\s", "", folded) == re.sub(r"\s", "", text)
    assert not re.search(r"^[，。]", folded, re.M)


class Odd(Line2D):
    def draw(self, renderer):
        warnings.warn("something else is odd", UserWarning, stacklevel=2)


def test_a_warning_that_is_not_about_characters_is_passed_on():
    figure = Figure(figsize=(1, 1))
    figure.add_artist(Odd([0, 1], [0, 1]))
    with pytest.warns(UserWarning, match="something else is odd"):
        save.content(figure, ".svg")
