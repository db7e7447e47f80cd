"""A base year whose utilities are worked out block by block is the one whose utilities are held."""

import numpy as np
import pytest

from sim.base.helpers import ALONE, Helpers
from sim.model import streamed_utilities
from sim.model.base_year import SAMPLE
from tests.samples import worlds

FORMS = {"uniform": {"moving": {"constants": "uniform"}}, "by site": {"moving": {"constants": "by site"}},
         "errors kept": {"moving": {"constants": "errors kept"}},
         "with empty sites": {"moving": {"constants": "by site"}, "population": {"spread": 0.3}}}


def solved(form, number=1500, helpers=ALONE):
    where = worlds.synthetic_region(12, nests=3)
    values = worlds.values({"population": {"candidates": number}}, FORMS[form])
    made = worlds.make(where, values, members=2, helpers=helpers)
    return made.base, any(len(np.unique(site[site >= 0])) < 12 for site in made.economy.state.site)


@pytest.mark.parametrize("form", FORMS)
def test_constants_are_the_same_within_the_tolerance_of_the_solver(form):
    held, some_are_empty = solved(form)
    assert some_are_empty == (form == "with empty sites")
    streamed, _ = solved(form, helpers=Helpers(held=SAMPLE * 13 + 100, at_once=13 * 100))    # entrants alone are held
    for name in ("constant", "cost", "renewed"):
        np.testing.assert_allclose(getattr(streamed, name), getattr(held, name), rtol=1e-7, atol=1e-7, err_msg=name)
    assert streamed.residual.max() < 1e-9


def rows_of(which):
    return 10.0 * which[:, None] + np.arange(3.0)


def test_what_is_small_enough_is_held_and_every_part_of_what_is_not_has_the_same_rows():
    numbers = np.arange(7)
    whole = streamed_utilities.held(streamed_utilities.Streamed(rows_of, numbers, 3))
    assert isinstance(whole, np.ndarray)
    np.testing.assert_array_equal(whole, rows_of(numbers))
    parts = streamed_utilities.Streamed(rows_of, numbers, 3, Helpers(held=9, at_once=6))
    assert streamed_utilities.held(parts) is parts
    assert (len(parts), parts.shape) == (7, (7, 3))
    np.testing.assert_array_equal(np.concatenate(list(parts.blocks(lambda _rows, block: block))), whole)
    np.testing.assert_array_equal(streamed_utilities.held(parts[numbers % 3 == 0]), whole[::3])
    assert len(parts[2:]) == 5
    np.testing.assert_array_equal(streamed_utilities.held(parts[2:][:3]), whole[2:5])
    np.testing.assert_array_equal(streamed_utilities.held(parts[np.array([5, 0])]), whole[[5, 0]])


def test_the_search_goes_through_everybody_no_more_than_six_times(monkeypatch):
    passes, flows = [], streamed_utilities.flows

    def counted(who, *given):
        passes.append(isinstance(who.v, streamed_utilities.Streamed))
        return flows(who, *given)

    monkeypatch.setattr(streamed_utilities, "flows", counted)
    solved("by site", 2500, Helpers(held=13 * 1400, at_once=13 * 100))
    assert 2 <= sum(passes) / 2 <= 6                      # of two members
