"""The headquarters that a region's stock counts at the start, by group and by site; what kinds there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.region.load import Region

TYPES = ("comprehensive", "functional", "growth", "regional")
ORIGINS = ("local", "shanghai", "delta", "china", "foreign")
AT_HOME = ORIGINS[:3]          # origins that may have a home in the region; the others come from beyond it


def group_counts(region: Region, given: Mapping[str, float], start: datetime.date | None = None) -> NDArray[np.float64]:
    """(group,) headquarters at the start, the scenario's numbers `given` before the region's.

    Where the region has dated stocks they are those of the last date before `start`.
    """
    counts = region.stock["headquarters"].to_numpy(float, copy=True)
    dated = dated_stock(region, start)
    if dated is not None:
        by_site = dated.sum(axis=1)
        for group, sites in enumerate(region.stock["sites"]):
            counts[group] = by_site[region.sites.index.get_indexer(
                list(sites))].sum()  # type: ignore[arg-type]  # labels in a list
    for name, value in given.items():
        counts[region.stock.index.get_loc(name)] = value
    return counts


def dated_stock(region: Region, start: datetime.date | None) -> NDArray[np.float64] | None:
    """(site, industry + 1) headquarters at the last date of stocks.csv before `start`, of unknown industry last.

    None without such stocks. Of a start before the first date it is the first, of one beyond the last the last.
    """
    rows = region.stocks
    if not len(rows) or start is None:
        return None
    found = np.zeros((len(region.sites), len(region.industries) + 1))
    for row in rows.to_dict("records"):
        first, counts = row["first"], row["headquarters"]
        years = start.year - first.year - int((start.month, start.day) <= (first.month, first.day))
        industry = region.industries.index.get_loc(row["industry"]) if row["industry"] else -1
        found[region.sites.index.get_loc(row["site"]), industry] += counts[min(max(years, 0), len(counts) - 1)]
    return found


def expected_shares(region: Region, given: Mapping[str, float],
                    start: datetime.date | None = None) -> NDArray[np.float64]:
    """(site,) shares of the stock, each group's spread over its sites by their weights."""
    shares, counts = np.zeros(len(region.sites)), group_counts(region, given, start)
    place = {site: k for k, site in enumerate(region.sites.index)}
    for count, sites, weights in zip(counts, region.stock["sites"], region.stock["weights"]):
        weights = np.asarray(weights, float)
        shares[[place[site] for site in sites]] += count * weights / weights.sum()
    return shares / max(shares.sum(), 1e-300)
