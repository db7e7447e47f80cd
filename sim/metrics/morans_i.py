"""Are neighbours alike?"""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, ratio, resting_on

EARTH_RADIUS_KM = 6371.0088
DECAY_KM = 15.0          # the decay between towns that the model's peers have by default


@register("morans_i", units="1", long_name="Moran's I of headquarters by site",
          long_name_zh="总部分布的莫兰指数", null="-1 / (K - 1) for K sites",
          convention="weights exp(-d / 15 km), zero diagonal, not row-standardised")
def morans_i(dataset, of="headquarters"):
    """I = K / (sum_jk w_jk) * sum_jk w_jk z_j z_k / sum_j z_j^2, z_j = n_j - mean n.

    w_jk = exp(-d_jk / 15 km) of the great-circle distance, w_jj = 0. E[I] = -1/(K - 1) when the
    counts are shuffled over the K sites. Source: Moran 1950; Cliff & Ord 1981.
    Returns (member, quarter); nan when all sites are alike or there is one. Coordinate n.
    """
    n = by_site(dataset, of)
    z = n - n.mean("site")
    w = weights(dataset["lon"].values, dataset["lat"].values)
    near = xr.DataArray(w, dims=("site", "other"))
    products = xr.dot(z, near, z.rename(site="other").drop_vars("other"), dim=("site", "other"))
    index = ratio(products, (z ** 2).sum("site")) * _scale(w)
    return resting_on(index, n.sum("site"))


def weights(lon, lat, decay_km=DECAY_KM):
    """(site, site) weights exp(-d / decay) with a zero diagonal; lon, lat in degrees."""
    lon, lat = np.radians(lon), np.radians(lat)
    chord = (np.sin((lat[:, None] - lat) / 2) ** 2
             + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2)
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord))
    near = np.exp(-distance / decay_km)
    np.fill_diagonal(near, 0.0)
    return near


def _scale(w):
    return len(w) / w.sum() if w.sum() > 0 else np.nan
