"""What is worked out once follows from the same numbers to the last bit, and openings are."""

import numpy as np
import pytest

from sim.model import initialise, opening_choices, opening_draws, opening_errors, worked_out_once
from sim.model.shared_base_years import SharedBaseYears
from tests.model.test_shared_base_years import LATER, bits, simulated
from tests.samples import runs, worlds


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return runs.write_scenario(tmp_path_factory.mktemp("once"), LATER)


@pytest.fixture
def drawn(monkeypatch):
    """Names of what openings are made of, as often as it is drawn."""
    found = []
    for module, name in ((opening_draws, "drawn"), (opening_choices, "_taken"), (opening_errors, "_epochs")):
        before = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, before=before: found.append(name) or before(*given))
    return found


def test_points_that_differ_only_later_draw_the_opening_of_each_replicate_once(path, drawn):
    shared, tastes = SharedBaseYears(), "terms.core_taste.sd=0.4"
    points = [(tastes, "policies.tax.rate=15.0"), (tastes, "policies.tax.rate=5.0"), (tastes, "terms.rent.beta=0.9")]
    found = [simulated(path, point, (0, 1), shared) for point in points]
    assert sorted(drawn) == ["_epochs"] * 2 + ["_taken"] * 2 + ["drawn"] * 2
    assert [bits(each) for each in found] == [bits(simulated(path, point, (0, 1))) for point in points]


@pytest.mark.parametrize(("setting", "again"), [
    ("run.seed=7", {"drawn", "_taken", "_epochs"}), ("population.spread=3.0", {"drawn", "_taken", "_epochs"}),
    ("terms.access_taste.sd=0.6", {"_taken", "_epochs"}), ("terms.tax.taste_sd=0.9", {"_taken", "_epochs"}),
    ("choice.review=0.3", {"_epochs"}), ("spinoff.stay=0.5", {"_epochs"})])
def test_what_enters_an_opening_sets_it_apart(path, drawn, setting, again):
    shared, usual = SharedBaseYears(), ("time.end=2021-03-31", "terms.core_taste.sd=0.4", "spinoff.share=0.3")
    simulated(path, usual, (0,), shared)
    drawn.clear()
    other = simulated(path, (*usual, setting), (0,), shared)
    assert set(drawn) >= again
    assert bits(other) == bits(simulated(path, (*usual, setting), (0,)))


def arrays_of(given):
    """Generator of the arrays of nested named tuples."""
    for part in given:
        if isinstance(part, tuple):
            yield from arrays_of(part)
        elif isinstance(part, np.ndarray) and part.size:
            yield part


def test_every_number_by_which_enterprises_choose_is_told_apart():
    made = worlds.make(worlds.synthetic_region(4, nests=2), worlds.values({"population": {"candidates": 300}}))
    offers = initialise._eve_tables(made.world, made.fixed.constant)
    given = made.economy.state, offers, made.fixed.peers, made.fixed.moving, made.world.nests

    def key():
        return worked_out_once._key((*worked_out_once.of_member(0, *given), made.economy.counts[0]))

    usual = key()
    for array in (*arrays_of(given), made.economy.counts):
        array.setflags(write=True)
        last = (0, *[-1] * (array.ndim - 1)) if array.ndim else ()
        before = array[last]
        array[last] = before + 1
        assert key() != usual
        array[last] = before
    assert key() == usual


def test_arrays_that_are_cut_otherwise_are_told_apart():
    keys = {worked_out_once._key(parts) for parts in [
        (np.zeros(4),), (np.zeros((2, 2)),), (np.zeros(2), np.zeros(2)), (np.zeros(4, np.int64),), (0.0,), (0,), ("0",),
        (np.zeros(8, np.float32),), (np.zeros(1001, np.int32),),
        (np.zeros(5000, np.int32),), (np.zeros(5001, np.int32),)]}
    assert len(keys) == 11


def test_no_more_bytes_are_kept_than_asked_for():
    once, made = worked_out_once.WorkedOutOnce(most_bytes=2000), []
    for number in (1, 2, 1, 3, 1, 2):
        once.once("it", lambda number=number: (number,), lambda number=number: made.append(number) or np.zeros(100))
    assert made == [1, 2, 3, 1, 2]


def test_what_is_too_large_to_be_kept_is_given_all_the_same():
    once = worked_out_once.WorkedOutOnce(most_bytes=2000)
    assert [once.once("it", lambda: (1,), lambda: np.ones(1000)).sum() for _ in range(2)] == [1000.0, 1000.0]
