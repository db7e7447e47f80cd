"""The built-in region, its files and its timetable, which tests only read."""

import pytest

from sim.region import load as region_files
from sim.region.network import timetable
from tests.samples.timetables import CALENDAR


@pytest.fixture(scope="session")
def base(zone):
    return timetable(zone, CALENDAR)


@pytest.fixture(scope="session")
def zone_files():
    """Name -> bytes of the region's files."""
    return region_files._read(region_files._find("yrd-zone")[0], "yrd-zone")[0]
