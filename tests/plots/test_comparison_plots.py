"""Figures of comparison: drawn from tables alone, in both languages, and their numbers add up."""

import dataclasses
import itertools
import json
import re

import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.base.messages import LANGUAGES
from sim.plots.common.page import fold_to
from sim.plots.common.save import write
from sim.plots.comparison import cost_plane, leakage, ledger, registry, save, waterfall, words
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison.frame import distinct, gain, in_percent
from sim.report import comparison_assumed, comparison_findings, comparison_page, comparison_tables, render

pytestmark = pytest.mark.filterwarnings("error")       # a missing glyph is a warning of matplotlib


@pytest.fixture
def folder(evil_folders):
    return evil_folders["comparison"]


@pytest.fixture(scope="module")
def compared(evil_folders):
    return comparison_data.load(evil_folders["comparison"])


def repeated(compared, times):
    """The comparison with its first scenario under several names, each twice the effect of the next."""
    first, names = compared.names[0], [f"copy-{k}" for k in range(times)]
    tables = {}
    for name, table in compared.tables.items():
        one = table[table["scenario"] == first]
        tables[name] = pd.concat([one.assign(scenario=copy) for copy in names], ignore_index=True)
    content = json.loads(json.dumps(compared.content))
    for key in ("ranking", "scenarios"):
        label = "name" if key == "scenarios" else "scenario"
        one = next(each for each in content[key] if each[label] == first)
        kept = [each for each in content[key] if each.get("baseline") or each.get("scenario") == compared.baseline]
        content[key] = kept + [{**one, label: copy, "rank": k} for k, copy in enumerate(names)]
    return comparison_data.Compared(content, tables, compared.places)


def single(compared):
    """The comparison as if made of one pair of runs."""
    one = lambda table: table.assign(members=1, sd=float("nan"), se=float("nan"),      # noqa: E731
                                     p05=table["mean"], p95=table["mean"])
    tables = {name: one(table) if "p05" in table else table for name, table in compared.tables.items()}
    return comparison_data.Compared({**compared.content, "members": 1}, tables, compared.places)


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


def test_the_page_ranks_and_counts_as_the_tables_do(compared):
    zone = compared.effects().set_index("scenario")["mean"]
    assert [zone[name] for name in compared.names] == sorted(zone, reverse=True)
    table = comparison_tables.ranking(compared, "en")
    assert [row[2] for row in table.rows] == [gain(zone.get(name, 0.0)) for name in compared.candidates]
    assert compared.baseline in compared.candidates
    card = comparison_findings.cards(compared, "zh")[0]
    assert card.number == gain(zone[compared.names[0]])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("factor", [-1.0, 0.0])
def test_figure_and_page_say_that_no_policy_is_better_than_none(compared, lang, factor):
    """With effects that are all harm, or nothing at all."""
    worse = compared.tables["effects"].copy()
    columns = ["mean", "p05", "p95"]
    worse[columns] = worse[columns].abs() * factor
    changed = comparison_data.Compared(compared.content, {**compared.tables, "effects": worse}, compared.places)
    figure = save.draw(changed, "ranked", lang)
    shown = " ".join(text.get_text() for text in figure.texts)
    said = words.word("none_better", lang)
    assert said in shown and said in comparison_findings.answer(changed, lang).sentence
    better = comparison_data.Compared(compared.content, {**compared.tables, "effects": worse.assign(mean=1.0)},
                                      compared.places)
    assert said not in comparison_findings.answer(better, lang).sentence


def test_effects_are_told_apart_from_none_by_two_standard_errors():
    assert distinct({"mean": 2.1, "se": 1.0})
    assert not distinct({"mean": -1.9, "se": 1.0})
    assert not distinct({"mean": 0.0, "se": float("nan")})


def test_the_largest_of_many_effects_needs_more_than_two_errors():
    """2.5 standard errors tell one effect from none, not the largest of forty (Bonferroni)."""
    row = {"mean": 2.5, "se": 1.0}
    assert distinct(row) and not distinct(row, among=40) and distinct({"mean": 4.0, "se": 1.0}, among=40)


def certain(compared, errors):
    """The comparison as if every effect were a gain of so many standard errors."""
    table = compared.tables["effects"]
    mean = 1.0 + table["mean"].abs()
    effects = table.assign(mean=mean, value=table["baseline"] + mean, se=mean / errors)
    return dataclasses.replace(compared, tables={**compared.tables, "effects": effects})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_figure_or_sentence_announces_the_largest_of_noise(compared, lang):
    """Effects of 2.2 standard errors, the largest of many: nothing is called the largest."""
    noisy = certain(compared, 2.2)
    assert words.word("towns_none", lang) in told(noisy, "towns", lang)
    assert words.word("towns_none", lang) not in told(certain(compared, 9.0), "towns", lang)
    crowd = repeated(noisy, 8)
    assert distinct(crowd.zone(crowd.names[0]))
    assert comparison_findings._kind(crowd, crowd.zone(crowd.names[0])) == "answer_unclear"


