"""Series that the base year was not solved for, beside what the model gives: the misses are the point.

Rows of a region's validation.csv with a `measure` and a day `as_of` are compared by their yearly growth
between the first and the last day of a series, because levels count other things than the model does.
"""

import numpy as np
import pandas as pd

from sim.base.calendar import quarter_of
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.simulate import quarters
from sim.model.step import measure
from sim.region.opening_stock import TYPES
from sim.runs import in_memory

COLUMNS = ("series", "series_zh", "first", "last", "observed", "modelled", "p05", "p95", "inside", "replicates",
           "why_it_differs", "source", "confidence")
HEAD = {"en": ("series", "years", "observed growth a year", "model", "5-95 % of replicates", "observed inside",
               "what is counted differently", "source"),
        "zh": ("序列", "时段", "实测年增长率", "模型", "5–95% 重复", "实测在区间内", "口径差异", "来源")}
WHY = {"regional_headquarters": "multinationals recognised by the city; the model has headquarters of type "
                                "regional by the base-year criteria, whose number follows entry and growth",
       "high_tech": "all firms with the national certificate; the model has high-tech candidates for "
                    "headquarters, and a fixed share of high-tech by industry"}


def table(region, scenario, replicates, jobs=1):
    """DataFrame, a row a series: yearly growth observed and modelled; empty without series in the horizon."""
    series = observed(region, scenario)
    if not series:
        return pd.DataFrame(columns=COLUMNS)
    last = max(when for rows in series.values() for when in (rows[0][0], rows[-1][0]))
    parts = in_memory.ended(in_memory.by_chunks(
        lambda chunk, stop: paths(region, members_of(scenario, chunk), last), replicates, jobs))
    found = {name: np.concatenate([part[name] for part in parts]) for name in MEASURES}
    return pd.DataFrame([_row(*key, rows, found[key[0]]) for key, rows in series.items()], columns=COLUMNS)


def observed(region, scenario):
    """(measure, area, Chinese area) -> [(entry of the record, row of validation.csv)] by time, two or more.

    Entry 0 is the opening, q + 1 the close of quarter q; what lies outside the horizon is left out.
    """
    time, found = scenario.values.time, {}
    first, length = quarter_of(time.start), quarter_of(time.end) - quarter_of(time.start) + 1
    for row in region.validation.to_dict("records"):
        if row["measure"] in MEASURES and not pd.isna(row["as_of"]):
            entry = quarter_of(row["as_of"]) - first + 1
            if 0 <= entry <= length:
                found.setdefault((row["measure"], row["area"], row["area_zh"]), []).append((entry, row))
    series = {key: sorted(rows, key=lambda pair: pair[0]) for key, rows in found.items()}
    return {key: rows for key, rows in series.items() if rows[0][0] < rows[-1][0]}


def paths(region, members, last):
    """measure -> (member, entry) numbers from the opening to entry `last`, by the steps of any run."""
    world = assemble.build(region, members)
    fixed, economy, _ = initialise.prepare(world)
    headquarters = measure(world, fixed, economy.state)[3]
    found = [[count(region, economy.state, headquarters) for count in MEASURES.values()]]
    for quarter, after, info in quarters(world, fixed, economy):
        if quarter >= last:
            break
        found.append([count(region, after.state, info.headquarters) for count in MEASURES.values()])
    return {name: np.stack([entry[k] for entry in found], axis=1) for k, name in enumerate(MEASURES)}


def _regional_headquarters(region, state, headquarters):
    """(member,) headquarters of type regional at the sites of the Shanghai municipality."""
    city = region.sites["jurisdiction"].isin(["qingpu", "rest-shanghai"]).to_numpy()
    return headquarters[..., TYPES.index("regional")][:, city].sum(axis=(1, 2))


def _high_tech(region, state, headquarters):
    """(member,) high-tech enterprises at the sites of the zone."""
    zone = np.append(region.sites["in_zone"].to_numpy(dtype=bool), False)
    inside = zone[np.where(state.site >= 0, state.site, -1)]
    return (inside & (state.hightech == 1)).sum(axis=1)


MEASURES = {"regional_headquarters": _regional_headquarters, "high_tech": _high_tech}


def _row(name, area, area_zh, rows, numbers):
    (start, first), (end, last) = rows[0], rows[-1]
    years = (end - start) / 4.0
    growth = lambda a, b: (b / a) ** (1.0 / years) - 1.0                    # noqa: E731
    seen = float(growth(first["value"], last["value"]))
    model = growth(np.maximum(numbers[:, start], 1), numbers[:, end])
    low, high = np.percentile(model, [5, 95])
    span = [f"{row['as_of']:%Y-%m}" for row in (first, last)]
    return (f"{area}: {last['metric']}", f"{area_zh}: {last['metric']}", *span, seen, float(model.mean()), float(low),
            float(high), bool(low <= seen <= high), len(model), WHY[name], last["source"], last["confidence"])


def markdown(frame, lang="en"):
    """The table as Markdown."""
    lines = [HEAD[lang], ["---"] * len(HEAD[lang])]
    for row in frame.to_dict("records"):
        verdict = {"en": ("no", "yes"), "zh": ("否", "是")}[lang][int(row["inside"])]
        lines.append((row["series_zh" if lang == "zh" else "series"], f"{row['first']} to {row['last']}",
                      f"{row['observed']:+.1%}", f"{row['modelled']:+.1%}", f"{row['p05']:+.1%} to {row['p95']:+.1%}",
                      verdict, row["why_it_differs"], row["source"]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
