"""Ellison–Glaeser gamma by industry: of the opening stock, which is an input, of entrants, and how both change."""

import pandas as pd

from sim.base import markdown as markdown_tables
from sim.base.messages import _
from sim.experiments.empirical import estimators
from sim.experiments.empirical.demographic_history import History
from sim.experiments.empirical.patterns import by_industry
from sim.region.load import Region

MEASURES = {"start": _("opening stock (input)"), "entrants": _("entrants"),
            "entrants_change": _("entrants of the second half less those of the first"),
            "stock_change": _("change of the stock over the run")}
PARTS = ("", "_low", "_high")
COLUMNS = ("industry", "industry_zh", *(name + part for name in MEASURES for part in PARTS), "replicates")


def table(region: Region, history: History) -> pd.DataFrame:
    """DataFrame, a row an industry: means of the replicates' gammas with 95 % intervals."""
    came, first, last = history.came, by_industry(history.stock[:, 0]), by_industry(history.stock[:, 1])
    found = {"start": first, "entrants": by_industry(came.sum(axis=1)),
             "entrants_change": by_industry(came[:, 1]) - by_industry(came[:, 0]), "stock_change": last - first}
    rows = []
    for k, industry in enumerate(region.industries.itertuples()):
        numbers = [number for values in found.values() for number in estimators.mean(values[:, k])]
        rows.append((industry.name_en, industry.name_zh, *numbers, len(first)))
    return pd.DataFrame(rows, columns=COLUMNS)


def markdown(frame: pd.DataFrame, lang: str = "en") -> str:
    """The table as Markdown; a change whose interval holds 0 says so."""
    head = [_("Ellison–Glaeser gamma, times 1,000"), *MEASURES.values()]
    lines = [(row["industry_zh" if lang == "zh" else "industry"], *(_cell(row, name, lang) for name in MEASURES))
             for row in frame.to_dict("records")]
    return markdown_tables.table(head, lines, lang)


def _cell(row, name, lang):
    form = "+.1f" if name.endswith("change") else ".1f"
    value, low, high = (format(1000.0 * row[name + part], form) for part in PARTS)
    return f"{value} ({markdown_tables.span(low, high, lang)})"
