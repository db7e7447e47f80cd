"""Headquarters are followed: the kernel equals its twin, and its events sum to the change of the stock."""

import copy

import numpy as np
import pytest

from sim.kernels import arrays as kernel_arrays
from sim.kernels.firms import headquarters, life
from tests.oracles import naive_headquarters
from tests.samples import worlds

BARS = np.array([[4.0, 0.3, 0.6, np.inf], [3.5, 0.8, 1.2, 1.0]])     # the second: research matters
FIELDS = ("entries", "spinoffs", "exits", "growth")
NOW = 5                                                              # the quarter that is followed


@pytest.fixture(scope="module")
def state():
    return worlds.lively().economy.state


def shaken(state, seed):
    """A copy in which some grew, do other research, moved, closed, came, took over a slot, or moved while they grew."""
    rng, after = np.random.default_rng(seed), copy.deepcopy(state)
    draw = rng.random(state.site.shape)
    after.log_size[draw < 0.5] += rng.normal(0, 2, (draw < 0.5).sum())
    after.loading[draw < 0.5, kernel_arrays.RND] = rng.uniform(0, 1.5, (draw < 0.5).sum())
    moves = (draw > 0.3) & (draw < 0.6) & (state.site >= 0)
    after.site[moves] = rng.integers(0, 6, moves.sum())
    closed, replaced = (draw > 0.7) & (draw < 0.8) & (state.site >= 0), draw > 0.85
    after.site[closed] = kernel_arrays.EMPTY
    after.site[replaced] = rng.integers(0, 6, replaced.sum())
    after.id[replaced] = rng.integers(2 ** 62, 2 ** 63, replaced.sum()).astype(np.uint64)
    after.parent[replaced] = rng.integers(0, 2, replaced.sum()).astype(np.uint64)
    after.log_size[replaced] = rng.normal(4, 2, replaced.sum())
    after.born[:] = np.where(replaced, NOW, NOW - 1)
    return after


def moved(state, seed):
    """A copy in which some moved, closed or came, and nobody grew."""
    after, rng = copy.deepcopy(state), np.random.default_rng(seed)
    draw, came = rng.random(state.site.shape), state.site == kernel_arrays.EMPTY
    some = (draw < 0.3) & (state.site >= 0)
    after.site[some] = rng.integers(0, 6, some.sum())
    after.site[(draw > 0.8) & (state.site >= 0)] = kernel_arrays.EMPTY
    after.site[came] = rng.integers(0, 6, came.sum())
    after.id[came] = rng.integers(2 ** 62, 2 ** 63, came.sum()).astype(np.uint64)
    after.parent[came] = rng.integers(0, 2, came.sum()).astype(np.uint64)
    after.log_size[came] = rng.normal(4, 2, came.sum())
    after.born[:] = np.where(came, NOW, NOW - 1)
    return after


def followed(before, after, choosing, **how):
    watch, flows = headquarters.first_look(before, BARS), headquarters.no_flows(2, 6)
    headquarters.follow(NOW, after, BARS, watch, flows, choosing, **how)
    return watch, flows


def assert_as_the_twin_counts(flows, before, after, choosing):
    wanted = naive_headquarters.events(naive_headquarters.standing(before, BARS),
                                       naive_headquarters.standing(after, BARS), choosing)
    for name in flows._fields:
        found = getattr(flows, name)
        twin = np.zeros_like(found)
        for key, count in wanted.items():
            if key[0] == name:
                twin[key[1:]] += count
        assert (found == twin).all(), name


def stock(state):
    """(member, site) headquarters as `life.count` counts them."""
    shapes = (2, 12, 6), (2, 6, 3, 4), (2, 6, 3, 4), (2, 6)
    arrays = [np.zeros(shape, int) for shape in shapes]
    life.count(state, BARS, *arrays)
    return arrays[2].sum(axis=(2, 3))


@pytest.mark.parametrize("choosing", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twin(state, seed, choosing):
    """Everything at once: slots that were taken over, research that suffices, headquarters that leave the region."""
    before = shaken(state, 10 + seed)
    after = shaken(before, seed)
    _, flows = followed(before, after, choosing)
    assert_as_the_twin_counts(flows, before, after, choosing)
    kinds = [name for name in FIELDS if not (choosing and name == "exits")]
    assert all(abs(getattr(flows, name)).sum() > 0 for name in (*kinds, "flows"))


@pytest.mark.parametrize("choosing", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_nobody_grows_headquarters_and_the_newborn_are_all_that_need_a_look(state, seed, choosing):
    """Research suffices for some, which in the quarter's twin it never does."""
    before = shaken(state, 10 + seed)
    after = moved(before, seed)
    _, flows = followed(before, after, choosing, grown=False, replaced=False)
    assert_as_the_twin_counts(flows, before, after, choosing)
    assert flows.entries.any() and flows.flows.any() and not flows.growth.any()


def test_those_who_came_are_all_that_need_a_look_where_nothing_else_happened(state):
    before = shaken(state, 4)
    came = before.site == kernel_arrays.EMPTY
    after = moved(before, 4)
    after.site[~came] = before.site[~came]
    watch, flows = headquarters.first_look(before, BARS), headquarters.no_flows(2, 6)
    headquarters.join(NOW, after, BARS, watch, flows, *np.nonzero(came))
    assert_as_the_twin_counts(flows, before, after, False)
    assert flows.entries.sum() > 3
    headquarters.follow(NOW, after, BARS, watch, again := headquarters.no_flows(2, 6))
    assert all((values == 0).all() for values in again)


@pytest.mark.parametrize("choosing", [False, True])
def test_events_sum_to_the_change_of_the_stock(state, choosing):
    after = shaken(state, 7)
    watch, flows = followed(state, after, choosing)
    change = (flows.entries - flows.exits + flows.growth + flows.flows[..., :-1].sum(axis=1)
              - flows.flows.sum(axis=2))
    assert (stock(after) - stock(state) == change).all()
    headquarters.follow(NOW, after, BARS, watch, again := headquarters.no_flows(2, 6), choosing)
    assert all((values == 0).all() for values in again)


def test_nothing_happens_to_those_without_a_site(state):
    after = copy.deepcopy(state)
    after.site[after.site == kernel_arrays.EMPTY] = kernel_arrays.CANDIDATE
    _, flows = followed(state, after, False)
    assert all((values == 0).all() for values in flows)


def test_a_wider_state_has_room(state):
    watch = headquarters.first_look(state, BARS)
    wide = headquarters.with_room(watch, state.site.shape[1] + 5)
    assert wide.met.shape[1] == wide.slot.shape[1] == state.site.shape[1] + 5 and not wide.met[:, -5:].any()
    assert (wide.met[:, :-5] == watch.met).all() and (wide.site[:, :-5] == watch.site).all()
    assert headquarters.with_room(watch, state.site.shape[1]) is watch
