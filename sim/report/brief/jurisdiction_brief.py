"""The brief of a jurisdiction: one page on its headquarters and its money under every scenario."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.metrics.counting import groups
from sim.plots.common.money import cell, money
from sim.plots.common.words import moment, names
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import distinct, gain
from sim.report import comparison_findings
from sim.report.brief.comparison_brief import foot, kicker, rest
from sim.report.brief.sheet import Block, Sheet, clipped, shortened
from sim.report.tables import Faint, Table
from sim.report.words import word

MOST_SCENARIOS, MOST_PLACES, COLUMNS = 12, 14, 5
ITEMS = ("taxes", "costs", "transfers", "after")


def sheets(folder: Path, manifest: Mapping[str, Any], compared: Compared, lang: str) -> Iterator[Sheet]:
    """A page for every jurisdiction that has places."""
    known = names(compared.places, "jurisdiction", lang)
    for one in groups(compared.places, "jurisdiction"):
        if all(len(compared.effects("jurisdiction", scenario=name, place=one)) for name in compared.names):
            yield _sheet(folder, manifest, compared, (one, known[one]), lang)


def _sheet(folder, manifest, compared, whose, lang):
    (one, name), stop = whose, word("stop", lang)
    doubts = comparison_findings.doubts(compared, _effect(compared, compared.names[0], one), lang)
    pages = [[_scenarios(compared, one, lang), _places(compared, one, lang),
              Block(word("how_sure", lang), [clipped(text) for text in doubts])]]
    return Sheet(f"brief-{one}.{lang}", kicker(compared, lang), word("brief_of", lang, name=name),
                 _answer(compared, whose, lang) + stop, "", [], pages, foot(folder, manifest, lang))


def _answer(compared, whose, lang):
    """What the scenario with the largest effect on the zone means for the jurisdiction."""
    one, name = whose
    top = compared.names[0]
    row, account = _effect(compared, top, one), _accounts(compared, top, one).get("after")
    key = "jurisdiction_answer" if distinct(row) else "jurisdiction_unclear"
    said = word(key, lang, last=moment(compared.end, lang), scenario=compared.title(top, lang), name=name,
                effect=gain(row["mean"]), error=f"{2 * row['se']:.1f}" if row["se"] == row["se"] else "–")
    if account is None:
        return said
    return said + word("jurisdiction_money" if distinct(account) else "jurisdiction_money_unclear", lang,
                       money=money(account["mean"], lang, sign=True))


def _effect(compared, scenario, one):
    return compared.effects("jurisdiction", scenario=scenario, place=one).iloc[0]


def _accounts(compared, scenario, one):
    """Item -> its row in the accounts of the jurisdiction; none without accounts."""
    if not compared.has(["fiscal"]):
        return {}
    rows = compared.rows("fiscal", scenario=scenario, authority=one).to_dict("records")
    return {row["item"]: row for row in rows}


def _scenarios(compared, one, lang):
    """Headquarters and money under every scenario."""
    shown = compared.names[:MOST_SCENARIOS]
    accounts = {name: _accounts(compared, name, one) for name in shown}
    items = [item for item in ITEMS if any(item in found for found in accounts.values())]
    head = ["scenario", "effect", "in_percent", "half_width_short", *(f"item_{item}" for item in items)]
    rows = []
    for name in shown:
        row = _effect(compared, name, one)
        money_cells = [_cell(accounts[name].get(item), lang) for item in items]
        error = f"{2 * row['se']:.1f}" if row["se"] == row["se"] else "–"
        share = comparison_findings.percent_of_baseline(row)
        told = [gain(row["mean"]), share] if distinct(row) else [Faint(gain(row["mean"])), Faint(share)]
        rows.append([compared.title(name, lang), *told, error, *money_cells])
    return Block(word("under_each", lang), rest(compared, MOST_SCENARIOS, lang),
                 [Table(word("t_jurisdiction", lang), [word(key, lang) for key in head], rows)])


def _cell(row, lang):
    if row is None:
        return "–"
    text = cell(row["mean"], lang)
    return text if distinct(row) or not row["mean"] else Faint(text)


def _places(compared, one, lang):
    """The effect on the jurisdiction's places, a column a scenario."""
    here = compared.places.isel(site=np.flatnonzero(compared.places["jurisdiction"].values == one)).sortby("order")
    shown, titles = compared.names[:COLUMNS], names(here, "site", lang)
    of = {name: compared.effects("site", scenario=name).set_index("place") for name in shown}
    rows = []
    for place, title in titles.items():
        found = [of[name].loc[place] for name in shown if place in of[name].index]
        rows.append([title, *(gain(row["mean"]) if distinct(row) else Faint(gain(row["mean"])) for row in found)])
    head = [word("place", lang), *(compared.title(name, lang) for name in shown)]
    table = Table(word("t_places", lang), head, rows)
    return Block(word("by_place", lang), tables=[shortened(table, rows=MOST_PLACES)])
