"""A chunk that is made here is what an HDF5 library reads, and has the checksum that it reckons."""

import io

import h5py
import numpy as np
import pytest

from sim.base import deflated

SHAPE = (40, 50)
CHUNKS = {
    "nothing": np.zeros(SHAPE, np.int32), "counts": np.random.default_rng(1).poisson(0.1, SHAPE).astype(np.int16),
    "some over a byte": np.arange(2000, dtype=np.int64).reshape(SHAPE) * 70, "bytes": np.full(SHAPE, 255, np.uint8),
    "below zero": -np.random.default_rng(2).poisson(0.1, SHAPE).astype(np.int16),
    "numbers": np.random.default_rng(3).normal(size=SHAPE), "one": np.array([[7]], np.int16),
    "large": np.random.default_rng(4).integers(0, 2**62, (600, 900))}


@pytest.mark.parametrize("name", CHUNKS)
def test_a_library_reads_a_chunk_as_it_was(name):
    numbers, file = CHUNKS[name], io.BytesIO()
    with h5py.File(file, "w") as made:
        inside = made.create_dataset("x", numbers.shape, numbers.dtype, chunks=numbers.shape, shuffle=True,
                                     compression="gzip", compression_opts=deflated.LEVEL, fletcher32=True)
        inside.id.write_direct_chunk((0, 0), deflated.chunk(numbers))
    with h5py.File(file) as made:
        assert made["x"][:].tobytes() == numbers.tobytes()


@pytest.mark.parametrize("content", [
    bytes(6), b"\xff" * 2, b"\xff" * 4, b"\1", b"\0\1\2\3\4", *(np.random.default_rng(words).bytes(2 * words)
    for words in (1, 2, 1000, deflated.LONG + 3))], ids=len)
def test_the_checksum_is_that_of_a_library(content):
    with h5py.File(io.BytesIO(), "w") as file:
        numbers = np.frombuffer(content, np.uint8)
        inside = file.create_dataset("x", data=numbers, chunks=numbers.shape, fletcher32=True)
        _, stored = inside.id.read_direct_chunk((0,))
    assert stored == content + deflated._fletcher32(content).to_bytes(4, "little")
