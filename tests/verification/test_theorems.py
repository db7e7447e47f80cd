"""Every theorem's quick cases on the production code, and the rules by which they are judged.

The theorems have one home, `sim/verification/theorems/`; `sim verify` runs the same cases. Tolerances stand there:
1e-12 for identities, 1e-10 for solvers, 4 standard errors for means, p > 0.001 for laws, at fixed seeds.
"""

import inspect
import json
import math
import pathlib
import re

import numpy as np
import pytest
from click.testing import CliRunner

from sim.base.errors import InputError
from sim.base.messages import translate
from sim.cli import group
from sim.verification import run as verification
from sim.verification import theorems
from sim.verification.theorems import rows
from tests.samples import runs

ROOT = pathlib.Path(__file__).parents[2]
TASKS = verification.tasks()
FURTHER = {                                         # cases of a second and more, of theorems that have others: slow
    "T08": ("mixed", "linear peers", "saturating peers", "log peers"), "T11": ("few",),
    "T13": ("rents alone", "in a nest", "no floor to add"), "T21": ("free moves",),
    "T23": ("two and three", "three sites"), "T25": ("as published",), "T38": ("deep nests",)}


def cases():
    """The quick cases by theorem and name."""
    return [pytest.param(task, id=f"{task.theorem.name}-{task.case}",
                         marks=pytest.mark.slow if task.case in FURTHER.get(task.theorem.name, ()) else ())
            for task in TASKS]


@pytest.mark.parametrize("task", cases())
def test_theory_and_program_agree(task):
    found = list(task.theorem(**task.arguments))
    assert found
    checks = [verification.Check(task.theorem, task.case, row, 0.0) for row in found]
    assert [verification.cells(check) for check in checks if not check.row.holds] == []
    assert [row.what for row in found if not re.search("[\u4e00-\u9fff]|^R_", translate(row.what, "zh"))] == []


# -- the list ---------------------------------------------------------------------------------------

def test_every_theorem_has_a_source_a_chinese_title_and_arguments_that_its_cases_fit():
    for entry in theorems.registry.entries():
        assert entry.source
        assert entry.title_zh
        model = verification.arguments_of(entry)
        assert all(annotated.annotation is not inspect.Parameter.empty
                   for annotated in inspect.signature(entry).parameters.values())
        for arguments in {**entry.cases, **entry.more}.values():
            model(**arguments)


def test_every_theorem_has_a_case_that_is_not_slow():
    by_name = {name: {task.case for task in TASKS if task.theorem.name == name} for name in FURTHER}
    assert all({*FURTHER[name]} < cases for name, cases in by_name.items())


def test_no_case_of_the_full_form_has_the_name_of_a_quick_one():
    assert [entry.name for entry in theorems.registry.entries() if set(entry.cases) & set(entry.more)] == []


# -- the rules can fail -----------------------------------------------------------------------------

@pytest.mark.parametrize("row", [
    rows.close("", [1.0, 2.0], [1.0, 2.0 + 1e-11]), rows.close("", [1.0, math.nan], [1.0, 2.0]),
    rows.same("", np.arange(3), np.array([0, 1, 3])), rows.mean("", [1.0, 1.1, 0.9], 1.4),
    rows.law("", 1e-4), rows.law("", math.nan), rows.refuted("", 1e-3), rows.refuted("", math.nan),
    rows.above("", 1.0, 1.0), rows.below("", 1.0, 1.0), rows.estimate("", 1.0, 1.5, 0.1)])
def test_a_comparison_that_is_off_fails(row):
    assert not row.holds


def test_of_a_case_the_row_nearest_to_failing_is_told_also_where_the_bound_is_zero():
    theorem = theorems.registry.get("T48")
    case = rows.below("", -0.1, 0.0), rows.above("", 0.1, 0.0), rows.same("", 1, 1), rows.below("", 1.0, 2.0)
    found = [verification.Check(theorem, "one", row, 0.0) for row in case]
    assert verification.tightest(found) == found[-1:]


