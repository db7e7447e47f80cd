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
