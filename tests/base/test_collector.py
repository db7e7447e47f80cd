"""The collector of circles rests only inside, and goes on as it was before."""

import gc

import pytest

from sim.base import collector


def test_no_collection_inside_and_as_before_after_an_error():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector.resting():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_whoever_had_stopped_it_finds_it_stopped():
    gc.disable()
    try:
        with collector.resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
