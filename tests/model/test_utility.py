"""The utility on one page is what enterprises choose by."""

import numpy as np
import pytest

from sim import terms
from sim.kernels import arrays
from sim.kernels.choice import systematic_utility
from sim.model import utility
from tests.samples import worlds

CLOSE = {"rtol": 1e-12, "atol": 1e-12}
QUARTER = 2


@pytest.fixture(scope="module", params=["log", "linear", "saturating", "table", "function"])
def made(request):
    """Members unlike each other, with entrants waiting; they register apart but where the case is called function."""
    apart = request.param != "function"
    made = worlds.lively({"peers": {"form": request.param if apart else "log"},
                          "switches": {"registration": "separate" if apart else "function"}})
    return made._replace(economy=worlds.with_newcomers(made, QUARTER))


def stirred(made, levers):
    """The levers with everything that a term may read away from its neutral value."""
    draw = np.random.default_rng(5)
    some = lambda shape: draw.uniform(0.5, 2.0, shape)                                   # noqa: E731
    shape = (made.world.members, made.world.sites)
    return dict(rent=some(shape), ecology=some(shape), talent=some(shape), floor=some(shape),
                services=some((1, 5, made.world.sites)),
                regimes={name: draw.uniform(0.1, 0.6, shape) for name in levers.regimes})


def snapshots(made, live=1):
    fixed = made.fixed._replace(peers=made.fixed.peers._replace(live=live), frozen_counts=made.economy.counts)
    for m in range(made.world.members):
        slots = np.flatnonzero(made.economy.state.site[m] != arrays.EMPTY)
        snap = utility.snapshot(made.world, fixed, made.economy, QUARTER, np.ones((1, made.world.sites)), m)
        moved = stirred(made, snap.levers)
        yield (snap._replace(levers=snap.levers._replace(**moved)), slots,
               utility.choosers(made.economy.state, m, slots, QUARTER), worlds.offers(made, QUARTER, **moved))


@pytest.mark.parametrize("live", [1, 0])
def test_the_kernels_see_the_same_utility(made, live):
    for snap, slots, who, offers in snapshots(made, live):
        found = systematic_utility.base_utilities(QUARTER, snap.member, slots, made.economy.state,
                                                  made.economy.counts, offers, snap.peers, snap.moving)
        np.testing.assert_allclose(utility.utility(snap, who), found, **CLOSE)


def test_every_term_is_an_addend_of_its_own(made):
    snap, _, who, _ = next(snapshots(made))
    names = set(utility.addends(snap, who))
    apart = made.world.places.separate
    legal = {entry.name for entry in terms.registry.entries() if entry.legal}
    assert {entry.name for entry in terms.registry.entries()} - names == (legal if apart else set())
    assert (utility.REGISTRATION in names) == bool(apart)


def test_every_addend_is_at_work_in_this_world(made):
    snap, _, who, _ = next(snapshots(made))
    idle = {name for name, value in utility.addends(snap, who).items() if not value.any()}
    assert idle == {"core_taste", "station", utility.OUTSIDE}          # no site lies in a core, none has a station
