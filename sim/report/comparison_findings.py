"""What came out of a comparison: the answer with its uncertainty, numbers to remember, all scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from sim.base.printed import decimals
from sim.plots.common.bands import percent
from sim.plots.common.money import cell, money
from sim.plots.common.words import moment
from sim.plots.comparison.cost_plane import points
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import distinct, gain, in_percent
from sim.plots.comparison.leakage import bars
from sim.plots.comparison.words import word as plot_word
from sim.report.findings import Card
from sim.report.tables import Faint, Table
from sim.report.words import word


class Answer(NamedTuple):
    """What a page opens with: a sentence, and what it leaves open."""

    sentence: str
    doubts: list[str]


def answer(compared: Compared, lang: str) -> Answer:
    """The answer of a comparison: the largest effect with its uncertainty, and what that does not cover."""
    name = compared.names[0]
    row = compared.zone(name)
    said = word(_kind(compared, row), lang, name=compared.title(name, lang), last=moment(compared.end, lang),
                baseline=compared.title(compared.baseline, lang), effect=decimals(abs(row["mean"])),
                change=gain(row["mean"]), sure=_sure(compared, name, lang))
    if compared.none_is_better:
        said = plot_word("none_better", lang) + said
    elif distinct(row, among=len(compared.names)) and not compared.places["in_zone"].values.all():
        said += _elsewhere(net_of(compared, name)["mean"] - row["mean"], lang)
    return Answer(said, doubts(compared, row, lang))


def _elsewhere(change, lang):
    """What becomes of the places outside the zone, "" where that rounds to nothing."""
    number = decimals(abs(change))
    return "" if number == "0.0" else word("answer_fewer" if change < 0 else "answer_also", lang, number=number)


def _kind(compared, row):
    """The key of the sentence that fits the largest effect."""
    if compared.none_is_better:
        return "answer_none_better"
    return "answer_more" if distinct(row, among=len(compared.names)) else "answer_unclear"


def _sure(compared, name, lang):
    """The words in brackets behind an effect: per cent, and the interval of its mean."""
    row, error = compared.zone(name), half_width(compared, name)
    share = percent_of_baseline(row)
    if compared.members < 2 or error is None:
        return word("sure_one", lang, percent=share)
    return word("sure", lang, percent=share, low=gain(row["mean"] - error), high=gain(row["mean"] + error))


def doubts(compared: Compared, row: pd.Series[Any], lang: str) -> list[str]:
    """What the interval of an effect does not cover: chance in a single future, parameters, what was assumed.

    Draws of the parameters are told of the zone, for which alone they are kept.
    """
    said = []
    if compared.members > 1:
        said.append(word("doubt_chance", lang, n=compared.members, low=gain(row["p05"]), high=gain(row["p95"])))
    drawn = [one for one in compared.content.get("uncertainty", {}).get("effects", [])
             if one["scenario"] == row["scenario"] and one["measure"] == "headquarters" and row["level"] == "zone"]
    said += [word("doubt_drawn", lang, n=compared.content["uncertainty"]["draws"], low=gain(one["p05"]),
                  high=gain(one["p95"])) for one in drawn] or [word("doubt_parameters", lang)]
    found = compared.content.get("proportion") or {}
    return [*said, word("doubt_order" if found.get("same_order") else "doubt_assumed", lang)]


def cards(compared: Compared, lang: str) -> list[Card]:
    """The numbers that a page opens with, of the scenario with the largest effect, in plain units."""
    name = compared.names[0]
    row, net = compared.zone(name), net_of(compared, name)
    found = [Card(gain(row["mean"]), word("card_effect", lang, last=moment(compared.end, lang)),
                  _sure(compared, name, lang).strip("()（）"))]
    if not compared.places["in_zone"].values.all():
        found.append(Card(gain(net["mean"] - row["mean"]), word("card_outside", lang),
                          _whose(compared, name, lang) + word("card_net", lang, net=gain(net["mean"]))))
    found += _cost_card(compared, name, lang)
    if compared.members > 1:
        found.append(Card(percent(compared.best[name]), word("card_best", lang, n=len(compared.best)), ""))
    return found


def losers(compared: Compared, name: str, lang: str) -> list[str]:
    """The jurisdictions outside the zone that lose headquarters beyond noise, the largest loss first, in words."""
    lost = [(row["mean"], f"{label} {gain(row['mean'])}") for label, row in bars(compared, name, lang)[1:-1]
            if row["mean"] < 0 and distinct(row)]
    return [said for _mean, said in sorted(lost)]


def _whose(compared, name, lang):
    """The largest loss elsewhere, "" where none can be told from zero."""
    lost = losers(compared, name, lang)
    return word("card_loser", lang, name=lost[0]) if lost else ""


def _cost_card(compared, name, lang):
    """The public cost of a scenario, in a list; none where the accounts were not kept or nothing is spent."""
    row = costs_of(compared).get(name)
    if row is None or not row["cost"]:
        return []
    paid = per_gained(row)
    each = word("cost_each", lang, cost=money(paid, lang)) if paid == paid else plot_word("cost_unknown", lang)
    if row["headquarters"] < 0:
        each = word("none_gained", lang)
    return [Card(money(row["cost"], lang), word("card_cost", lang), each)]


def per_gained(row: Mapping[Any, Any]) -> float:
    """Cost per headquarters gained, RMB million; nan where none is gained, or as far as is known none."""
    return float(row["cost_per"]) if row["headquarters"] > 0 else float("nan")


def costs_of(compared: Compared) -> dict[str, dict[Any, Any]]:
    """Scenario -> its row of costs that counts the zone's net gain; none without accounts."""
    return {row["scenario"]: row for row in points(compared)} if compared.has(["costs"]) else {}


