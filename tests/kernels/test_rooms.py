"""A folder of kernels says in which order to read it."""

import importlib
import pathlib
import re

import pytest


@pytest.mark.parametrize("room", ["base_year", "choice"])
def test_a_folder_of_kernels_names_each_of_its_files_once(room):
    package = importlib.import_module(f"sim.kernels.{room}")
    named = re.findall(r"^    (\w+)  +\S", package.__doc__, re.MULTILINE)
    assert sorted(named) == sorted(file.stem for file in pathlib.Path(package.__path__[0]).glob("[a-z]*.py"))


def test_the_base_year_is_no_part_of_choosing():
    """Expected flows use utilities; nobody who chooses waits for a search of constants to be compiled."""
    choice = importlib.import_module("sim.kernels.choice")
    texts = [file.read_text("utf-8") for file in pathlib.Path(choice.__path__[0]).glob("[a-z]*.py")]
    assert not any("import" in line and "kernels.base_year" in line for text in texts for line in text.splitlines())
