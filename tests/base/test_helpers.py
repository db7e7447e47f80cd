"""Parts of a piece of work: who does them changes nothing, who is busy is not waited for, and a stop is heard."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.base.errors import Interrupted
from sim.base.helpers import ALONE, Helpers


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.mark.parametrize("number", [0, 1, 2])
def test_results_come_in_the_order_of_the_parts_whoever_does_them(pool, number):
    def slow_at_first(part):
        time.sleep(0.01 * (part < 2))
        return part ** 2

    assert list(Helpers(pool, number).each(slow_at_first, range(20))) == [part ** 2 for part in range(20)]


def test_a_helper_and_who_asks_work_at_the_same_time(pool):
    both = threading.Barrier(2, timeout=30.0)
    list(Helpers(pool, 1).each(lambda _part: both.wait(), range(2)))


def test_a_thread_of_the_pool_is_helped_by_nobody_where_all_are_busy():
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: list(Helpers(pool, 1).each(abs, range(-5, 0))))
        assert asked.result(30.0) == [5, 4, 3, 2, 1]


def test_where_a_part_fails_no_other_is_begun(pool):
    done = []

    def work(part):
        done.append(part)
        if part == 3:
            raise ValueError("third")
        time.sleep(0.01)

    with pytest.raises(ValueError, match="third"):
        list(Helpers(pool, 1).each(work, range(1000)))
    assert len(done) < 10


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_begins_a_part_once_a_stop_is_set(pool, number):
    stop, done = threading.Event(), []

    def work(part):
        done.append(part)
        if len(done) == 5:
            stop.set()
        time.sleep(0.001)

    with pytest.raises(Interrupted):
        list(Helpers(pool, number, stop).each(work, range(1000)))
    assert len(done) <= 6


def test_a_pool_that_has_ended_helps_nobody():
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    assert list(Helpers(pool, 1).each(abs, range(-2, 0))) == [2, 1]


def test_parts_follow_from_the_size_alone():
    assert Helpers(at_once=100).parts(25, 10) == [slice(0, 10), slice(10, 20), slice(20, 25)]
    assert Helpers(at_once=100).parts(25, 10, 7)[-1] == slice(21, 25)
    assert Helpers(at_once=100).parts(2, 1000) == [slice(0, 1), slice(1, 2)]
    assert ALONE.parts(0, 10) == [slice(0, 0)] and ALONE.parts(6250, 34) == [slice(0, 6250)]
