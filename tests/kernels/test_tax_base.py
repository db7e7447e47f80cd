"""The tally of public accounts where there are many places."""

import numpy as np
import pytest

from sim.kernels import tax_base
from sim.model.public_accounts.record import empty_tally
from sim.model.public_accounts.rules import rules
from tests.samples.public_accounts import POLICIES, accounts

OF_AUTHORITIES = ("relieved", "paid", "entitled")     # without an axis of places


@pytest.fixture(scope="module")
def story():
    made, _, states, _ = accounts(POLICIES)
    return made, states[3], rules(made.world, 2)


def _after(more, name, array):
    """An array with so many places before its own."""
    if name in OF_AUTHORITIES:
        return array
    places = array.ndim - 1 - (name == "employees")
    return np.pad(array, [(more if axis == places else 0, 0) for axis in range(array.ndim)],
                  constant_values=-1 if name == "relief_by" else 0)


@pytest.mark.parametrize("more", [56, 60, 63, 64, 65, 130])
def test_relief_is_found_whatever_the_number_of_its_place(story, more):
    """Places are looked up in words of 64: some, all or none of those that give relief are in the first."""
    made, state, here = story
    far = here._replace(**{name: _after(more, name, getattr(here, name))
                           for name in ("relief_by", "relieving", "pays", "recognises", "authority")})
    away = state._replace(**{name: np.where(getattr(state, name) >= 0, getattr(state, name) + np.int32(more),
                                            getattr(state, name)) for name in ("site", "legal")})
    near, found = empty_tally(made.world), empty_tally(made.world)
    found = found._replace(**{name: _after(more, name, array) for name, array in found._asdict().items()})
    given = made.fixed.criteria, np.zeros((2, made.world.members))
    tax_base.tally(2, state, *given, here, near)
    tax_base.tally(2, away, *given, far, found)
    assert near.relieved.any() and near.entitled.any()
    for name, array in near._asdict().items():
        np.testing.assert_array_equal(_after(more, name, array), getattr(found, name), name)
