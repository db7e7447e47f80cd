"""A file of results is read as it was written, also where a dimension has no length."""

import contextlib
import io

import numpy as np
import psutil
import xarray as xr
from xarray.backends import H5NetCDFStore

from sim.base import netcdf
from sim.results import dataset


def test_variables_without_a_value_can_be_turned_round(tmp_path):
    path = tmp_path / "results.nc"
    nothing = xr.Dataset({"cost": (("member", "year", "policy", "payer"), np.zeros((40, 3, 0, 3)))})
    path.write_bytes(dataset.netcdf_of(nothing))
    with netcdf.opened(path) as data:
        assert data["cost"].transpose("member", "policy", ...).to_numpy().shape == (40, 0, 3, 3)


def test_a_file_has_the_bytes_that_the_libraries_alone_give_it():
    data = xr.Dataset({"headquarters": (("member", "site"), np.arange(6).reshape(2, 3), {"units": "enterprises"}),
                       "rent": (("member",), [1.5, np.nan])}, {"site": ["one", "two", "three"]}, {"title": "标题"})
    encoding = {name: dataset._encoding(variable) for name, variable in data.variables.items()}
    file = io.BytesIO()
    with contextlib.closing(H5NetCDFStore.open(file, mode="w")) as store:
        data.dump_to_store(store, encoding=encoding)
    assert dataset.netcdf_of(data) == file.getvalue()


def test_a_variable_is_opened_once_until_it_is_taken_out():
    with netcdf.OpenedOnce(io.BytesIO(), "w") as file:
        file["site"] = [1, 2]
        found = file["site"]
        assert found is file["/site"] and file["/"] is file
        del file["site"]
        file["site"] = [3]
        assert list(file["site"]) == [3]


def test_a_closed_dataset_leaves_its_file_alone(tmp_path):
    path = tmp_path / "results.nc"
    path.write_bytes(dataset.netcdf_of(xr.Dataset({"rent": (("member",), [1.5])})))
    data = netcdf.opened(path)
    assert str(path) in {each.path for each in psutil.Process().open_files()}
    data.close()
    assert str(path) not in {each.path for each in psutil.Process().open_files()}
