"""Location quotient."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, ratio, resting_on, shares


@register("location_quotient", units="1", long_name="location quotient",
          long_name_zh="区位商", null="1: the site's mix of industries is the mix of all sites")
def location_quotient(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """LQ_ij = (e_ij / E_j) / (e_i / E): industry i at site j, against the mix of all sites.

    The weighted mean sum_j (E_j / E) LQ_ij is 1 (Haig 1926; Isard 1960, ch. 7). Counts, weight 1
    each. Returns (member, quarter, site, industry), 0 or more; nan at an empty site or for an
    industry that nobody is in. Coordinate n: what the site's mix rests on.
    """
    e = counts(dataset, of)
    quotient = ratio(shares(e, "industry"), shares(e.sum("site"), "industry"))
    return resting_on(quotient, e.sum("industry"))
