"""Errors in single precision are as near the exact ones as is said, and settle nothing that these might not."""

import numpy as np
import pytest

from sim.kernels.arrays import LANES
from sim.kernels.choice import draws as of_draws
from sim.kernels.choice import initial_errors, rough_errors, tangents
from sim.kernels.choice.choice import work_for
from sim.kernels.choice.draws import draw_errors, draws_for
from sim.kernels.choice.rough_errors import WRONG, rough_for
from sim.kernels.numerics.compiler import compiled
from tests.samples import worlds

draw_lane, draw_roughly, surely_best, _surely_stays = (          # no entries: for kernels of these tests alone
    vars(module)[name] for module, name in ((of_draws, "draw_lane"), (rough_errors, "draw_roughly"),
                                            (tangents, "surely_best"), (initial_errors, "_surely_stays")))
OF_SITE = np.array([0, 0, 1, 1, 1, 1, 2, 1, 0, 3])
SITE_KEYS, NEST_KEYS = np.random.default_rng(2).integers(0, 2**64, (2, len(OF_SITE)), dtype=np.uint64)


@compiled
def draw_all(draws, lanes, rough, length):
    """Errors of LANES choosers by all three."""
    draw_errors(draws, SITE_KEYS, NEST_KEYS, OF_SITE, length)
    draw_roughly(draws.key, SITE_KEYS, NEST_KEYS, OF_SITE, length, rough)
    for t in range(LANES):
        lanes.key[t] = draws.key[t]
        draw_lane(t, lanes, SITE_KEYS, NEST_KEYS, OF_SITE, length)


def drawn(dissimilarity):
    """(exact, lane by lane, rough) errors (chooser, alternative) and doubts (chooser,) of many choosers."""
    length, shape = np.array([dissimilarity, dissimilarity, 1.0, 1.0]), (len(OF_SITE), 4)
    draws, lanes, rough = draws_for(*shape), draws_for(*shape), rough_for(*shape)
    found, keys = [], np.random.default_rng(3)
    for _ in range(4000):
        draws.key[:] = keys.integers(0, 2**64, LANES, dtype=np.uint64)
        draw_all(draws, lanes, rough, length)
        found.append([each.T.copy() for each in (draws.error, lanes.error, rough.error, rough.doubt)])
    return [np.concatenate(each) for each in zip(*found)]


@pytest.mark.parametrize("dissimilarity", [0.02, 0.3, 0.7, 0.97, 1.0])
def test_errors_are_within_their_bound_unless_in_doubt(dissimilarity):
    exact, lane, rough, doubt = drawn(dissimilarity)
    far = np.abs(exact - rough).max(axis=1)
    assert (exact == lane).all()
    assert far[doubt == 0].max() < WRONG
    assert 0.0 < doubt.mean() < 0.01


@compiled
def settle(peers, room, tangents, rough, found):
    for t in range(found.size):
        found[t] = surely_best(t, peers, room.who, room.w, room.v[t], tangents, rough)


def test_a_lead_below_twice_the_bound_settles_nothing_and_neither_does_one_in_doubt():
    made = worlds.lively({})
    peers = made.fixed.peers._replace(offset=1.0)
    work = work_for(LANES, worlds.offers(made, 0), peers, made.world.nests)
    for array in (*work.tangents, *work.room.who[:5], work.room.v, work.rough.error, work.rough.doubt):
        array[:] = 0                                                   # entrants of whom nobody is a peer
    work.room.who.site[:] = -1
    lead = np.linspace(0.5, 3.5, LANES) * WRONG
    work.rough.error[1], work.rough.doubt[-1] = lead, 1
    found = np.empty(LANES, int)
    settle(peers, work.room, work.tangents, work.rough, found)
    assert (found == np.where((lead > 2.0 * WRONG) & (work.rough.doubt == 0), 1, -1)).all()


@compiled
def stay(site, v, rough, found):
    for t in range(found.size):
        found[t] = _surely_stays(site, v, rough, t)


@pytest.mark.parametrize(("ahead", "wanted"), [(-2.1, 0), (-1.9, -1), (0.0, -1), (1.9, -1), (2.1, 1)])
def test_a_place_is_surely_kept_or_left_only_by_twice_the_bound(ahead, wanted):
    rough, v, found = rough_for(4, 1), np.array([0.0, -3.0, 0.0, -1.0]), np.empty(LANES, int)
    rough.error[:], rough.doubt[:] = 0.5, 0
    rough.error[2], rough.doubt[0] = 0.5 + ahead * WRONG, 1
    stay(2, v, rough, found)
    assert found[0] == -1
    assert (found[1:] == wanted).all()
