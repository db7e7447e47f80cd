"""Paired effects by place, industry, type and year, and the study of events.

Signatures: effects: pairs of Levels -> table, a row a scenario, measure, group and close of a year.
Identities: a scenario against itself is 0 everywhere, a policy of size 0 too; before the event, 0.
"""

import numpy as np
import pandas as pd

from sim.base.calendar import label
from sim.experiments.paired_statistics import COLUMNS, statistics

MEASURES = {"headquarters": ("总部企业", "enterprises"), "enterprises": ("候选企业", "enterprises"),
            "employment": ("就业", "employees")}
HEAD = ("scenario", "measure", "measure_zh", "level", "place", "place_en", "place_zh", "quarter", "year",
        "unit", "baseline", "value")
EVENT_LEVELS = ("zone", "modelled", "ring", "jurisdiction")


def table(pairs):
    """DataFrame of effects; pairs: [(scenario name, Levels of it, Levels of the baseline)]."""
    rows = [row for name, here, there in pairs for measure in MEASURES
            for row in _rows(name, here, there, measure)]
    return pd.DataFrame(rows, columns=[*HEAD, *COLUMNS])


def groups(levels, measure):
    """(level, id, (English, Chinese), series) of everything that effects are told for.

    series (Levels) -> (member, quarter) sums of the measure. Industries and types are those of the zone.
    """
    zone, names = levels.zone, levels.names
    found = [("zone", "zone", ("zone", levels.zone_zh), by_place(measure, zone)),
             ("modelled", "modelled", ("all sites modelled", "全部模型地点"), by_place(measure, zone | True))]
    for level in ("ring", "jurisdiction"):
        column = levels.sites[level].to_numpy(str)
        found += [(level, key, pair, by_place(measure, column == key)) for key, pair in names[level].items()]
    ids = levels.sites.index.to_numpy(str)
    found += [("site", key, pair, by_place(measure, ids == key)) for key, pair in names["site"].items()]
    if levels[measure].ndim == 5:
        for axis, level in ((3, "industry"), (4, "hq_type")):
            found += [(level, key, pair, by_kind(measure, zone, axis, k))
                      for k, (key, pair) in enumerate(names[level].items())]
    return found


def by_place(measure, mask):
    """(Levels) -> (member, quarter) of a measure over the sites of a mask."""
    def series(levels):
        return levels.by_site[measure][:, :, mask].sum(axis=2)
    return series


def by_kind(measure, mask, axis, k):
    """(Levels) -> (member, quarter) over a mask's sites, of one industry (axis 3) or type (axis 4)."""
    def series(levels):
        return levels[measure].take(k, axis=axis)[:, :, mask].sum(axis=(2, 3))
    return series


def zone_effect(here, there, measure="headquarters"):
    """(member, quarter) effect on the zone: the headline."""
    series = by_place(measure, here.zone)
    return series(here) - series(there)


def _rows(name, here, there, measure):
    chinese, unit = MEASURES[measure]
    for level, key, (english, zh), series in groups(here, measure):
        value, base = series(here), series(there)
        numbers = statistics(value - base)
        for k, quarter in enumerate(here.quarters):
            yield (name, measure, chinese, level, key, english, zh, quarter, int(quarter[:4]), unit,
                   float(base[:, k].mean()), float(value[:, k].mean()),
                   *(numbers[column][k].item() for column in COLUMNS))


def event_study(effects, events):
    """Effects by years since the event, for zone, rings and jurisdictions; leads carry `lead` = 1.

    events: scenario -> quarter since year 0 of its event; a scenario without one has no rows. The
    years of a close count from the event's quarter, -1 being the last close before it.
    """
    effects = effects[effects["level"].isin(EVENT_LEVELS) & effects["scenario"].isin(list(events))]
    at = np.array([int(quarter[:4]) * 4 + int(quarter[-1]) - 1 for quarter in effects["quarter"]], int)
    begun = np.array([events[name] for name in effects["scenario"]], int)
    study = effects.assign(event=[label(k) for k in begun], years_since=(at - begun) // 4,
                           lead=(at < begun).astype(int))
    others = [column for column in effects.columns if column != "scenario"]
    return study[["scenario", "event", "years_since", "lead", *others]]


def broken_leads(study):
    """Rows of an event study before the event that are not exactly 0 in every member."""
    leads = study[study["lead"] == 1]
    return leads[(leads["mean"] != 0) | (leads["p05"] != 0) | (leads["p95"] != 0)]
