"""Figures of comparison: drawn from tables alone, in both languages, and their numbers add up."""

import dataclasses
import itertools
import json
import re

import pytest

from sim.base.errors import InputError
from sim.base.messages import LANGUAGES
from sim.plots.common.page import fold_to
from sim.plots.common.save import write
from sim.plots.comparison import cost_plane, leakage, ledger, registry, save, waterfall
from sim.report import comparison_assumed, comparison_page, render
from tests.samples.compared_tables import repeated, single

pytestmark = pytest.mark.filterwarnings("error")       # a missing glyph is a warning of matplotlib


CASES = {"one scenario": lambda c: repeated(c, 1), "eight scenarios": lambda c: repeated(c, 8),
         "one pair": single,
         "no base map": lambda c: dataclasses.replace(c, places=c.places.assign_attrs(basemap=""))}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", registry.names())
def test_every_figure_draws_without_a_missing_glyph(compared, name, lang, tmp_path):
    figure = save.draw(compared, name, lang)
    write(figure, tmp_path / "x.svg")
    said = " ".join(text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text")))
    entry = registry.get(name)
    title = (entry.title_zh if lang == "zh" else entry.title).format(zone="片区")
    assert re.split("[,：]", title)[0] in said                 # nothing is shared here, and the ledger says so
    assert "Guo, Luo" not in said.replace("\n", " ")            # its region is another one
    assert {"en": "3 paired runs", "zh": "3 次配对模拟"}[lang] in said


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", registry.names())
def test_every_figure_bears_odd_comparisons(compared, case, name):
    assert save.draw(CASES[case](compared), name, "zh").axes


def test_a_figure_without_its_table_is_left_out_and_named_on_the_page(compared, folder):
    tables = {name: table for name, table in compared.tables.items() if name != "decomposition"}
    lacking = dataclasses.replace(compared, tables=tables)
    names = [{entry.name for entry in save.possible(one)} for one in (compared, lacking)]
    assert names[0] - names[1] == {"waterfall"}
    content = comparison_page.content(folder, manifest(folder), lacking, "en")
    assert content["missing"] == [waterfall.waterfall.title]
    assert b"Not drawn" in render.render("comparison.html", "en", content)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_order_that_was_assumed_is_said_on_the_page(compared, folder, lang):
    found = {"low": 344.0, "high": 372.0, "same_order": True}
    ranked = dataclasses.replace(compared, content=compared.content | {"proportion": found})
    content = comparison_page.content(folder, manifest(folder), ranked, lang)
    assert len(content["order"]) == 2 and "344" in content["order"][0] and "372" in content["order"][0]
    said = render.render("comparison.html", lang, content).decode("utf-8")
    assert "344" in said and content["order"][1] in said


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_a_misspelt_figure_is_answered_with_the_near_miss(compared):
    with pytest.raises(InputError, match="did you mean 'ranked'"):
        save.draw(compared, "rankd")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_parts_of_the_waterfall_add_up_to_the_effect(compared, lang):
    measure = waterfall.measure_of(compared)
    for name in compared.names:
        for apart in (False, True):
            *parts, (_, whole) = waterfall.parts(compared, name, measure, lang, apart)
            assert sum(value for _, value in parts) == pytest.approx(whole, abs=1e-9)
        table = compared.effects(measure=measure)
        assert whole == pytest.approx(table.loc[table["scenario"] == name, "mean"].iloc[0])


def test_the_zone_and_what_lies_outside_add_up_to_the_net(compared):
    for name in compared.names:
        (_, zone), *outside, (_, net) = leakage.bars(compared, name, "en")
        beyond = compared.effects("ring")
        rest = beyond[(beyond["scenario"] == name) & (beyond["place"] == "radiation")]["mean"].sum()
        assert net["mean"] == pytest.approx(zone["mean"] + rest)
        assert {row["place"] for _, row in outside} == leakage.beyond(compared)


def test_the_plane_of_costs_shows_the_effect_that_is_ranked(compared):
    rows = {row["scenario"]: row for row in cost_plane.points(compared)}
    assert set(rows) == set(compared.names)
    for name, row in rows.items():
        assert row["headquarters"] == pytest.approx(compared.zone(name)["mean"])
        if row["cost_per"] == row["cost_per"]:
            assert row["cost_per"] == pytest.approx(row["cost"] / row["headquarters"])


def test_the_accounts_after_sharing_are_those_before_and_the_transfers(compared):
    table = compared.tables["fiscal"]
    for name in compared.names:
        moved = table[(table["scenario"] == name) & (table["item"] == "transfers")].set_index("authority")
        for before, after in ledger.balances(compared, name):
            assert before.name == after.name
            assert after["mean"] == pytest.approx(before["mean"] + moved.loc[after.name, "mean"], abs=1e-6)


@pytest.mark.parametrize(("moved", "lang", "says"), [
    (0.0, "en", False), (0.0, "zh", False), (5.0, "en", True), (5.0, "zh", True)])
def test_accounts_speak_of_sharing_where_something_is_shared(compared, moved, lang, says):
    table = compared.tables["fiscal"].copy()
    table.loc[table["item"] == "after", "mean"] += moved
    figure = save.draw(dataclasses.replace(compared, tables={**compared.tables, "fiscal": table}), "ledger", lang)
    said = [text.get_text() for text in figure.texts]
    assert any({"en": "after sharing", "zh": "分享后"}[lang] in text for text in said) == says


def test_checks_stand_in_a_row_a_scenario_below_what_was_published(compared):
    table = comparison_assumed.checks(compared, "en")
    names = [row[0] for row in table.rows]
    assert names[0] == "published" and len(names) == len(set(names)) <= 1 + len(compared.names)
    assert "25–30%" in table.rows[0] and not any("nan" in cell for row in table.rows for cell in row)


@pytest.mark.parametrize("number", [2, 10])
def test_heads_of_columns_do_not_run_into_one_another(compared, number):
    """Also those of names of two hundred characters."""
    crowd = repeated(compared, number)
    for each in crowd.content["scenarios"]:
        each["title_en"] = "A name that goes on and on " * 8
    figure = save.draw(crowd, "towns", "en")
    renderer = figure.canvas.get_renderer()
    boxes = [label.get_window_extent(renderer) for label in figure.axes[0].get_xticklabels()]
    assert len(boxes) == number and all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))
    assert max(box.y1 for box in boxes) < figure.bbox.y1


def test_points_of_the_cost_plane_have_numbers_and_a_key_names_them(compared):
    axes = save.draw(compared, "cost_plane", "en").axes[0]
    titles = [fold_to(compared.title(row["scenario"], "en"), *cost_plane.NAME) for row in cost_plane.points(compared)]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == titles
    numbers = {text.get_text(): text.xy for text in axes.texts if text.get_text().isdigit()}
    for number, row in enumerate(cost_plane.points(compared), start=1):
        assert numbers[str(number)] == pytest.approx((row["cost"], row["headquarters"]))