@pytest.mark.parametrize("row", [
    rows.close("", [1.0, 2.0], [1.0, 2.0 + 1e-13]), rows.same("", [np.arange(3)], [np.arange(3)]),
    rows.mean("", [1.0, 1.1, 0.9], 1.05), rows.law("", 0.5), rows.refuted("", 0.0), rows.above("", 2.0, 1.0),
    rows.below("", 0.0, 1.0), rows.estimate("", 1.0, 1.3, 0.1)])
def test_a_comparison_that_is_right_holds(row):
    assert row.holds


def test_a_law_is_refuted_by_counts_of_another():
    drawn = np.random.default_rng(1).multinomial(4000, [0.3, 0.3, 0.4])
    assert rows.p_of_counts(drawn, [0.3, 0.3, 0.4]) > 1e-3
    assert rows.p_of_counts(drawn, [0.25, 0.35, 0.4]) < 1e-10
    assert rows.p_of_counts([3, 1], [1.0, 0.0]) == 0.0
    assert math.isnan(rows.p_of_counts([2, 1], [0.5, 0.5]))


def test_the_smallest_of_many_p_values_is_judged_as_such():
    p = np.sort(np.random.default_rng(1).random((4000, 20)), axis=1)
    found = [rows.smallest(each) for each in p]
    assert abs(np.mean(np.array(found) < 0.1) - 0.1) < 4 * math.sqrt(0.09 / 4000)


# -- the command ------------------------------------------------------------------------------------

def sim(*arguments, locale="C.UTF-8"):
    return CliRunner().invoke(group, ["verify", *map(str, arguments)], env={"LANG": locale}, catch_exceptions=False)


@pytest.mark.parametrize("there, said", [("# My notes\n", "has no part that sim verify wrote"),
                                         (None, "it is a folder")])
