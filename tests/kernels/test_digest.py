"""Digests of arrays: the kernel against plain loops, and what it tells apart."""

import numpy as np
import pytest

from sim.kernels.arrays import LANES
from sim.kernels.numerics.digest import digest
from sim.kernels.numerics.hashing import mix

SIZES = (0, 1, LANES - 1, LANES, LANES + 1, 3 * LANES + 7)


def twin(array):
    """The same word after word."""
    found = [np.uint64(t) for t in range(LANES)]
    for n, word in enumerate(np.ascontiguousarray(array).reshape(-1).view(np.uint64)):
        found[n % LANES] = mix(found[n % LANES] ^ word)
    return np.array(found)


@pytest.mark.parametrize("size", SIZES)
def test_every_lane_takes_its_words_in_their_order(size):
    values = np.random.default_rng(size).normal(size=size)
    np.testing.assert_array_equal(digest(values), twin(values))


def test_arrays_that_differ_in_one_bit_have_other_digests():
    values = np.random.default_rng(1).normal(size=3 * LANES + 7)
    before = digest(values)
    for place in range(values.size):
        other = values.copy()
        other[place:place + 1].view(np.uint64)[0] ^= np.uint64(1)
        assert list(np.flatnonzero(digest(other) != before)) == [place % LANES]


def test_the_order_of_rows_counts_and_not_that_of_memory():
    values = np.random.default_rng(2).normal(size=(70, 12))
    np.testing.assert_array_equal(digest(np.asfortranarray(values)), digest(values))
    assert (digest(values[::-1]) != digest(values)).any()
