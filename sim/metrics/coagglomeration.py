"""Do two industries sit at the same sites?"""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, ratio, shares


@register("coagglomeration", units="1", long_name="pairwise co-agglomeration of industries",
          long_name_zh="产业两两共聚指数",
          null="0: the two industries choose sites independently with the probabilities x",
          convention="reference x: all industries, the pair included")
def coagglomeration(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """gamma_12 = sum_j (s_1j - x_j)(s_2j - x_j) / (1 - sum_j x_j^2).

    s_ij share of industry i at site j, x_j share of all industries at j. Source: Ellison, Glaeser
    & Kerr 2010, American Economic Review 100(3). Returns (member, quarter, industry, other),
    symmetric; the diagonal is nan because an industry with itself is concentration, which
    `ellison_glaeser` measures; nan also for an empty industry or one occupied site.
    """
    e = counts(dataset, of)
    x = shares(e.sum("industry"), "site")
    away = shares(e, "site") - x
    joint = xr.dot(away, away.rename(industry="other"), dim="site")
    spread = 1 - (x ** 2).sum("site", skipna=False)
    same = np.eye(e.sizes["industry"], dtype=bool)
    return ratio(joint, spread).where(xr.DataArray(~same, dims=("industry", "other")))
