"""Doctests of the public calls run in a folder of their own that has the shipped scenarios."""

import pathlib
import shutil

import pytest

ROOT = pathlib.Path(__file__).parent


@pytest.fixture(autouse=True)
def _folder_of_doctests(request):
    if isinstance(request.node, pytest.DoctestItem) and request.node.name.startswith("sim.front_door"):
        folder = request.getfixturevalue("tmp_path")
        shutil.copytree(ROOT / "scenarios", folder / "scenarios")
        request.getfixturevalue("monkeypatch").chdir(folder)
