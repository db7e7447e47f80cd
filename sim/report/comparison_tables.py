"""Tables of a comparison's page: one number a cell, scenarios by their titles."""

import itertools
import math
from typing import Any

from sim.base.printed import decimals
from sim.metrics.counting import groups
from sim.plots.common import words
from sim.plots.common.bands import percent
from sim.plots.common.money import cell, in_unit
from sim.plots.common.words import moment, names
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import gain
from sim.plots.comparison.waterfall import measure_of, parts
from sim.plots.comparison.words import word as plot_word
from sim.report.tables import Table
from sim.report.words import known, word

STATISTICS = ("mean", "se", "p05", "p95")


def all_of(compared: Compared, lang: str) -> list[Table]:
    """The tables that the comparison has, in the order of the page."""
    of_effects = (ranking, rings, sites, kinds, years)
    of_files = ((decomposition, "decomposition"), (diversion, "leakage"), (leakage, "leakage"), (did, "did"),
                (left_out, "leave_one_out"), (persistence, "persistence"), (costs, "costs"), (fiscal, "fiscal"),
                (welfare, "welfare"))
    makers = (*of_effects, *(make for make, file in of_files if compared.has([file])))
    return [table for make in makers if (table := make(compared, lang)).rows]


def ranking(compared: Compared, lang: str) -> Table:
    """Scenarios, the best first, the baseline among them: to do nothing."""
    head = [word(key, lang) for key in ("scenario", "rank", "effect", "se_short", "p05_short", "p95_short",
                                        "best_in", "zone_level")]
    rows = [[compared.title(one["scenario"], lang), one["rank"], *_ranked(compared, one["scenario"])]
            for one in sorted(compared.content["ranking"], key=lambda one: one["rank"])]
    return Table(word("t_ranking", lang), head, rows)


def _ranked(compared, name):
    """Cells of a candidate: its effect, how often it is the best, its level."""
    best = percent(compared.best[name])
    if name == compared.baseline:
        return [gain(0.0), "–", "–", "–", best, decimals(compared.zone(compared.names[0])["baseline"])]
    return [*_statistics(compared.zone(name)), best, decimals(compared.zone(name)["value"])]


def rings(compared: Compared, lang: str) -> Table:
    """Effects by zone, ring and jurisdiction, a row a scenario and group."""
    head = [word(key, lang) for key in ("scenario", "group", "effect", "se_short", "p05_short", "p95_short")]
    rows = []
    for name in compared.names:
        rows.append([compared.title(name, lang), word("zone", lang), *_statistics(compared.zone(name))])
        for level, shown in (("ring", words.rings(compared.places, lang)),
                             ("jurisdiction", groups(compared.places, "jurisdiction"))):
            known_as = names(compared.places, level, lang)
            of = compared.effects(level, scenario=name).set_index("place")
            rows += [[compared.title(name, lang), known_as[place], *_statistics(of.loc[place])]
                     for place in shown if place in of.index]
    return Table(word("t_rings", lang), head, rows)


def sites(compared: Compared, lang: str) -> Table:
    """Mean effects by place, a column a scenario."""
    places = compared.places.sortby("order")
    shown = names(places, "site", lang)
    return _wide(compared, lang, "t_sites", [("site", place, shown[place]) for place in shown])


def kinds(compared: Compared, lang: str) -> Table:
    """Mean effects in the zone by industry and type, a column a scenario."""
    rows = [(level, row["place"], row[f"place_{lang}"]) for level in ("industry", "hq_type")
            for _, row in compared.effects(level).drop_duplicates("place").iterrows()]
    return _wide(compared, lang, "t_kinds", rows)


