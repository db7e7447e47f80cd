"""Python's collector of circles, kept from looking for any while nothing but lasting objects is made."""

import contextlib
import gc
from collections.abc import Iterator


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
