"""Ellison–Glaeser index of geographic concentration."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, given_reference, ratio, resting_on, shares


@register("ellison_glaeser", units="1", long_name="Ellison–Glaeser index of concentration",
          long_name_zh="埃里森–格莱泽集聚指数",
          null="0: enterprises fall on sites as darts, with the probabilities of the reference",
          convention="equal enterprise sizes, so H = 1/n; reference x: all industries, i included")
def ellison_glaeser(dataset: xr.Dataset, of: str = "headquarters", plants: pd.DataFrame | None = None,
                    reference: Mapping[str, float] | None = None) -> xr.DataArray:
    """gamma_i = [G_i - (1 - sum_j x_j^2) H_i] / [(1 - sum_j x_j^2)(1 - H_i)].

    G_i = sum_j (s_ij - x_j)^2; s_ij share of industry i at site j; x_j share of the reference at j; H_i the
    Herfindahl index of enterprise sizes. Unlike HHI it is 0 in the mean when nothing but chance concentrates few
    enterprises, and g0 when site probabilities are Dirichlet(((1 - g0)/g0) x). Above 0.05 is called high. Source:
    Ellison & Glaeser 1997, Journal of Political Economy 105(5), equation 5.

    Results keep counts, so sizes are equal there. `plants`, a table with the columns site, industry and size, takes the
    place of the counts: s_ij are shares of size and H_i = sum_k z_k^2 over its plants. `reference`, site -> number,
    takes the place of the shares of all industries: area, population, or employment of everybody.
    Returns (member, quarter, industry), (industry) of plants; nan with fewer than two enterprises or one occupied
    site. ValueError for plants or a reference that do not fit the sites.
    """
    e, h, n = _counted(dataset, of) if plants is None else _weighed(dataset, plants)
    x = shares(e.sum("industry"), "site") if reference is None else given_reference(dataset, reference)
    excess = ((shares(e, "site") - x) ** 2).sum("site", skipna=False)
    spread = 1 - (x ** 2).sum("site", skipna=False)
    return resting_on(ratio(excess - spread * h, spread * (1 - h)), n).assign_attrs(
        convention=_convention(plants, reference))


def _counted(dataset, of):
    """Counts, their Herfindahl index 1/n and n: every enterprise has size 1."""
    e = counts(dataset, of)
    n = e.sum("site")
    return e, ratio(1.0, n), n


def _weighed(dataset, plants):
    """Sizes (site, industry), the Herfindahl index of plants (industry) and their number."""
    size = np.asarray(plants["size"], float)
    if not (np.isfinite(size) & (size > 0.0)).all():
        raise ValueError("sizes of plants: finite and above 0")
    number = np.ones(len(size))
    total, squares, n = (_added(dataset, plants, each) for each in (size, size ** 2, number))
    return total, ratio(squares.sum("site"), total.sum("site") ** 2), n.sum("site")


def _added(dataset, plants, values):
    """(site, industry) sums of values over plants."""
    found = xr.zeros_like(dataset["headquarters"].isel(member=0, quarter=0, hq_type=0, drop=True), float)
    found = found.transpose("site", "industry")
    place = []
    for column in ("site", "industry"):
        at = dataset.get_index(column).get_indexer(plants[column])
        if (at < 0).any():
            raise ValueError(f"plants: {sorted(set(np.asarray(plants[column])[at < 0].astype(str)))} among {column}")
        place.append(at)
    np.add.at(found.values, tuple(place), values)
    return found


def _convention(plants, reference):
    sizes = "equal enterprise sizes, so H = 1/n" if plants is None else "sizes of plants as given, H = sum of z^2"
    x = "all industries, i included" if reference is None else "as given"
    return f"{sizes}; reference x: {x}"