def years(compared: Compared, lang: str) -> Table:
    """Mean effects on the zone at the closes of years, a column a scenario."""
    head = [word("year", lang), *(compared.title(name, lang) for name in compared.names)]
    paths = [compared.path(name)["mean"] for name in compared.names]
    quarters = compared.path(compared.names[0])["quarter"]
    closes = [quarter.endswith("-Q4") or quarter == compared.end for quarter in quarters]
    rows = [[moment(quarter, lang), *map(gain, means)] for quarter, *means in zip(quarters, *paths, strict=True)]
    return Table(word("t_years", lang), head, list(itertools.compress(rows, closes)))


def decomposition(compared: Compared, lang: str) -> Table:
    """Parts of the mean effect, a column a scenario; they add up to the last row."""
    measure = measure_of(compared)
    made = [dict(parts(compared, name, measure, lang)) for name in compared.names]
    labels = sorted({label for one in made for label in one}, key=_order(made, lang))
    head = [word("item", lang), *(compared.title(name, lang) for name in compared.names)]
    rows = [[" ".join(label.split()), *(gain(one.get(label, 0.0)) for one in made)] for label in labels]
    return Table(word("t_parts", lang, what=plot_word(f"of_{measure}", lang)), head, rows)


def diversion(compared: Compared, lang: str) -> Table:
    """How much of the zone's gain others lose, a function of the outside share, which is an input."""
    head = [word(key, lang) for key in ("scenario", "outside_share", "effect", "diversion", "rivalness")]
    found = compared.tables["leakage"]
    found = found[(found["measure"] == "headquarters") & (found["origin"] == "new")].sort_values("outside_share")
    rows = [[compared.title(name, lang), f"{row['outside_share']:g}", gain(row["gain"]), _part(row["diversion"]),
             _part(row["rivalness"])] for name in compared.names
            for _, row in found[found["scenario"] == name].iterrows()]
    return Table(word("t_diversion", lang), head, rows)


def leakage(compared: Compared, lang: str) -> Table:
    """Share of the zone's gain by origin, of headquarters and for every outside share."""
    head = ("origin_of", "outside_share", "effect", "share_of", "se_short")
    return _listed(compared, lang, "leakage", head, lambda row: [
        row[f"origin_{lang}"], f"{row['outside_share']:g}", gain(row["mean"]), _part(row["share"]),
        _part(row["share_se"])])


def did(compared: Compared, lang: str) -> Table:
    """What a naive comparison of towns would say, beside the truth."""
    head = ("controls", "naive", "se_short", "true", "se_short", "bias", "se_short")
    return _listed(compared, lang, "did", head, lambda row: [
        known(row["controls"], lang),
        *(cell for one in ("naive", "true", "bias") for cell in (f"{row[one]:+.3f}", f"{row[f'{one}_se']:.3f}"))])


def persistence(compared: Compared, lang: str) -> Table:
    """Effects at and after withdrawal, of headquarters."""
    head = ("withdrawn", "effect_then", "effect_end", "persistence", "se_short", "survival")
    return _listed(compared, lang, "persistence", head, lambda row: [
        row["withdrawn"], gain(row["effect_at_withdrawal"]), gain(row["effect_at_end"]), _part(row["persistence"]),
        _part(row["persistence_se"]), _part(row["survival"])])


def left_out(compared: Compared, lang: str) -> Table:
    """What each policy adds to the others of its scenario, and their interaction, of headquarters."""
    titles = {(one["name"], policy["name"]): policy[f"title_{lang}"] for one in compared.content["scenarios"]
              for policy in one["policies"]}
    head = ("policy", "effect", "effect_without", "adds", "se_short", "p05_short", "p95_short")
    return _listed(compared, lang, "leave_one_out", head, lambda row: [
        titles.get((row["scenario"], row["policy"]), known(row["policy"], lang)), gain(row["package"]),
        "–" if row["without"] != row["without"] else gain(row["without"]), *_statistics(row)])


def costs(compared: Compared, lang: str) -> Table:
    """Public money over headquarters, counted in every way."""
    head, label = ("per", "number", "cost", "cost_per", "se_short"), {"but_for": "but_for_count"}
    return _listed(compared, lang, "costs", head, lambda row: [
        word(label.get(row["per"], row["per"]), lang), gain(row["headquarters"]),
        _money(row["cost"], lang), *(_money(row[key] if row["headquarters"] > 0 else float("nan"), lang)
                                     for key in ("cost_per", "cost_per_se"))])