def told(compared, name, lang):
    """All texts of a figure, one after the other."""
    figure = save.draw(compared, name, lang)
    return " ".join(text.get_text().replace("\n", "" if lang == "zh" else " ") for text in figure.findobj(
        lambda artist: hasattr(artist, "get_text")))


def test_the_cheapest_is_one_whose_effect_is_told_from_none(compared):
    costs = compared.tables["costs"]
    vague = costs.assign(headquarters_se=costs["headquarters"].abs())
    noisy = dataclasses.replace(compared, tables={**compared.tables, "costs": vague})
    assert words.word("cost_unknown", "en") in told(noisy, "cost_plane", "en")


def test_checks_stand_in_a_row_a_scenario_below_what_was_published(compared):
    table = comparison_assumed.checks(compared, "en")
    names = [row[0] for row in table.rows]
    assert names[0] == "published" and len(names) == len(set(names)) <= 1 + len(compared.names)
    assert "25–30%" in table.rows[0] and not any("nan" in cell for row in table.rows for cell in row)


def test_what_is_missing_of_several_scenarios_is_told_once(compared, folder):
    """A reason that holds for many scenarios has one sentence, which names them."""
    crowd = repeated(compared, 3)
    omitted = [{"scenario": name, "what": "persistence", "why": "x"} for name in crowd.names]
    crowd.content["omitted"] = [*omitted, {"scenario": crowd.names[0], "what": "costs", "why": "y"}]
    said = comparison_page._omitted(crowd, "en")
    assert len(said) == 2 and said[0].startswith("All scenarios") and crowd.title(crowd.names[0], "en") in said[1]


@pytest.mark.parametrize("name", ["waterfall", "leakage"])
def test_parts_of_an_effect_that_is_noise_are_told_with_that(compared, name):
    assert words.word("not_distinct", "en") in told(certain(compared, 1.0), name, "en")
    assert words.word("not_distinct", "en") not in told(certain(compared, 9.0), name, "en")


def test_an_effect_of_nothing_has_no_sign():
    assert in_percent({"mean": 0.0, "baseline": 80.0}) == "0.0%"
    assert in_percent({"mean": -8.0, "baseline": 80.0}) == "−10.0%"


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_policy_that_loses_headquarters_has_no_cost_per_headquarters_gained(compared, lang):
    costs = compared.tables["costs"]
    losing = costs.assign(headquarters=-2.0, cost=40.0, cost_per=-20.0)
    lost = dataclasses.replace(compared, tables={**compared.tables, "costs": losing})
    card = comparison_findings.cards(lost, lang)[-2]
    assert card.sure == comparison_findings.word("none_gained", lang)
    position = comparison_findings.overview(lost, lang).head.index(comparison_findings.word("cost_per", lang))
    assert {row[position] for row in comparison_findings.overview(lost, lang).rows} == {"–"}
    assert {row[4] for row in comparison_tables.costs(lost, lang).rows} == {"–"}


def test_the_map_of_a_policy_under_which_places_only_lose_says_so(compared):
    table = compared.tables["effects"]
    loss = dataclasses.replace(compared, tables={**compared.tables, "effects": table.assign(mean=-1.0, se=0.1)})
    zone = int(compared.places["in_zone"].sum())
    assert f"that lose (by more than two standard errors): {zone} of {zone}" in told(loss, "effect_map", "en")
    said = told(certain(compared, 9.0), "effect_map", "en")
    assert f"that gain (by more than two standard errors): {zone} of {zone}" in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_map_without_a_symbol_says_that_nothing_is_told_from_zero(compared, lang):
    assert words.word("map_none", lang) in told(certain(compared, 1.0), "effect_map", lang)
    assert words.word("map_none", lang) not in told(certain(compared, 9.0), "effect_map", lang)


def test_points_of_the_cost_plane_have_numbers_and_a_key_names_them(compared):
    axes = save.draw(compared, "cost_plane", "en").axes[0]
    titles = [fold_to(compared.title(row["scenario"], "en"), *cost_plane.NAME) for row in cost_plane.points(compared)]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == titles
    numbers = {text.get_text(): text.xy for text in axes.texts if text.get_text().isdigit()}
    for number, row in enumerate(cost_plane.points(compared), start=1):
        assert numbers[str(number)] == pytest.approx((row["cost"], row["headquarters"]))
