"""Paired effects: what a scenario has more than the baseline under the same draws, and tables of it.

    effect_m = X_m(scenario) - X_m(baseline)        same seed, same replicate m, hence the same draws

`Effects` has them replicate by replicate, as one dataset, which is kept as effects.nc; its `table` has their statistics
by place, industry, type and year, its `headline` those of the zone at the end, which `sim compare` prints.
Identities: a scenario against itself is 0 everywhere, a policy of size 0 too; before the event, 0.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.base.calendar import label, numbered
from sim.base.messages import _, both, translate
from sim.experiments import paired_statistics
from sim.experiments.compare.run_levels import Levels, Pairs

MEASURES = {"headquarters": (translate(_("headquarters enterprises"), "zh"), "enterprises"),
            "enterprises": (translate(_("candidates for headquarters"), "zh"), "enterprises"),
            "employment": (translate(_("employment"), "zh"), "employees")}
GROUP = ["level", "place", "place_en", "place_zh"]
BASELINE = "baseline_"         # before the name of a measure: its level in the baseline
HEAD = ["scenario", "measure", "measure_zh", *GROUP, "quarter", "year", "unit", "baseline", "value"]
EVENT_LEVELS = ("zone", "modelled", "ring", "jurisdiction")


@dataclass(frozen=True)
class Effects:
    """Effects of a comparison, replicate by replicate, and what is told of them.

    By measure: effects (scenario, member, quarter, group), and levels of the baseline without `scenario`. Groups
    are the zone, all sites, rings, jurisdictions and sites, and industries and headquarters types in the zone;
    employment by industry or type is not recorded: nan. Quarters are the opening, closes of years, the end, and
    those before policies begin.
    """

    by_member: xr.Dataset

    @classmethod
    def of(cls, pairs: Pairs) -> Effects:
        """Effects of pairs [(scenario name, Levels of it, Levels of the baseline)]."""
        _, _, there = pairs[0]
        groups, found = groups_of(there), dict[str, Any]()
        for measure in MEASURES:
            base, about = by_group(there, measure, groups), _about(measure)
            values = np.stack([by_group(here, measure, groups) - base for _, here, _ in pairs])
            found[measure] = (("scenario", "member", "quarter", "group"), values, about)
            found[BASELINE + measure] = (("member", "quarter", "group"), base, about)
        labels = [level if level == place else f"{level}:{place}"
                  for level, place in groups[["level", "place"]].to_numpy()]
        coords = {"scenario": [name for name, _, _ in pairs], "member": there.members, "quarter": list(there.quarters),
                  "group": labels, **{column: ("group", groups[column].to_numpy(str)) for column in GROUP}}
        kept = ("region", "region_title", "region_title_zh", "region_digest", "seed")
        return cls(xr.Dataset(found, coords, {"baseline": there.attrs["scenario"],
                                              **{key: there.attrs[key] for key in kept if key in there.attrs}}))

    @property
    def at_end(self) -> dict[tuple[str, str], tuple[NDArray[Any], float]]:
        """(scenario, measure) -> ((member,) effects on the zone at the end, mean level of the baseline)."""
        zone = self.by_member.sel(group="zone").isel(quarter=-1)
        return {(name, measure): (zone[measure].sel(scenario=name).to_numpy(),
                                  float(zone[BASELINE + measure].mean()))
                for name in zone["scenario"].to_numpy() for measure in ("headquarters", "enterprises")}

    @property
    def ends(self) -> dict[str, NDArray[Any]]:
        """Scenario -> (member,) effects on the zone's headquarters at the end."""
        return {name: effect for (name, measure), (effect, _) in self.at_end.items() if measure == "headquarters"}

    @functools.cached_property
    def table(self) -> pd.DataFrame:
        """A row a scenario, measure, group and close of a year."""
        order, data = ("member", "scenario", "measure", "group", "quarter"), self.by_member
        values = data[[*MEASURES]].to_dataarray("measure").transpose(*order)
        base = data[[BASELINE + measure for measure in MEASURES]].to_dataarray("measure").assign_coords(
            measure=list(MEASURES)).mean("member").broadcast_like(values[0]).transpose(*order[1:])
        found = paired_statistics.frame(values, baseline=base, value=base + values.mean("member"))
        found = found.join(data[GROUP].to_dataframe(), on="group").dropna(subset="mean")
        found = found.assign(year=found["quarter"].str[:4].astype(int),
                             measure_zh=found["measure"].map(lambda name: MEASURES[name][0]),
                             unit=found["measure"].map(lambda name: MEASURES[name][1]))
        return found[[*HEAD, *paired_statistics.COLUMNS]].reset_index(drop=True)

    @property
    def headline(self) -> list[dict[Any, Any]]:
        """The table's rows of the zone at the end, an entry a scenario and measure."""
        last = self.by_member["quarter"].to_numpy()[-1]
        rows = self.table[(self.table["level"] == "zone") & (self.table["quarter"] == last)]
        return rows[["scenario", "measure", "baseline", "value", *paired_statistics.COLUMNS]].to_dict("records")


def groups_of(levels: Levels) -> pd.DataFrame:
    """DataFrame of the groups that effects are told for."""
    rows = [("zone", "zone", "zone", levels.zone_zh), ("modelled", "modelled", *both(_("all sites modelled")))]
    rows += [(level, key, *words) for level in ("ring", "jurisdiction", "site", "industry", "hq_type")
             for key, words in levels.names[level].items()]
    return pd.DataFrame(rows, columns=GROUP)


def by_group(levels: Levels, measure: str, groups: pd.DataFrame) -> NDArray[np.float64]:
    """(member, quarter, group) sums of a measure over each group, nan where it is not recorded by it."""
    sites = levels.sites.assign(site=levels.sites.index, zone=np.where(levels.zone, "zone", ""), modelled="modelled")
    inside = levels[measure][:, :, levels.zone].sum(axis=2) if levels[measure].ndim == 5 else None
    level: Any                     # a text
    sums = []
    for level, places in groups.groupby("level", sort=False)["place"]:
        if level in sites:
            masks = sites[level].to_numpy(str)[:, None] == places.to_numpy(str)
            sums.append(levels.by_site[measure] @ masks)
        else:
            over = {"industry": 3, "hq_type": 2}[level]                    # inside: (member, quarter, industry, type)
            shape = (*levels[measure].shape[:2], len(places))
            sums.append(np.full(shape, np.nan) if inside is None else inside.sum(axis=over))
    return np.concatenate(sums, axis=2).astype(float)


def stock(levels: Levels, measure: str, mask: NDArray[np.bool_]) -> NDArray[Any]:
    """(member, quarter) sums of a measure over the sites of a mask."""
    return levels.by_site[measure][:, :, mask].sum(axis=2)


def zone_effect(here: Levels, there: Levels, measure: str = "headquarters") -> NDArray[Any]:
    """(member, quarter) effect on the zone: the headline."""
    return stock(here, measure, here.zone) - stock(there, measure, here.zone)


def event_study(effects: pd.DataFrame, events: Mapping[str, int]) -> pd.DataFrame:
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


def _about(measure):
    chinese, unit = MEASURES[measure]
    return {"units": unit, "long_name": measure, "long_name_zh": chinese}
