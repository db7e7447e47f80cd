"""The opening of a large region is worked out in parts: by however many threads, to the same bits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sim.base.errors import Interrupted
from sim.base.helpers import Helpers
from sim.model.base_year import SAMPLE
from tests.samples import worlds

SITES = 12
SIZES = {"held": SAMPLE * (SITES + 1) + 100, "at_once": 100 * (SITES + 1)}       # entrants are held, the others not
FORMS = ["uniform", "by site", "errors kept"]


def made(form, helpers):
    sds = {name: {"sd": 0.8} for name in ("access_taste", "core_taste")}
    values = worlds.values({"population": {"candidates": 1500}, "moving": {"constants": form}, "terms": sds})
    return worlds.make(worlds.synthetic_region(SITES, nests=3), values, members=2, helpers=helpers)


def opened(form, threads):
    """Arrays of an opening whose parts are small."""
    with ThreadPoolExecutor(threads) as pool:
        found = made(form, Helpers(pool, threads - 1, **SIZES))
    return found.economy.state._asdict() | found.base._asdict() | {"loading": found.economy.state.loading}


@pytest.mark.parametrize("form", FORMS)
def test_the_opening_has_the_same_bits_on_any_number_of_threads(form):
    alone, *others = (opened(form, threads) for threads in (1, 2, 3))
    for other in others:
        for name, values in alone.items():
            assert values.tobytes() == other[name].tobytes(), name


def test_what_is_drawn_is_the_same_in_one_part_and_in_many():
    """Constants that are given: those that are solved differ in the last digits with the parts of a pass."""
    values = worlds.values({"population": {"candidates": 1500}, "moving": {"cost": 0.5},
                            "base_year": {"constants": {"site-1": 0.5}}})
    where = worlds.synthetic_region(SITES, nests=3)
    whole, parts = (worlds.make(where, values, helpers=Helpers(at_once=size)).economy.state
                    for size in (10**9, 100 * (SITES + 1)))
    for name, one in whole._asdict().items():
        assert one.tobytes() == getattr(parts, name).tobytes(), name


def test_an_opening_is_stopped_between_two_parts():
    stop, parts = threading.Event(), []

    class Stopped(Helpers):
        def each(self, function, given):
            parts.append(len(given))
            stop.set()
            return super().each(function, given)

    with pytest.raises(Interrupted):
        made("by site", Stopped(stop=stop, **SIZES))
    assert len(parts) == 1


def test_a_search_that_goes_through_everybody_ends_where_one_that_holds_them_does():
    values = worlds.values({"population": {"candidates": 3000}, "moving": {"constants": "by site"}})
    where = worlds.synthetic_region(SITES, nests=3)
    held, streamed = (worlds.make(where, values, helpers=helpers).base
                      for helpers in (Helpers(), Helpers(held=1500 * (SITES + 1), at_once=100 * (SITES + 1))))
    np.testing.assert_allclose(streamed.cost, held.cost, rtol=0, atol=1e-11)
    assert 0.0 < streamed.residual[0] < 1e-10
