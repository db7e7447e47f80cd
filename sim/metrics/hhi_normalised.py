"""Herfindahl–Hirschman index, from 0 to 1 whatever the number of sites."""

import xarray as xr

from sim.metrics import register
from sim.metrics.hhi import hhi


@register("hhi_normalised", units="1",
          long_name="normalised Herfindahl–Hirschman index over sites",
          long_name_zh="标准化赫芬达尔–赫希曼指数（按地点）",
          null="about 1/n for n enterprises spread evenly by chance")
def hhi_normalised(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """HHI*_i = (HHI_i - 1/K) / (1 - 1/K) for K sites: 0 is even, 1 is all at one site.

    Returns (member, quarter, industry); nan for an empty industry, and everywhere if K = 1.
    """
    sites = dataset.sizes["site"]
    index = hhi(dataset, of)
    return (index - 1 / sites) / (1 - 1 / sites) if sites > 1 else index * float("nan")
