"""Are neighbours alike?"""

import numpy as np
import xarray as xr

from sim.base.geodesy import distances_km
from sim.metrics import register
from sim.metrics.counting import by_site, ratio, resting_on

DECAY_KM = 15.0          # the decay between towns that the model's peers have by default


@register("morans_i", units="1", long_name="Moran's I of headquarters by site",
          long_name_zh="总部分布的莫兰指数", null="-1 / (K - 1) for K sites",
          convention="weights exp(-d / 15 km), zero diagonal, not row-standardised")
def morans_i(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """I = K / (sum_jk w_jk) * sum_jk w_jk z_j z_k / sum_j z_j^2, z_j = n_j - mean n.

    w_jk = exp(-d_jk / 15 km) of the great-circle distance, w_jj = 0. E[I] = -1/(K - 1) when the
    counts are shuffled over the K sites. Source: Moran 1950; Cliff & Ord 1981.
    Returns (member, quarter); nan when all sites are alike or there is one. Coordinate n.
    """
    n = by_site(dataset, of)
    z = n - n.mean("site")
    near = weights(dataset)
    products = xr.dot(z, near, z.rename(site="other").drop_vars("other"), dim=("site", "other"))
    scale = ratio(float(n.sizes["site"]), near.sum())
    return resting_on(scale * ratio(products, (z ** 2).sum("site")), n.sum("site"))


def weights(dataset: xr.Dataset, decay_km: float = DECAY_KM) -> xr.DataArray:
    """(site, other) weights exp(-d / decay) between sites, with a zero diagonal."""
    near = np.exp(-distances_km(dataset["lon"].values, dataset["lat"].values) / decay_km)
    np.fill_diagonal(near, 0.0)
    return xr.DataArray(near, dims=("site", "other"))