def overview(compared: Compared, lang: str, ranges: bool = True) -> Table:
    """A row a scenario, the largest effect first: effect, how sure, elsewhere, cost; noise is faint.

    `ranges` has the columns of where nine in ten runs lie.
    """
    spent = costs_of(compared)
    head = ["scenario", "effect", "in_percent", "half_width", *(["nine_low", "nine_high"] if ranges else []),
            "elsewhere", *(["cost", "cost_per"] if spent else []), "best_in"]
    rows = [_overview(compared, name, (spent, ranges), lang) for name in compared.names]
    return Table(word("t_overview", lang), [word(key, lang) for key in head], rows)


def _overview(compared, name, what, lang):
    """Cells of a scenario; `what`: its costs by scenario, and whether ranges are wanted."""
    spent, ranges = what
    row, error, net = compared.zone(name), half_width(compared, name), net_of(compared, name)
    one = compared.members < 2
    cells = [gain(row["mean"]), percent_of_baseline(row), "–" if error is None else f"{error:.1f}",
             *("–" if one else gain(row[end]) for end in ("p05", "p95") if ranges), gain(net["mean"] - row["mean"])]
    if not distinct(row):
        cells[:2] = [Faint(cells[0]), Faint(cells[1])]
    if spent:
        paid = spent.get(name, {"cost": float("nan"), "cost_per": float("nan"), "headquarters": 0.0})
        cells += ["–" if each != each else cell(each, lang, sign=False) for each in (paid["cost"], per_gained(paid))]
    return [compared.title(name, lang), *cells, percent(compared.best[name])]


def precision(compared: Compared, lang: str) -> list[str]:
    """Sentences on how well the means are known and how many runs a wanted precision takes; none for one run."""
    return [word("error_is", lang), _advice(compared, lang)] if compared.members > 1 else []


def net_of(compared: Compared, name: str) -> pd.Series[Any]:
    """The effect on all places modelled at the end, as a row."""
    return compared.effects("modelled", scenario=name).iloc[0]


def half_width(compared: Compared, name: str) -> float | None:
    """Half of the 95 % interval of the mean effect on the zone's headquarters; None for a single pair."""
    return next(one["half_width"] for one in compared.content["sample_size"]["scenarios"] if one["scenario"] == name)


def percent_of_baseline(row: pd.Series[Any]) -> str:
    """An effect in per cent of the baseline's level."""
    return in_percent(row) or "–"


def _advice(compared, lang):
    advice = compared.content["sample_size"]
    needed = max(one["needed"] or 0 for one in advice["scenarios"])
    key = "more_runs" if needed > compared.members else "enough_runs"
    return word(key, lang, precision=f"{advice['precision']:g}", needed=f"{needed:,}", n=compared.members)
