"""Chunks packed by ISA-L: any reader of HDF5 finds the numbers that HDF5's own packing would have held."""

import io

import h5py
import numpy as np
import pytest

from sim.base import packed_chunks

ISAL = pytest.mark.skipif(packed_chunks.isal_zlib is None, reason="there is no ISA-L on this machine")
WHOLE = {"shuffle": True, "compression": "gzip", "compression_opts": 1, "fletcher32": True}
NUMBERS = {"counts": np.arange(60, dtype=np.int16).reshape(3, 5, 4) - 7,
           "money": np.random.default_rng(1).normal(size=(3, 5, 2, 2)),
           "bytes": np.arange(24, dtype=np.int8).reshape(2, 3, 4),
           "nothing": np.zeros((2, 6, 3), dtype=np.int32)}


def variable_of(file, numbers, **options):
    whole = {"chunks": (1, *numbers.shape[1:]), **WHOLE, **options}
    return file.create_dataset("v", shape=numbers.shape, dtype=numbers.dtype,
                               **{key: value for key, value in whole.items() if value is not None})


def back(numbers, step):
    """What HDF5 reads of numbers that were written some rows at a time."""
    with h5py.File(made := io.BytesIO(), "w") as file:
        variable = variable_of(file, numbers)
        for first in range(0, len(numbers), step):
            assert packed_chunks.write(variable, (slice(first, first + step),), numbers[first:first + step])
    with h5py.File(made, "r") as file:
        assert file["v"].id.get_num_chunks() == len(numbers)
        return file["v"][...]


@ISAL
@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_read_is_what_was_written(name, step):
    assert np.array_equal(back(NUMBERS[name], step), NUMBERS[name])


@ISAL
def test_a_large_row_is_written_quarter_by_quarter():
    numbers = NUMBERS["counts"]
    with h5py.File(made := io.BytesIO(), "w") as file:
        variable = variable_of(file, numbers, chunks=(1, 1, 4))
        for quarter in range(5):
            where = (slice(0, 3), slice(quarter, quarter + 1))
            assert packed_chunks.write(variable, where, numbers[where])
    with h5py.File(made, "r") as file:
        assert np.array_equal(file["v"][...], numbers)


@ISAL
def test_a_changed_byte_is_told_or_changes_nothing():
    numbers = NUMBERS["money"]
    with h5py.File(made := io.BytesIO(), "w") as file:
        variable = variable_of(file, numbers)
        packed_chunks.write(variable, (slice(0, 3),), numbers)
        place = variable.id.get_chunk_info(1)
    for at in range(place.byte_offset, place.byte_offset + place.size, 3):
        changed = bytearray(made.getvalue())
        changed[at] ^= 16
        with h5py.File(io.BytesIO(changed), "r") as file:
            try:
                assert np.array_equal(file["v"][1], numbers[1])
            except OSError:
                pass


@pytest.mark.parametrize("other", [{"fletcher32": False}, {"shuffle": False}, {"chunks": (3, 5, 4)},
                                   {"chunks": (1, 5, 2)}, {"compression": None, "compression_opts": None}])
def test_hdf5_writes_what_lies_in_another_way(other):
    with h5py.File(io.BytesIO(), "w") as file:
        variable = variable_of(file, NUMBERS["counts"], **other)
        assert not packed_chunks.write(variable, (slice(0, 3),), NUMBERS["counts"])


def test_hdf5_writes_numbers_of_another_type_and_where_there_is_no_isa_l(monkeypatch):
    with h5py.File(io.BytesIO(), "w") as file:
        variable = variable_of(file, NUMBERS["counts"])
        assert not packed_chunks.write(variable, (slice(0, 3),), NUMBERS["counts"].astype(np.int32))
        monkeypatch.setattr(packed_chunks, "isal_zlib", None)
        assert not packed_chunks.write(variable, (slice(0, 3),), NUMBERS["counts"])
