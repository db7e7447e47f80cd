"""The collector of circles rests only inside, and goes on as it was before."""

import contextlib
import gc

from sim.base import collector


def test_no_collection_inside_and_as_before_after_an_error():
    seen = [gc.isenabled()]
    with contextlib.suppress(ZeroDivisionError), collector.resting():
        seen.append(gc.isenabled())
        raise ZeroDivisionError
    assert [*seen, gc.isenabled()] == [True, False, True]


def test_whoever_had_stopped_it_finds_it_stopped():
    gc.disable()
    try:
        with collector.resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_there_is_passed_over_inside_and_looked_through_again_afterwards():
    with collector.passing_over():
        passed = gc.get_freeze_count()
        with collector.asked():
            assert gc.get_freeze_count() >= passed and not gc.isenabled()
        assert passed and gc.get_freeze_count() and gc.isenabled()
    assert not gc.get_freeze_count()
