"""Effects replicate by replicate, as one dataset: what a scenario has more than the baseline under the same draws.

    effect_m = X_m(scenario) - X_m(baseline)        same seed, same replicate m, hence the same draws

Tables are statistics of it over the dimension `member`; it is kept as effects.nc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from sim.base.messages import _, both, translate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.experiments.compare.run_levels import Levels, Pairs

MEASURES = {"headquarters": (translate(_("headquarters enterprises"), "zh"), "enterprises"),
            "enterprises": (translate(_("candidates for headquarters"), "zh"), "enterprises"),
            "employment": (translate(_("employment"), "zh"), "employees")}
GROUP = ["level", "place", "place_en", "place_zh"]
BASELINE = "baseline_"         # before the name of a measure: its level in the baseline


def effects(pairs: Pairs) -> xr.Dataset:
    """Dataset of a comparison; pairs: [(scenario name, Levels of it, Levels of the baseline)].

    By measure: effects (scenario, member, quarter, group), and levels of the baseline without `scenario`. Groups
    are the zone, all sites, rings, jurisdictions and sites, and industries and headquarters types in the zone;
    employment by industry or type is not recorded: nan. Quarters are the opening, closes of years, the end, and
    those before policies begin.
    """
    _, _, there = pairs[0]
    groups, names = groups_of(there), [name for name, _, _ in pairs]
    labels = [level if level == place else f"{level}:{place}" for level, place in groups[["level", "place"]].to_numpy()]
    found: dict[str, Any] = {}
    for measure in MEASURES:
        base, about = by_group(there, measure, groups), _about(measure)
        values = np.stack([by_group(here, measure, groups) - base for _, here, _ in pairs])
        found[measure] = (("scenario", "member", "quarter", "group"), values, about)
        found[BASELINE + measure] = (("member", "quarter", "group"), base, about)
    coords = {"scenario": names, "member": there.members, "quarter": list(there.quarters), "group": labels,
              **{column: ("group", groups[column].to_numpy(str)) for column in GROUP}}
    kept = ("region", "region_title", "region_title_zh", "region_digest", "seed")
    return xr.Dataset(found, coords, {"baseline": there.attrs["scenario"],
                                      **{key: there.attrs[key] for key in kept if key in there.attrs}})


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


def _about(measure):
    chinese, unit = MEASURES[measure]
    return {"units": unit, "long_name": measure, "long_name_zh": chinese}
