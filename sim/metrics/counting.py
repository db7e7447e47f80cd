"""What the metrics share: counts, shares and groups of sites. No entry is registered here.

The results hold counts without sizes, so every enterprise has weight 1 in every index.
"""

from collections.abc import Mapping

import numpy as np
import xarray as xr

RINGS = ("core", "linkage", "radiation")     # from the inside out, not from A to Z


def counts(dataset: xr.Dataset, of: str) -> xr.DataArray:
    """Counts (member, quarter, site, industry) of "headquarters" or "enterprises", all types."""
    return dataset[of].sum("hq_type")


def by_site(dataset: xr.Dataset, of: str) -> xr.DataArray:
    """Counts (member, quarter, site), all industries and types."""
    return dataset[of].sum(["industry", "hq_type"])


def ratio(numerator: xr.DataArray | float, denominator: xr.DataArray) -> xr.DataArray:
    """Quotient that is nan, without a warning, where the denominator is zero."""
    return numerator / denominator.where(denominator != 0)


def shares(numbers: xr.DataArray, dim: str) -> xr.DataArray:
    """Numbers divided by their sum over `dim`; nan where that sum is zero.

    >>> shares(xr.DataArray([1, 3], dims="site"), "site").values.tolist()
    [0.25, 0.75]
    """
    return ratio(numbers, numbers.sum(dim))


def given_reference(dataset: xr.Dataset, reference: Mapping[str, float]) -> xr.DataArray:
    """(site,) shares of a reference, site -> number; ValueError where it is not a number for every site."""
    sites = dataset["site"].values.tolist()
    if set(sites) != set(dict(reference)):
        raise ValueError(f"reference: a number for each of {sites}")
    values = np.array([dict(reference)[site] for site in sites], float)
    if not (np.isfinite(values) & (values >= 0.0)).all() or not values.sum() > 0.0:
        raise ValueError("reference: finite numbers, none below 0, some above it")
    return xr.DataArray(values / values.sum(), dims="site", coords={"site": dataset["site"]})


def groups(dataset: xr.Dataset, key: str) -> list[str]:
    """Ids found in a column of the sites: rings inside out, others as the sites are listed."""
    found = list(dict.fromkeys(dataset[key].sortby(dataset["order"]).values.tolist()))
    return sorted(found, key=RINGS.index) if set(found) <= set(RINGS) else found


def membership(dataset: xr.Dataset, key: str) -> xr.DataArray:
    """(key, site) array of 0 and 1: which site belongs to which group."""
    ids = groups(dataset, key)
    values = (dataset[key].values == np.array(ids, dtype=object)[:, None]).astype(np.int64)
    return xr.DataArray(values, dims=(key, "site"), coords={key: ids, "site": dataset["site"]})


def grouped(numbers: xr.DataArray, dataset: xr.Dataset, key: str) -> xr.DataArray:
    """Sums of numbers (..., site) over the sites of each group -> (..., key), in integers."""
    return xr.dot(numbers, membership(dataset, key), dim="site")


def in_zone(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset with the sites of the zone alone."""
    return dataset.isel(site=np.flatnonzero(dataset["in_zone"].values))


def resting_on(index: xr.DataArray, number: xr.DataArray) -> xr.DataArray:
    """The index with a coordinate `n`: how many enterprises it rests on (below 30 is thin)."""
    return index.assign_coords(n=number)
