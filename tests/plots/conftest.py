"""A finished comparison, for all files of the room that look at it."""

import pytest

from sim.plots.comparison import data as comparison_data


@pytest.fixture
def folder(evil_folders):
    return evil_folders["comparison"]


@pytest.fixture(scope="package")
def compared(evil_folders):
    return comparison_data.load(evil_folders["comparison"])
