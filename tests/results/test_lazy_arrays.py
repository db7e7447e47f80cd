"""Arrays of chunks: a part of the whole is what it would be of an array, read from the chunks that it is in."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr

from sim.base import lazy_arrays
from sim.results import dataset

WHOLE = np.arange(7 * 4 * 3, dtype=np.int16).reshape(7, 4, 3)


class Chunk:
    """A part of the whole that notes when it is read."""

    def __init__(self, first, last):
        self._values, self.shape, self.dtype, self.reads = WHOLE[first:last], WHOLE[first:last].shape, WHOLE.dtype, 0

    def __array__(self, dtype=None, copy=None):
        self.reads += 1
        return self._values


@pytest.fixture
def chunks():
    return [Chunk(0, 3), Chunk(3, 4), Chunk(4, 7)]


@pytest.fixture
def variable(chunks):
    return xr.Variable(("member", "quarter", "site"), lazy_arrays.joined(chunks))


@pytest.mark.parametrize("key", [
    (), (2,), (slice(2, 5),), (slice(None, None, -2),), ([6, 0, 3],), (slice(None), 3), (slice(None), [0, 3], [2, 0]),
    (4, [1, 2]), (slice(1, 6, 2), slice(3, None, -1), 1), (slice(5, 5),), (np.arange(7) % 2 == 0,), (-1, -1, -1)])
def test_a_part_is_that_of_an_array(variable, key):
    held = xr.Variable(variable.dims, WHOLE)
    found, expected = variable[key].to_numpy(), held[key].to_numpy()
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype


def test_only_chunks_that_a_part_is_in_are_read(variable, chunks):
    variable[3:5].to_numpy()
    assert [chunk.reads for chunk in chunks] == [0, 1, 1]


def test_the_whole_has_the_wider_type_of_its_chunks():
    wide = lazy_arrays.Joined([WHOLE, WHOLE.astype(np.int32)])
    assert wide.dtype == np.int32
    assert xr.Variable(tuple("abc"), xr.core.indexing.LazilyIndexedArray(wide))[:2].to_numpy().dtype == np.int32


@pytest.mark.parametrize("block", [2 * WHOLE[0].nbytes, WHOLE[0].nbytes - 1], ids=["two members", "a quarter"])
def test_a_file_written_in_blocks_is_that_of_arrays_that_are_held(chunks, monkeypatch, tmp_path, block):
    monkeypatch.setattr(lazy_arrays, "BLOCK", block)
    coords, path = {"member": np.arange(7)}, tmp_path / "results.nc"
    files = [bytes(dataset.netcdf_of(xr.Dataset({"x": (("member", "quarter", "site"), values)}, coords=coords)))
             for values in (lazy_arrays.joined(chunks), WHOLE)]
    assert files[0] == files[1]
    path.write_bytes(files[0])
    np.testing.assert_array_equal(dataset.load(path)["x"], WHOLE)


def test_threads_change_no_byte_of_a_file():
    data = xr.Dataset({"x": (("member", "quarter", "site"), WHOLE), "rent": (("member", "quarter"), WHOLE[:, :, 0])})
    with ThreadPoolExecutor(3) as pool:
        assert dataset.netcdf_of(data, pool.map) == dataset.netcdf_of(data)
