"""Elementary functions, keys and draws equal their naive twins."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.kernels.choice.draws import log_stable
from sim.kernels.numerics import elementary, hashing
from tests.oracles import naive_draws

WIDE = np.concatenate([np.logspace(-300, 300, 601), 1 + np.linspace(-1e-3, 1e-3, 301)])
BITS = np.random.default_rng(1).integers(0, 2 ** 64, 500, dtype=np.uint64)


# -- functions and draws ----------------------------------------------------------------------------

@pytest.mark.parametrize(("kernel", "twin", "at"), [
    (elementary.log, math.log, WIDE), (elementary.exp, math.exp, np.linspace(-700, 700, 1401)),
    (elementary.sine, math.sin, np.linspace(0, math.pi, 1001)),
    (elementary.normal_quantile, NormalDist().inv_cdf, np.linspace(1e-9, 1 - 1e-9, 1001))],
    ids=["log", "exp", "sine", "normal_quantile"])
def test_elementary_functions_agree_with_the_library(kernel, twin, at):
    np.testing.assert_allclose([kernel(x) for x in at], [twin(x) for x in at], rtol=2e-15, atol=4e-16)


@pytest.mark.parametrize(("kernel", "twin", "at"), [
    (elementary.log32, math.log, np.concatenate([np.logspace(-37, 38, 601), 1 + np.linspace(-1e-2, 1e-2, 301)])),
    (elementary.exp32, math.exp, np.linspace(-87, 88, 1401))], ids=["log32", "exp32"])
def test_functions_in_single_precision_are_as_near_as_bounds_take_them_to_be(kernel, twin, at):
    at = at.astype(np.float32)
    np.testing.assert_allclose([kernel(x) for x in at], [twin(x) for x in at], rtol=4 * 2.0**-24, atol=1e-7 * 2.0**-24)


def test_the_exponential_in_single_precision_neither_vanishes_nor_overflows():
    ends = [elementary.exp32(np.float32(x)) for x in (-1e30, -87.0, 88.0, 1e30)]
    assert ends[0] == ends[1] > 0.0 and ends[3] == ends[2] < np.inf


def test_keys_are_mixed_as_in_splitmix():
    assert [int(hashing.mix(x)) for x in BITS] == [naive_draws.mix(int(x)) for x in BITS]


def test_keys_are_chained_in_their_order():
    chained = [int(hashing.combine(a, b)) for a, b in zip(BITS, BITS[::-1])]
    assert chained == [naive_draws.combine(a, b) for a, b in zip(BITS, BITS[::-1])]


def test_units_are_the_middles_of_equal_steps():
    assert [hashing.unit(x) for x in BITS] == [naive_draws.unit(int(x)) for x in BITS]


def test_the_least_and_the_greatest_unit_lie_inside_the_open_interval():
    assert 0 < hashing.unit(np.uint64(0)) < hashing.unit(np.uint64(2 ** 64 - 1)) < 1


@pytest.mark.parametrize("index", [0.05, 0.3, 0.7, 0.99])
def test_stable_draws_follow_kanter(index):
    drawn = [log_stable(key, index) for key in BITS]
    twins = [naive_draws.log_stable(int(key), index) for key in BITS]
    np.testing.assert_allclose(drawn, twins, rtol=1e-12, atol=1e-11)
