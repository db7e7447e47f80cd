"""How evenly headquarters are spread."""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, resting_on, shares


@register("entropy", units="nat", long_name="entropy of the distribution over sites",
          long_name_zh="地点分布的熵", null="somewhat below ln K for n spread evenly by chance")
def entropy(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """H = -sum_j s_j ln s_j, with 0 ln 0 = 0: from 0 (one site) to ln K (even over K sites).

    Source: Shannon 1948. H = ln K - T, T the total of `theil`.
    Returns (member, quarter), nats; nan without any headquarters. Coordinate n.
    """
    n = by_site(dataset, of)
    s = shares(n, "site")
    surprise = -s * np.log(s.where(s != 0, 1.0))
    return resting_on(surprise.sum("site", skipna=False), n.sum("site"))
