"""Threads and files of test processes; doctests of the public calls: slow, in a folder with shipped scenarios."""

import os
import pathlib
import shutil

import pytest

from sim.runs import limits

ROOT = pathlib.Path(__file__).parent
# Test processes share the cores already. Threads of linear algebra would wait for one another in busy loops: an
# estimate with effects of places then takes nine times the processor time. Set before anything imports numpy.
limits.keep_linear_algebra_in_one_thread()
# Files of tests lie in memory where there is room for them, some 400 MB: what is stored is forced to the disk file by
# file, for which a disk takes milliseconds thousands of times.
MEMORY, ROOM = pathlib.Path("/dev/shm"), 4 * 2**30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True)
def _folder_of_doctests(request):
    if isinstance(request.node, pytest.DoctestItem) and request.node.name.startswith("sim.front_door"):
        folder = request.getfixturevalue("tmp_path")
        shutil.copytree(ROOT / "scenarios", folder / "scenarios")
        request.getfixturevalue("monkeypatch").chdir(folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    calls = ("sim.front_door.calls", "sim.front_door.data_calls")
    for item in items:
        if isinstance(item, pytest.DoctestItem) and item.name.startswith(calls):
            item.add_marker(pytest.mark.slow)
