"""Bounds from tangents settle a choice only as all logarithms would."""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.choice.choice import choose
from sim.kernels.numerics.memory import LINE, aligned
from tests.oracles import naive
from tests.samples import worlds

CROWDED = {"choice": {"dissimilarity": 0.6, "outside": True}, "moving": {"cost": 0.4}, "peers": {"decay": 10.0},
           "terms": {"localisation": {"gamma": 0.9}, "headquarters": {"gamma": 0.5}}}


FOUR = {"terms": {"localisation": {"gamma": 0.5}, "headquarters": {"gamma": 0.4}, "coagglomeration": {"gamma": 0.6},
                  "partners": {"gamma": 0.7}}}
CLUB = worlds.policy("alliance", name="club", industries=["industry-0", "industry-1", "industry-2"], share=0.6)


def crowded(*overrides, policies=()):
    """Two members at six sites that are much alike, whose enterprises follow each other."""
    where = worlds.region([0, 0, 1, 1, 1, 2], industries=3)
    v = worlds.plain(where, [0.1, -0.1, 0.1, 0.0, 0.1, -0.1], worlds.years(12), worlds.people(250), CROWDED, *overrides)
    return worlds.make(where, v, members=2, policies=policies)


def after(kernel, made):
    """State and Events when everybody has chosen with new errors, one after another."""
    economy = worlds.with_newcomers(made, 2)
    events, state = worlds.no_events(made.world), copy.deepcopy(economy.state)
    rules = made.fixed.rules._replace(review=np.ones(1), keep=np.zeros(1), revision=arrays.SEQUENTIAL)
    kernel(2, state, economy.counts.copy(), worlds.offers(made, 2), made.world.nests, made.fixed.peers,
           made.fixed.moving, made.world.keys, rules, events)
    return [*state, *events]


@pytest.mark.parametrize("peers", [{}, {"terms": {"localisation": {"gamma": -0.9}}},
                                   {"peers": {"form": "saturating"}}, {"peers": {"counts": "frozen"}}],
                         ids=["attract", "repel", "saturate", "stand still"])
def test_a_crowd_of_movers_chooses_as_the_naive_twin(peers):
    """More movers than counts stand still for; the quarter's twin has fifty candidates, whose counts hardly change."""
    made = crowded(peers)
    found = after(choose, made)
    assert all((a == b).all() for a, b in zip(found, after(naive.choose, made), strict=True))
    assert found[-2].sum() > 200


def test_of_four_terms_of_peers_none_is_left_out():
    made = crowded(FOUR, policies=[CLUB])
    assert (made.fixed.peers.row_of_kind >= 0).sum(axis=0).max() == 4
    assert all((a == b).all() for a, b in zip(after(choose, made), after(naive.choose, made), strict=True))


def test_the_bounds_hold_on_both_sides_of_the_tangent():
    r = np.concatenate([np.linspace(-0.5, 0.5, 2001), np.geomspace(0.5, 1e6, 500)])
    assert (np.log1p(r) <= r + 1e-15).all()
    assert (np.log1p(r) >= r - r * r - 1e-15).all()


@pytest.mark.parametrize("kind", [np.float64, np.uint64, np.int64])
def test_scratch_begins_with_a_cache_line(kind):
    for shape in ((1,), (3, 8), (2, 3, 40)):
        array = aligned(shape, kind)
        assert array.shape == shape
        assert array.dtype == kind
        assert array.ctypes.data % LINE == 0
        assert array.flags.c_contiguous
