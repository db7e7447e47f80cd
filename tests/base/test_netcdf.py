"""A file of results is read as it was written, also where a dimension has no length."""

import numpy as np
import xarray as xr

from sim.base import netcdf
from sim.results import dataset


def test_variables_without_a_value_can_be_turned_round(tmp_path):
    path = tmp_path / "results.nc"
    nothing = xr.Dataset({"cost": (("member", "year", "policy", "payer"), np.zeros((40, 3, 0, 3)))})
    path.write_bytes(dataset.netcdf_of(nothing))
    with netcdf.opened(path) as data:
        assert data["cost"].transpose("member", "policy", ...).to_numpy().shape == (40, 0, 3, 3)
