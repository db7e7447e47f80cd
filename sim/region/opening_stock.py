"""The headquarters that a region's stock counts at the start, by group and by site; what kinds there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.region.load import Region

TYPES = ("comprehensive", "functional", "growth", "regional")
ORIGINS = ("local", "shanghai", "delta", "china", "foreign")
AT_HOME = ORIGINS[:3]          # origins that may have a home in the region; the others come from beyond it


def group_counts(region: Region, given: Mapping[str, float]) -> NDArray[np.float64]:
    """(group,) headquarters at the start, the scenario's numbers `given` before the region's."""
    counts = region.stock["headquarters"].to_numpy(float, copy=True)
    for name, value in given.items():
        counts[region.stock.index.get_loc(name)] = value
    return counts


def expected_shares(region: Region, given: Mapping[str, float]) -> NDArray[np.float64]:
    """(site,) shares of the stock, each group's spread over its sites by their weights."""
    shares, counts = np.zeros(len(region.sites)), group_counts(region, given)
    for count, sites, weights in zip(counts, region.stock["sites"], region.stock["weights"]):
        weights = np.asarray(weights, float)
        shares[region.sites.index.get_indexer(
            list(sites))] += count * weights / weights.sum()  # type: ignore[arg-type]  # labels in a list
    return shares / max(shares.sum(), 1e-300)