def welfare(compared: Compared, lang: str) -> Table:
    """What the scenarios are worth, item by item."""
    head = ("item", "effect", "se_short", "p05_short", "p95_short", "unit")
    return _listed(compared, lang, "welfare", head, lambda row: [
        row[f"item_{lang}"], *(_figures(in_unit(row[key], lang) if row["unit"] == "RMB million" else row[key])
                               .removeprefix("+" if key == "se" else "") for key in STATISTICS),
        known(f"unit {row['unit']}", lang).removeprefix("unit ")])


def fiscal(compared: Compared, lang: str) -> Table:
    """Changes in the accounts of every jurisdiction: a column an item, then how sure the balance is."""
    table = compared.tables["fiscal"]
    found: dict[Any, dict[Any, Any]] = {}
    for row in table.to_dict("records"):
        found.setdefault((row["scenario"], row["authority"]), {})[row["item"]] = row
    items = dict(zip(table["item"], table[f"item_{lang}"]))
    rows = [[compared.title(scenario, lang), cells["after"][f"authority_{lang}"],
             *(cell(cells[item]["mean"], lang) for item in items),
             *(_money(cells["after"][key], lang) for key in STATISTICS[1:]),
             word("yes" if cells["after"]["worse_off"] else "no", lang)]
            for (scenario, _), cells in found.items()]
    sure = (word(key, lang) for key in ("se_short", "p05_short", "p95_short", "worse"))
    return Table(word("t_fiscal", lang), [word("scenario", lang), word("of_whom", lang), *items.values(), *sure], rows)


def _money(million, lang):
    """RMB million in the unit of the language, or a dash."""
    return "–" if million != million else cell(million, lang, sign=False)


def _listed(compared, lang, name, head, cells):
    """A row of the page for each row of a table, of headquarters where it tells measures apart: scenario, cells."""
    table = compared.tables[name]
    if "measure" in table:
        table = table[table["measure"] == "headquarters"]
    rows = [[compared.title(row["scenario"], lang), *cells(row)] for row in table.to_dict("records")]
    return Table(word(f"t_{name}", lang), [word(key, lang) for key in ("scenario", *head)], rows)


def _wide(compared, lang, title, wanted):
    """A row a wanted (level, id, label), a column a scenario, mean effects at the end."""
    table = compared.tables["effects"]
    here = table[(table["measure"] == "headquarters") & (table["quarter"] == compared.end)]
    means = here.set_index(["level", "place", "scenario"])["mean"].to_dict()
    rows = [[label, *(gain(means.get((level, one, name), float("nan"))) for name in compared.names)]
            for level, one, label in wanted]
    head = [word("group", lang), *(compared.title(name, lang) for name in compared.names)]
    return Table(word(title, lang), head, rows)


def _order(made, lang):
    """Sort key: parts in the order in which they first stand, the whole last."""
    order = {label: k for k, label in enumerate(dict.fromkeys(label for one in made for label in one))}
    whole = plot_word("total", lang)
    return lambda label: (label == whole, order[label])


def _statistics(row):
    mean, *rest = (row[key] for key in STATISTICS)
    error, low, high = rest
    return [gain(mean), "–" if error != error else f"{error:.2f}", gain(low), gain(high)]


def _figures(value, digits=3):
    """A number of unknown size with its sign and so many figures, never with an exponent.

    >>> _figures(0.0000594), _figures(-7499.2), _figures(0.0)
    ('+0.0000594', '−7,499', '0')
    """
    if value != value or value == 0:
        return "0" if value == 0 else "–"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:+,.{places}f}".replace("-", "−")


def _part(value):
    return "–" if value != value else f"{value:.2f}"
