"""Paired effects by place, industry, type and year, and the study of events.

Identities: a scenario against itself is 0 everywhere, a policy of size 0 too; before the event, 0.
"""

import numpy as np

from sim.base.calendar import label, numbered
from sim.experiments import paired_statistics
from sim.experiments.compare.members import BASELINE, GROUP, MEASURES

HEAD = ["scenario", "measure", "measure_zh", *GROUP, "quarter", "year", "unit", "baseline", "value"]
EVENT_LEVELS = ("zone", "modelled", "ring", "jurisdiction")


def table(effects):
    """DataFrame, a row a scenario, measure, group and close of a year; effects: the dataset of `members`."""
    order = ("member", "scenario", "measure", "group", "quarter")
    values = effects[[*MEASURES]].to_dataarray("measure").transpose(*order)
    base = effects[[BASELINE + measure for measure in MEASURES]].to_dataarray("measure").assign_coords(
        measure=list(MEASURES)).mean("member").broadcast_like(values[0]).transpose(*order[1:])
    found = paired_statistics.frame(values, baseline=base, value=base + values.mean("member"))
    found = found.join(effects[GROUP].to_dataframe(), on="group").dropna(subset="mean")
    found = found.assign(year=found["quarter"].str[:4].astype(int),
                         measure_zh=found["measure"].map(lambda name: MEASURES[name][0]),
                         unit=found["measure"].map(lambda name: MEASURES[name][1]))
    return found[[*HEAD, *paired_statistics.COLUMNS]].reset_index(drop=True)


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
