"""Threads of test processes; doctests of the public calls: slow, in a folder of their own with shipped scenarios."""

import os
import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).parent
# Test processes share the cores already. Threads of linear algebra would wait for one another in busy loops: an
# estimate with effects of places then takes nine times the processor time. Set before anything imports numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
