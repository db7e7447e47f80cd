"""Figures and pages of a comparison say what is told apart from noise, and nothing else."""

import dataclasses

import pytest
from matplotlib.text import Annotation

from sim.base.messages import LANGUAGES
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import effect_map, save, words
from sim.plots.comparison.frame import distinct, gain, in_percent
from sim.report import (
    comparison_assumed,
    comparison_findings,
    comparison_page,
    comparison_payers,
    comparison_tables,
)
from sim.report import words as report_words
from tests.samples.compared_tables import certain, repeated, told

pytestmark = pytest.mark.filterwarnings("error")       # a missing glyph is a warning of matplotlib


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_figure_or_sentence_announces_the_largest_of_noise(compared, lang):
    """Effects of 2.2 standard errors, the largest of many: nothing is called the largest, and colours are explained."""
    noisy, lone = certain(compared, 2.2), certain(compared, 1.9)
    number = int(compared.places["in_zone"].sum()) * len(compared.names)
    assert words.word("towns_none", lang) in told(lone, "towns", lang)
    assert words.word("towns_chance", lang, k=number, n=number) in told(noisy, "towns", lang)
    for key in ("towns_none", "towns_chance"):
        assert words.word(key, lang, k=number, n=number) not in told(certain(compared, 9.0), "towns", lang)

    crowd = repeated(noisy, 8)
    assert distinct(crowd.zone(crowd.names[0]))
    assert comparison_findings._kind(crowd, crowd.zone(crowd.names[0])) == "answer_unclear"


def test_the_cheapest_is_one_whose_effect_is_told_from_none(compared):
    costs = compared.tables["costs"]
    vague = costs.assign(headquarters_se=costs["headquarters"].abs())
    noisy = dataclasses.replace(compared, tables={**compared.tables, "costs": vague})
    assert words.word("cost_unknown", "en") in told(noisy, "cost_plane", "en")
    first, *_ = compared.names
    sure = costs.assign(headquarters=4.0, headquarters_se=0.1, cost=40.0, cost_per=10.0, cost_per_se=1.5)
    cheap = dataclasses.replace(compared, tables={**compared.tables, "costs": sure[sure["scenario"] == first]})
    said = words.word("cost_finding", "en", name=compared.title(first, "en"), cost="RMB 10.0 ± 3.0 million",
                      effect=gain(4.0))
    assert said in told(cheap, "cost_plane", "en")


@pytest.mark.parametrize(("mean", "side"), [(0.05, "left"), (-0.05, "right"), (0.0, "center")])
def test_a_small_effect_stands_beside_the_line_at_zero_on_its_own_side(compared, mean, side):
    effects = compared.tables["effects"]
    small = effects.assign(mean=mean, p05=-40.0, p95=40.0)
    figure = save.draw(dataclasses.replace(compared, tables={**compared.tables, "effects": small}), "ranked", "en")
    labels = [text for text in figure.findobj(lambda artist: isinstance(artist, Annotation))
              if text.get_text().startswith(gain(mean))]
    assert labels and {text.get_ha() for text in labels} == {side}


def test_what_is_missing_of_several_scenarios_is_told_once(compared):
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


def test_of_many_maps_the_first_names_the_places_and_the_others_the_largest_effects(compared, monkeypatch):
    monkeypatch.setattr(effect_map, "FIRST", 1)                                   # this region has three places
    figure = save.draw(certain(repeated(compared, 6), 9.0), "effect_map", "en")
    named = [sum(text.get_text().startswith("Site ") for text in axes.texts) for axes in figure.axes]
    assert named == [3, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_map_without_a_symbol_says_that_nothing_is_told_from_zero(compared, lang):
    assert words.word("map_none", lang) in told(certain(compared, 1.0), "effect_map", lang)
    assert words.word("map_none", lang) not in told(certain(compared, 9.0), "effect_map", lang)


def test_a_ranking_that_a_coefficient_reverses_says_which_and_whether_it_may_be_so(compared):
    crowd = repeated(compared, 3)
    near = {"assumed_dv": 0.3, "factor": 1.5, "factor_se": None, "dv_at_reversal": 0.45, "value": 0.6, "low": 0.0,
            "high": 1.0, "at_reversal": 0.9}
    pairs = zip(crowd.names, crowd.names[1:], ("terms.tax.beta", None))
    crowd.content["reversals"] = [{**near, "scenario": upper, "other": lower, "coefficient": key, "inside": True}
                                  for upper, lower, key in pairs]
    known, unknown = (row[-1] for row in comparison_assumed.reversals(crowd, "en").rows)
    assert "terms.tax.beta" in known and "0.9" in known and report_words.word("in_range", "en") in known
    assert unknown == "–"


@pytest.mark.parametrize(("one", "key"), [
    ({"what": "but_for", "value": 0.4, "low": 0.02, "high": 0.25}, "too_many"),
    ({"what": "but_for", "value": 0.01, "low": 0.02, "high": 0.25}, "too_few"),
    ({"what": "horizon"}, "")])
def test_a_share_outside_the_published_one_is_too_many_or_too_few(one, key):
    assert comparison_assumed._caveat(one) == key


def test_jurisdictions_stand_in_one_order_in_money_and_in_headquarters(compared):
    turned = dataclasses.replace(compared, tables={**compared.tables, "fiscal": compared.tables["fiscal"].iloc[::-1]})
    orders = [[[row[0] for row in table.rows] for table in comparison_payers.tables(each, "en")]
              for each in (compared, turned)]
    assert all(headquarters[:-1] == money for money, headquarters in orders)
    assert orders[0][0] == orders[1][0][::-1] and len(orders[0][0]) > 1
