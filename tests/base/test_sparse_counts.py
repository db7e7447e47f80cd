"""Counts that are kept by position are those of the dense array, wherever one asks for them."""

import numpy as np
import pytest
import xarray as xr

from sim.base.lazy_arrays import Unread, joined
from sim.base.sparse_counts import SparseCounts, between
from sim.model import recorder
from sim.model.simulate import Outcome
from sim.runs import parts

SHAPE = (3, 5, 2, 4, 5)


@pytest.fixture
def dense():
    draw = np.random.default_rng(1)
    return np.where(draw.random(SHAPE) < 0.05, draw.integers(1, 40_000, SHAPE), 0).astype(np.int32)


@pytest.fixture
def sparse(dense):
    found = SparseCounts(SHAPE)
    for entry in range(1, SHAPE[1]):
        found.set(entry, dense[:, entry])
    dense[:, 0] = 0
    return found


def test_the_whole_is_the_dense_array(dense, sparse):
    np.testing.assert_array_equal(np.asarray(sparse), dense)
    assert np.asarray(sparse).dtype == np.int32 and SparseCounts(SHAPE).dtype == np.int16


def test_a_part_is_that_of_the_dense_array(dense, sparse):
    np.testing.assert_array_equal(sparse.part(np.array([2, 0]), np.array([4, 1])), dense[[2, 0]][:, [4, 1]])


def test_sums_between_places_are_those_of_the_dense_array(dense, sparse):
    origins, destinations = np.array([1, 0, 1, 0], bool), np.array([0, 1, 1, 0, 1], bool)
    np.testing.assert_array_equal(between(sparse, origins, destinations), between(dense, origins, destinations))


def test_the_first_quarters_of_another_are_taken_over(dense, sparse):
    found = SparseCounts(SHAPE)
    found.take_over(sparse, 3)
    np.testing.assert_array_equal(np.asarray(found)[:, :3], dense[:, :3])
    assert not np.asarray(found)[:, 3:].any()


def test_what_a_part_of_a_run_stores_is_read_by_quarters(dense, sparse, tmp_path):
    nothing = np.zeros((3, 4))
    parts.save(tmp_path, [0, 1, 2], Outcome({"flows": sparse}, nothing, nothing, np.zeros(3), nothing))
    found = parts.opened(parts.paths(tmp_path)[0], Outcome)[1].arrays["flows"]
    np.testing.assert_array_equal(np.asarray(found), dense)
    variable = xr.Variable(("member", "quarter", "industry", "origin", "destination"), joined([found, sparse]))
    for key in ((slice(1, 5), slice(2, 4)), (4, 3), (slice(None), 0), (2,), (slice(0, 6, 5), slice(None), 1, 2)):
        np.testing.assert_array_equal(variable[key].to_numpy(), np.concatenate([dense, dense])[key])


def test_a_large_row_is_written_quarter_by_quarter(dense, monkeypatch):
    monkeypatch.setattr("sim.base.lazy_arrays.BLOCK", 200)
    written = np.zeros_like(dense)
    for where, numbers in Unread(xr.Variable(("a", "b", "c", "d", "e"), dense)).blocks():
        assert numbers.shape[:2] == (1, 1)
        written[where] = numbers
    np.testing.assert_array_equal(written, dense)


def test_moves_between_many_sites_are_kept_by_position():
    assert isinstance(recorder._moves_of((1, 2, 1, 201, 202)), SparseCounts)
    assert isinstance(recorder._moves_of((1, 2, 1, 200, 201)), np.ndarray)
