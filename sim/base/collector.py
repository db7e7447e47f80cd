"""Python's collector of circles, kept from looking where there are none."""

import contextlib
import gc
from collections.abc import Iterator

AT_START = gc.get_freeze_count()      # Python 3.12 and later pass over some hundred objects of their own


@contextlib.contextmanager
def resting() -> Iterator[None]:
    """No collection inside: imports and checks make a million objects that stay, and looking through them again and
    again is an eighth of their time (`benchmarks/start.py`)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextlib.contextmanager
def passing_over() -> Iterator[None]:
    """Inside, what is there already is not looked through: libraries and kernels, a million objects that stay."""
    free = gc.get_freeze_count() <= AT_START
    gc.freeze()
    try:
        yield
    finally:
        if free:
            gc.unfreeze()


@contextlib.contextmanager
def asked() -> Iterator[None]:
    """Inside, what is there already is not looked through, and circles made since are collected by `gc.collect` alone.

    Each figure is a circle of ten thousand objects; among them the collector looks through the whole program again and
    again, a sixth of the time of figures.
    """
    with passing_over(), resting():
        yield