def test_a_file_of_the_users_is_not_replaced_by_the_page(there, said, tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(there) if there else path.mkdir()
    told = sim("--only", "T35", "--out", path)
    assert told.exit_code == 2 and said in told.stderr and (path.is_dir() or path.read_text() == there)


def test_on_a_chinese_screen_rows_cases_and_sources_are_chinese_and_json_is_not():
    said = sim("--only", "T35", "--all", locale="zh_CN.UTF-8")
    title, *lines = said.stdout.splitlines()[1:]
    assert title == "T35  Erlang 滞后 (Erlang 1917：指数变量之和的分布)"
    assert any(line.split()[:2] == ["两个阶段", "感知强度，逐季"] for line in lines)
    assert not any(re.search("[a-z]{3}", line) for line in lines if "sim verify" not in line)
    told = json.loads(sim("--only", "T35", "--json", locale="zh_CN.UTF-8").stdout)
    assert {"two stages", "perceived intensity, every quarter"} <= {told[0]["case"], *(row["what"] for row in told)} \
        | {row["case"] for row in told}


def test_the_table_says_what_was_expected_and_what_was_found(tmp_path):
    said = sim("--only", "T14", "--only", "T35", "--out", tmp_path / "page.md")
    assert said.exit_code == 0
    assert "theorems: 2" in said.stdout
    assert "all hold" in said.stdout
    page = (tmp_path / "page.md").read_text("utf-8")
    for name in ("T14", "T35"):
        assert f"### {name} {theorems.registry.get(name).title}" in page
    assert "| two stages | perceived intensity, every quarter | " in page
    assert sim("--only", "T35", "--out", tmp_path / "page.md").exit_code == 0
    again = (tmp_path / "page.md").read_text("utf-8")
    assert "### T14" not in again
    assert again.count("# Validation") == 1


def test_a_theorem_that_fails_ends_with_3_and_is_named(monkeypatch):
    monkeypatch.setattr(verification.theorems.registry.get("T35"), "cases",
                        {"wrong": {"shape": 2, "lag": 1.0}})
    monkeypatch.setattr("sim.verification.theorems.t35_erlang._law", lambda shape, lag, quarters: 0.5)
    said = sim("--only", "T35")
    assert said.exit_code == 3
    assert "FAILS" in said.stdout
    assert "refuted: T35" in said.stderr


def test_cases_of_ones_own_are_run_from_settings_and_from_a_file(tmp_path):
    said = sim("--only", "T14", "--set", "utility=[0.0, 1.0]", "--set", "floor=[1.0, 3.0]", "--set",
               "nests=[0, 0]", "--set", "pieces=[0.25, 0.75]", "--json")
    assert said.exit_code == 0
    assert {row["case"] for row in json.loads(said.stdout)} == {"given"}
    path = tmp_path / "cases.toml"
    path.write_text('[[T35]]\ncase = "slow"\nshape = 3\nlag = 4.0\n\n[[T35]]\nshape = 1\nlag = 0.5\n')
    said = sim("--cases", path, "--json")
    assert said.exit_code == 0
    assert [row["case"] for row in json.loads(said.stdout)] == ["slow", "given 2"]


TWO = ["--only", "T03", "--set", "utility=[0.0, 5.0]"]


@pytest.mark.parametrize(("arguments", "words"), [
    (["--only", "T9"], "--only: theorem: 'T9' is unknown"),
    (["--set", "cost=1.0"], "--set: it is for one theorem; name one with --only"),
    (["--only", "T09", "--set", "kost=1.0"], "T09.kost: the argument is unknown"),
    (["--only", "T09", "--set", "cost=dear", "--set", "utility=[0.0]"], "T09.cost: 'dear' is text; expected a number"),
    (["--only", "T09", "--set", "cost=1.0"], "T09.utility: the argument is missing"),
    (["--only", "T35", "--set", "shape=2", "--set", "lag=-1.0"], "lag"),
    (["--only", "T35", "--set", "shape=2", "--set", "lag=1.0", "--set", "quarters=0"],
     "T35, given: time: the run would go from 2021-01-01 to 2020-10-01"),
    (["--only", "T01", "--set", "utility=[0.0, 5000.0]"], "5000"),
    ([*TWO, "--set", "nests=[0]", "--set", "dissimilarity=0.5"], "utility"),
    ([*TWO, "--set", "nests=[0, -1]", "--set", "dissimilarity=0.5"], "nests"),
    ([*TWO, "--set", "nests=[0, 1]", "--set", "dissimilarity=[0.5]"], "dissimilarity")])
def test_a_case_that_cannot_be_is_refused_in_one_line(arguments, words):
    said = sim(*arguments)
    assert said.exit_code == 2
    assert words in said.stderr
    assert "Traceback" not in said.output


def test_a_file_of_cases_names_the_place_of_a_fault(tmp_path):
    path = tmp_path / "cases.toml"
    path.write_text("[[T35]]\nshape = 1\nlag = 1.0\n[[T35]]\nshape = 'x'\nlag = 1.0\n")
    said = sim("--cases", path)
    assert said.exit_code == 2
    assert f"{path}:4:" in said.stderr
    path.write_text("[T35]\nshape = 1\n")
    assert "tables that begin with [[T35]]" in sim("--cases", path).stderr


def test_numbers_that_are_no_lists_are_told():
    with pytest.raises(InputError, match="payoff"):
        verification.given("T08", ["constants=[0.0, 0.0]", "payoff=[0.0, 1.0]"])


@pytest.mark.filterwarnings("ignore::sim.base.errors.ScenarioWarning")
def test_a_theorem_holds_where_there_is_one_site_and_for_a_scenario_of_ones_own(tmp_path):
    path = runs.write_scenario(tmp_path)
    path.write_text(path.read_text("utf-8") + '[land]\nrents = "frozen"\n', encoding="utf-8")
    for name, settings in {"T09": ["utility=[0.3]", "cost=1.0", "number=200"],
                           "T29": [f"scenario={path}", "quarters=6", "members=1"]}.items():
        task = verification.given(name, settings)
        rows = list(task.theorem(**task.arguments))
        assert rows and all(row.holds for row in rows), rows
