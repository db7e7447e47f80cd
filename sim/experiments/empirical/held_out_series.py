"""Series that the base year was not solved for, beside what the model gives: the misses are the point.

Rows of a region's validation.csv whose `use` is "check" name a `measure` and a day `as_of`. They are compared by their
yearly growth between the first and the last day of a series, because levels count other things than the model does.
A list that nobody leaves is compared by how many come onto it in a year: those who qualify and never did before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import markdown as markdown_tables
from sim.base.calendar import quarter_of
from sim.base.errors import InputError, Problem
from sim.base.messages import _, known, translate
from sim.base.registry import near_miss
from sim.experiments.backtest.measures import everything
from sim.experiments.backtest.measures import registry as measures
from sim.experiments.backtest.paths import Counted, numbers
from sim.model.ensemble import Member, members_of
from sim.region.load import Region
from sim.runs import in_memory
from sim.scenario.load import Scenario

COLUMNS = ("series", "series_zh", "compared", "first", "last", "observed", "modelled", "p05", "p95", "inside",
           "replicates", "why_it_differs", "source", "confidence")
COMPARED = {"growth": _("growth a year"), "added": _("added a year")}
HEAD = (_("series"), _("compared"), _("years"), _("observed"), _("model"), _("5-95 % of replicates"),
        _("observed within the interval"), _("what is counted differently"), _("source"))
WHY = {"regional_headquarters_recognised": _(
           "multinationals recognised by the city, which ask for it; in the model those of type regional that meet the "
           "criteria and never did before, by entry, growth or a move"),
       "high_tech": _("all firms with the national certificate; the model has high-tech candidates for headquarters, "
                      "and a fixed share of high-tech by industry")}


def table(region: Region, scenario: Scenario, replicates: int, jobs: int = 1) -> pd.DataFrame:
    """DataFrame, a row a series: yearly growth, or number added, observed and modelled; empty without series."""
    series = observed(region, scenario)
    if not series:
        return pd.DataFrame(columns=COLUMNS)
    last = max(when for rows in series.values() for when in (rows[0][0], rows[-1][0]))
    parts = in_memory.ended(in_memory.by_chunks(
        lambda chunk, _helpers: paths(region, series, members_of(scenario, chunk), last), replicates, jobs))
    found = {key: np.concatenate([part[key] for part in parts]) for key in series}
    return pd.DataFrame([_row(*key, rows, found[key]) for key, rows in series.items()], columns=COLUMNS)


def observed(region: Region, scenario: Scenario) -> dict[tuple[str, str, str], list[tuple[int, Any]]]:
    """(measure, area, Chinese area) -> [(entry of the record, row of validation.csv)] by time, two or more.

    Entry 0 is the opening, q + 1 the close of quarter q; what lies outside the horizon is left out. Raises the
    InputError of a measure that nobody counts.
    """
    found: dict[tuple[str, str, str], list[tuple[int, Any]]]
    time, found = scenario.values.time, {}
    first, length = quarter_of(time.start), quarter_of(time.end) - quarter_of(time.start) + 1
    for row in region.validation.to_dict("records"):
        if row["use"] == "check":
            refuse_unknown(row["measure"])
            entry = quarter_of(row["as_of"]) - first + 1
            if 0 <= entry <= length:
                found.setdefault((row["measure"], row["area"], row["area_zh"]), []).append((entry, row))
    series = {key: sorted(rows, key=lambda pair: pair[0]) for key, rows in found.items()}
    return {key: rows for key, rows in series.items() if rows[0][0] < rows[-1][0]}


def refuse_unknown(measure: str) -> None:
    """Raise the InputError of a check whose measure has no word on what it leaves out."""
    if measure not in WHY:
        raise InputError(Problem("validation.csv", "measure", repr(measure), ", ".join(sorted(WHY)),
                                 near_miss(measure, WHY)))


def paths(region: Region, series: Mapping[Any, Any], members: Sequence[Member], last: int) -> dict[Any, NDArray[Any]]:
    """Series -> (member, entry) numbers from the opening to entry `last`, by the steps of any run."""
    counted = [Counted(measures.get(key[0]), everything(places(region, rows[0][1]), region))
               for key, rows in series.items()]
    return dict(zip(series, numbers(region, members, counted, last=last)))


def places(region: Region, row: Any) -> NDArray[np.bool_]:
    """(site,) whether a series counts a site: those of the jurisdictions that it names, else those of the zone."""
    named = region.sites["jurisdiction"].isin(row["jurisdictions"]).to_numpy()
    return named if row["jurisdictions"] else region.sites["in_zone"].to_numpy(dtype=bool)


def _row(name, area, area_zh, rows, numbers):
    (start, first), (end, last) = rows[0], rows[-1]
    compared = "added" if measures.get(name).counts == "cumulative" else "growth"
    change = (_added if compared == "added" else _growth)
    seen = float(change(first["value"], last["value"], (end - start) / 4.0))
    model = change(numbers[:, start], numbers[:, end], (end - start) / 4.0)
    low, high = np.percentile(model, [5, 95])
    span = [f"{row['as_of']:%Y-%m}" for row in (first, last)]
    return (f"{area}: {last['metric']}", f"{area_zh}: {last['metric']}", compared, *span, seen, float(model.mean()),
            float(low), float(high), bool(low <= seen <= high), len(model), WHY[name], last["source"],
            last["confidence"])


def _added(first, last, years):
    return (last - first) / years


def _growth(first, last, years):
    return (last / np.maximum(first, 1)) ** (1.0 / years) - 1.0


def markdown(frame: pd.DataFrame, lang: str = "en") -> str:
    """The table as Markdown."""
    lines = []
    for row in frame.to_dict("records"):
        verdict = translate(_("yes") if row["inside"] else _("no"), lang)
        observed, modelled, low, high = (_written(row[column], row["compared"])
                                         for column in ("observed", "modelled", "p05", "p95"))
        lines.append((row["series_zh" if lang == "zh" else "series"], translate(COMPARED[row["compared"]], lang),
                      markdown_tables.span(row["first"], row["last"], lang), observed, modelled,
                      markdown_tables.span(low, high, lang),
                      verdict, known(row["why_it_differs"], lang), row["source"]))
    return markdown_tables.table(HEAD, lines, lang)


def _written(value, compared):
    return f"{value:.1f}" if compared == "added" else f"{value:+.1%}"
