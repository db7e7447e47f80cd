"""Sweeps that cost nothing, for all files of the room that ask for them."""

import pytest

from tests.samples import toy
from tests.samples.sweeps import here


@pytest.fixture
def quick(monkeypatch):
    """Sweeps are worked off in this process, by rows that cost nothing."""
    return here(monkeypatch, function=toy.rows)
