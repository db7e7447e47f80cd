"""The two paths that the page on the architecture lists are those that the program takes."""

import pathlib
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.model import assemble
from sim.model.choice_tables import choice_tables, levers_at
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.policies.levers import Levers
from sim.policies.tax_rate import TaxRate
from sim.scenario.load import load

SIM = pathlib.Path(sim.__file__).parent
PAGE = (SIM.parent / "docs" / "architecture.md").read_text("utf-8")
RATE, STATUTORY = 12.625, 25.0           # no other number of a run is one of these, nor their difference
SCENARIO = f"""\
[policies.x]
instrument = "tax_rate"
rate = {RATE}
sites = ["xicen"]
start = 2022-01-01
lag = 0.0
"""
WHOLE = {"config/toml_positions.py",     # the text of a file, line by line
         "config/fault_wording.py",      # asks whether something is a number
         "model/world.py",               # holds whole policies
         "policies/__init__.py"}         # what the declaration of an instrument asks of every policy


def is_rate(value):
    """Whether a value is the rate, or the relief that it becomes."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.size < 1e6 and bool(((value == RATE) | (value == STATUTORY - RATE)).any())
    return isinstance(value, float) and value == RATE or isinstance(value, str) and f"rate = {RATE}" in value


def holds(value):
    """Whether it is the rate, a table of its policy as it stands in a file or in a world, or a lever."""
    inside = (value.values() if isinstance(value, dict) else vars(value).values()
              if isinstance(value, SimpleNamespace) else value if isinstance(value, (list, tuple, Levers)) else ())
    return isinstance(value, TaxRate) or is_rate(value) or any(is_rate(each) for each in inside)


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """Files of sim/ below the kernels of which a function holds or returns the rate until it is in the tables of V."""
    path, found = tmp_path_factory.mktemp("rate") / "x.toml", set()
    path.write_text(SCENARIO, "utf-8")
    region, before = region_of(load(path)), sys.getprofile()

    def look(frame, event, result):
        file = frame.f_code.co_filename
        if event == "return" and file.startswith(f"{SIM}/") and file not in found:
            sys.setprofile(before)
            found.update([file] if any(holds(value) for value in [*frame.f_locals.values(), result]) else [])
            sys.setprofile(look)

    sys.setprofile(look)
    try:
        world = assemble.build(region, members_of(load(path), [0]))
        levers = levers_at(world, 8, np.zeros((1, world.sites)), np.ones((1, world.sites)))
        choice_tables(world, levers, 8)
    finally:
        sys.setprofile(before)
    return {pathlib.Path(file).relative_to(SIM).as_posix() for file in found}


def test_the_files_that_a_rate_passes_on_its_way_into_v_are_those_of_the_page(passed):
    section = PAGE.split("**From `rate` in a file to V.**")[1].split("Readers of the model")[0]
    listed = {f"{name}.py" for name in re.findall(r"`((?:config|scenario|model|policies|terms|kernels)/\w[\w/]*)`",
                                                  section)}
    terms = {name for name in passed if name.startswith("terms/")} - {"terms/tax.py"}     # all are given all levers
    assert passed - terms - WHOLE <= listed
    assert {name for name in listed if not name.startswith("kernels/")} - {"model/expected_stay.py"} <= passed
    assert all((SIM / name).exists() for name in listed)
    assert len(listed - {"model/expected_stay.py", "kernels/choice/holiday.py", "model/utility.py"}) <= 14


def test_the_modules_from_results_to_a_printed_effect_exist():
    section = PAGE.split("**From `results.nc` to an effect in `sim compare`.**")[1].split("\n## ")[0]
    named = re.findall(r"`((?:results|experiments|cli)/[\w/]+)`", section)
    assert 4 < len(named) < 10 and [name for name in named if not (SIM / f"{name}.py").exists()] == []


def test_the_files_and_functions_where_readers_are_sent_exist():
    section = PAGE.split("## Where to look")[1].split("\n## ")[0]
    named = re.findall(r"`([a-z_]+/[\w/]+)`(?: \(`(\w+)`\))?", section)
    assert len(named) > 10
    for file, name in named:
        source = (SIM / f"{file}.py").read_text("utf-8")
        assert not name or re.search(rf"^(def {name}\(|{name} = )", source, re.MULTILINE), (file, name)
