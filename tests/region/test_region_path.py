"""The way from a scenario to its region: from the file that names it, wherever it is read from."""

import os
import shutil

import pytest

from sim.base import package_data
from sim.base.errors import InputError
from sim.base.messages import one_of
from sim.config.toml_file import format_value, parse
from sim.model.preflight import validation
from sim.region import synthetic
from sim.scenario.load import build, load


@pytest.fixture
def project(tmp_path):
    """A folder with a region, a base scenario beside it that names it, and a child elsewhere."""
    synthetic.write(synthetic.synthetic_region(5), tmp_path / "regions" / "mine")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "base.toml").write_text("region = 'regions/mine'\n[population]\ncandidates = 2000")
    (tmp_path / "deep" / "er" / "child.toml").write_text("extends = '../../base.toml'")
    return tmp_path


def test_a_region_is_found_from_the_file_that_names_it(project):
    child = load(project / "deep" / "er" / "child.toml")
    assert validation.region_of(child).name == "synthetic-5-0"


def test_a_resolved_file_finds_the_region_from_any_folder(project):
    base = load(project / "base.toml")
    (project / "deep" / "resolved.toml").write_text(base.resolved_toml())
    again = load(project / "deep" / "resolved.toml")
    assert validation.region_of(again).digest == validation.region_of(base).digest
    assert again.values == base.values


def test_where_a_region_lies_does_not_change_the_digest(project):
    digest = load(project / "base.toml").digest
    shutil.move(project, project.with_name("moved"))
    assert load(project.with_name("moved") / "base.toml").digest == digest
    assert load(project.with_name("moved") / "base.toml", ["region=other"]).digest != digest


def test_a_region_named_on_the_command_line_is_found_from_the_present_folder(project, monkeypatch):
    monkeypatch.chdir(project / "regions")
    named = build(parse("", "x.toml"), ["region=mine", "population.candidates=2000"])
    assert validation.region_of(named).name == "synthetic-5-0"


@pytest.mark.parametrize("name", ["", "mine", "x" * 5000, "base.toml"])
def test_a_region_that_is_no_folder_is_told_at_its_key(project, name):
    (project / "base.toml").write_text(f"\nregion = {format_value(name)}")
    with pytest.raises(InputError) as caught:
        validation.region_of(load(project / "base.toml"))
    (problem,) = caught.value.problems
    assert (problem.where, problem.key) == (f"{project / 'base.toml'}:2:1", "region")
    assert problem.expected == f"a folder, or {one_of(package_data.regions())}"


def test_a_folder_that_is_no_region_is_told_file_by_file(project):
    os.remove(project / "regions" / "mine" / "nests.csv")
    with pytest.raises(InputError, match=r"mine/nests\.csv"):
        validation.region_of(load(project / "base.toml"))
