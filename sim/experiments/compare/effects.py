"""Paired effects by place, industry, type and year, and the study of events.

Signatures: effects: pairs of Levels -> table, a row a scenario, measure, group and close of a year.
Identities: a scenario against itself is 0 everywhere, a policy of size 0 too; before the event, 0.
"""

import numpy as np
import pandas as pd

from sim.base.calendar import label, numbered
from sim.experiments import paired_statistics

MEASURES = {"headquarters": ("总部企业", "enterprises"), "enterprises": ("候选企业", "enterprises"),
            "employment": ("就业", "employees")}
GROUP = ["level", "place", "place_en", "place_zh"]
HEAD = ["scenario", "measure", "measure_zh", *GROUP, "quarter", "year", "unit", "baseline", "value"]
EVENT_LEVELS = ("zone", "modelled", "ring", "jurisdiction")


def table(pairs):
    """DataFrame of effects; pairs: [(scenario name, Levels of it, Levels of the baseline)]."""
    parts = []
    for name, here, there in pairs:
        for measure, (chinese, unit) in MEASURES.items():
            (groups, value), (_, base) = by_group(here, measure), by_group(there, measure)
            part = paired_statistics.table(groups, here.quarters, value, base)
            parts.append(part.assign(scenario=name, measure=measure, measure_zh=chinese, unit=unit))
    found = pd.concat(parts, ignore_index=True)
    return found.assign(year=found["quarter"].str[:4].astype(int))[[*HEAD, *paired_statistics.COLUMNS]]


def by_group(levels, measure):
    """(DataFrame of the groups that effects are told for, (member, group, quarter) sums of a measure over each).

    Industries and types are those of the zone.
    """
    zone, names = levels.zone, levels.names
    masks = {("zone", "zone", "zone", levels.zone_zh): zone,
             ("modelled", "modelled", "all sites modelled", "全部模型地点"): zone | True}
    for level, column in [*levels.sites[["ring", "jurisdiction"]].items(), ("site", levels.sites.index)]:
        masks |= {(level, key, *words): column.to_numpy(str) == key for key, words in names[level].items()}
    groups, sums = list(masks), [levels.by_site[measure] @ np.array(list(masks.values())).T]
    if levels[measure].ndim == 5:
        inside = levels[measure][:, :, zone].sum(axis=2)                    # (member, quarter, industry, type)
        groups += [(level, key, *words) for level in ("industry", "hq_type") for key, words in names[level].items()]
        sums += [inside.sum(axis=3), inside.sum(axis=2)]
    return pd.DataFrame(groups, columns=GROUP), np.concatenate(sums, axis=2).transpose(0, 2, 1)


def stock(levels, measure, mask):
    """(member, quarter) sums of a measure over the sites of a mask."""
    return levels.by_site[measure][:, :, mask].sum(axis=2)


def zone_effect(here, there, measure="headquarters"):
    """(member, quarter) effect on the zone: the headline."""
    return stock(here, measure, here.zone) - stock(there, measure, here.zone)


def at_end(pairs):
    """(scenario, measure) -> ((member,) effects on the zone at the end, mean level of the baseline)."""
    return {(name, measure): (zone_effect(here, there, measure)[:, -1],
                              float(stock(there, measure, here.zone)[:, -1].mean()))
            for name, here, there in pairs for measure in ("headquarters", "enterprises")}


def event_study(effects, events):
    """Effects by years since the event, for zone, rings and jurisdictions; leads carry `lead` = 1.

    events: scenario -> quarter since year 0 of its event; a scenario without one has no rows. The
    years of a close count from the event's quarter, -1 being the last close before it.
    """
    effects = effects[effects["level"].isin(EVENT_LEVELS) & effects["scenario"].isin(list(events))]
    at = np.array([numbered(quarter) for quarter in effects["quarter"]], int)
    begun = np.array([events[name] for name in effects["scenario"]], int)
    study = effects.assign(event=[label(k) for k in begun], years_since=(at - begun) // 4,
                           lead=(at < begun).astype(int))
    others = [column for column in effects.columns if column != "scenario"]
    return study[["scenario", "event", "years_since", "lead", *others]]
