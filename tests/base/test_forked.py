"""Work shared with forked processes: results, errors and warnings as without them, whatever becomes of them."""

import multiprocessing
import os
import subprocess
import sys
import time
import warnings

import pytest

from sim.base import forked
from sim.base.errors import ScenarioNote

pytestmark = pytest.mark.skipif(not forked.POSSIBLE, reason="nothing is forked here")
HERE = os.getpid()


def alone(_item):
    """Nothing in this process, something in another."""
    return os.getpid() != HERE


def shared(function, number=6):
    return forked.mapped(function, range(number), 2)


def slowly(item):
    time.sleep(0.05)
    return item * item, os.getpid()


def test_results_are_in_the_order_of_what_was_asked_and_two_processes_did_them():
    found = shared(slowly)
    assert [square for square, _ in found] == [0, 1, 4, 9, 16, 25]
    assert len({process for _, process in found}) == 2


def test_one_process_or_one_item_forks_nothing():
    assert {process for _, process in forked.mapped(slowly, range(2), 1) + forked.mapped(slowly, range(1), 2)} == {HERE}


def test_where_nothing_can_be_forked_this_process_does_all(monkeypatch):
    monkeypatch.setattr(forked, "POSSIBLE", False)
    assert {process for _, process in shared(slowly, 2)} == {HERE}


def test_a_worker_that_may_have_no_children_does_all_itself():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        (_, first), (_, second) = pool.apply(shared, (slowly, 2))
    assert first == second != HERE


def test_what_fails_in_another_process_fails_here():
    def failing(item):
        time.sleep(0.02)
        if item == 1:
            raise ValueError("one")
        return item

    with pytest.raises(ValueError, match="one"):
        shared(failing)
    assert not multiprocessing.active_children()


def test_what_only_fails_in_another_process_is_done_here():
    def moody(item):
        time.sleep(0.02)
        assert not alone(item)
        return item

    assert shared(moody) == list(range(6))


def test_a_note_of_another_process_is_told_here():
    def noting(item):
        time.sleep(0.02)
        warnings.warn(ScenarioNote(f"note {item}"), stacklevel=1)
        return item

    with pytest.warns(ScenarioNote) as told:
        assert shared(noting) == list(range(6))
    assert sorted(str(one.message) for one in told) == [f"note {item}" for item in range(6)]


@pytest.mark.parametrize("end", [lambda: os._exit(1), lambda: time.sleep(600)], ids=["dies", "is stuck"])
def test_what_a_process_that_dies_or_is_stuck_has_taken_is_done_here(monkeypatch, end):
    def ending(item):
        if alone(item):
            end()
        time.sleep(0.02)
        return item

    monkeypatch.setattr(forked, "PATIENCE", 0.2)
    assert shared(ending) == list(range(6))
    assert not multiprocessing.active_children()


def test_an_interruption_leaves_no_process():
    def interrupted(item):
        if not alone(item):
            raise KeyboardInterrupt
        time.sleep(600)

    with pytest.raises(KeyboardInterrupt):
        shared(interrupted)
    assert not multiprocessing.active_children()


def test_a_system_that_starts_no_process_leaves_the_work_to_this_one(monkeypatch):
    def full():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", full)
    assert {process for _, process in shared(slowly, 2)} == {HERE}


def test_a_helper_ends_with_a_parent_that_is_killed():
    """The helper holds the parent's output open, and has more to say than a pipe holds."""
    text = ("import os, time\nfrom sim.base import forked\nhere = os.getpid()\ndef one(item):\n"
            "    time.sleep(0.1)\n    if os.getpid() == here: os.kill(here, 9)\n    return bytes(10**6)\n"
            "forked.mapped(one, range(2), 2)")
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, timeout=30)
    assert done.returncode == -9
