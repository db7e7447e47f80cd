"""Choosers that are weighed once: flows at other constants and costs are those of choosers weighed there."""

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.base_year import chooser_lanes, expected_flows
from tests.oracles import naive

NESTS = arrays.Nests(np.array([0, 0, 1, 1, 1, 2]), np.array([2, 3, 1]), np.array([[0.5, 0.8, 1.0]]))
COSTS = np.array([0.7, 2.0, 0.0, 1.3, 3.1])
RISE = np.array([0.4, -1.2, 0.0, 2.5, -0.3])
CHOOSERS = 150                 # more than two blocks


@pytest.fixture(scope="module")
def weighed():
    """(v, present sites, amounts, constants of the weighing, Lanes, number of blocks)."""
    draw = np.random.default_rng(5)
    v, current = draw.normal(size=(CHOOSERS, 6)), draw.integers(-1, 5, CHOOSERS)
    amount, base = draw.random(CHOOSERS), draw.normal(size=5)
    of_site, length = NESTS.of_site, NESTS.dissimilarity[0]
    lanes, blocks = chooser_lanes.lanes_of(current, amount, None, of_site, length)
    chooser_lanes.weigh(v, base, lanes, 0, blocks[-1], of_site, length)
    return v, current, amount, base, lanes, blocks[-1]


def flows_above(weighed, rise, cost, slopes):
    """(inflow by site and outside, and what moves; slopes) at constants so far above those of the weighing."""
    *_, lanes, blocks = weighed
    of_site, length = NESTS.of_site, NESTS.dissimilarity[0]
    room, jacobian = chooser_lanes.room_for_flows(of_site, length), np.zeros(slopes)
    expected_flows.add_up(lanes, 0, blocks, rise, cost, of_site, length, jacobian, room)
    return room.total.copy(), jacobian


@pytest.mark.parametrize("rise", [np.zeros(5), RISE, np.array([40.0, 0.0, 0.0, 0.0, -40.0])])
@pytest.mark.parametrize("cost", [np.zeros(5), COSTS, np.array([-3.0, 40.0, 800.0, 1.3, 3.1])])
def test_flows_at_risen_constants_are_those_of_the_twin(weighed, rise, cost):
    """Of the base year's search, which no quarter runs."""
    v, current, amount, base, *_ = weighed
    found, _ = flows_above(weighed, rise, cost, (0, 6))
    wanted = naive.flows(v, current, amount, base + rise, cost, 0, NESTS)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("columns", [5, 6])
def test_slopes_at_risen_constants_are_those_of_a_new_weighing(weighed, columns):
    v, current, amount, base, *_ = weighed
    there = np.zeros((7, columns))
    expected_flows.flows(v, current, amount, base + RISE, COSTS, NESTS.of_site, NESTS.dissimilarity[0], there)
    _, found = flows_above(weighed, RISE, COSTS, (7, columns))
    np.testing.assert_allclose(found, there, rtol=1e-10, atol=1e-12)


def test_every_chooser_stands_in_one_lane_beside_others_of_its_site(weighed):
    _, current, amount, _, lanes, _ = weighed
    row = lanes.row[lanes.row >= 0]
    assert sorted(row) == list(range(CHOOSERS))
    np.testing.assert_array_equal(lanes.at[lanes.row >= 0], current[row])
    np.testing.assert_array_equal(lanes.amount[lanes.row >= 0], amount[row])
    assert (np.diff(current[row]) >= 0).all() and lanes.amount[lanes.row < 0].sum() == 0.0
