"""The command: help, languages, and what it checks, shows and lists. What the commands compute is tested elsewhere."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sim.cli import group
from sim.config.toml_file import parse
from sim.scenario import schema
from sim.scenario.load import build, load
from tests.samples.commands import BASELINE, COMMANDS, ROOT, run

HEAVY = ("numpy", "scipy", "pandas", "xarray", "pydantic", "mesa", "numba", "matplotlib", "rich", "jinja2")


# -- help -------------------------------------------------------------------------------------------

def test_help_imports_nothing_heavy():
    code = ("import sys\nfrom sim.cli import main\n"
            "try:\n    main(['--help'])\n"
            f"finally:\n    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0 and "Usage: sim" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(name):
    for flag in ("-h", "--help"):
        said = run(name, flag)
        assert said.exit_code == 0
        assert "Examples:" in said.output and f"sim {name}" in said.output


def test_help_names_every_command_with_a_whole_sentence():
    said = run("-h").output
    for name in COMMANDS:
        assert re.search(rf"\n  {name} +[A-Z].*[^.]\.\n", said), name


def test_version_is_printed():
    assert re.fullmatch(r"sim \S.*\n", run("--version").output)


@pytest.mark.parametrize("wrong, right", [("chek", "check"), ("shwo", "show"), ("lst", "list")])
def test_a_misspelt_command_is_answered_with_the_right_one(wrong, right):
    said = run(wrong)
    assert said.exit_code == 2 and f"did you mean '{right}'?" in said.output


# -- colours and languages --------------------------------------------------------------------------

def test_colours_are_left_out_when_asked(tmp_path):
    def said(*flags, **environment):
        return CliRunner().invoke(group, [*flags[:1], "check", str(tmp_path / "none.toml"), *flags[1:]],
                                  color=True, env={"NO_COLOR": "", **environment}).stderr
    assert "\x1b[31m" in said()
    assert "\x1b" not in said("--no-color")
    assert "\x1b" not in said(NO_COLOR="1")


@pytest.mark.parametrize("environment, flags, language", [
    ({"LANG": "zh_CN.UTF-8"}, [], "zh"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, [], "en"),
    ({"LANG": "zh_CN.UTF-8"}, ["--lang", "en"], "en"), ({}, ["--lang", "zh"], "zh"), ({}, [], "en")])
def test_the_language_is_the_one_asked_for_else_that_of_the_locale(environment, flags, language):
    said = json.loads(run("list", "regimes", "--json", *flags, **environment).stdout)
    titles = {name: regime["title_zh" if language == "zh" else "title"]
              for name, regime in schema.regimes().items()}
    assert said == {"regimes": titles}


# -- check, show, list ------------------------------------------------------------------------------

def test_check_says_that_a_file_is_good_and_warns_on_stderr():
    said = run("check", BASELINE, "--set", "terms.tax.beta=0.5")
    assert said.exit_code == 0 and said.stdout.startswith(f"{BASELINE}: no errors; ")
    assert "terms.tax.beta: 0.5 is outside its prior range" in said.stderr


def test_check_as_json_tells_every_problem_field_by_field(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("[run]\nsed = 1")
    said = run("check", path, "--json")
    assert said.exit_code == 2
    assert json.loads(said.stdout)["problems"] == [
        {"where": f"{path}:2:1", "key": "run.sed", "wrong": "unknown key", "expected": "",
         "remedy": "did you mean 'seed'?"}]
    assert json.loads(run("check", BASELINE, "--json").stdout) == {
        "good": True, "problems": [], "warnings": [], "notes": [], "digest": load(BASELINE).digest}


def test_show_prints_a_file_that_makes_the_same_scenario():
    said = run("show", BASELINE, "--set", "run.seed=7")
    assert build(parse(said.stdout, "shown.toml")).digest == load(BASELINE, ["run.seed=7"]).digest
    assert "seed = 7  # count; choice: the user; --set" in said.stdout


def test_show_as_json_has_every_parameter_in_the_language_asked_for():
    rows = json.loads(run("show", BASELINE, "--json", "--lang", "zh").stdout)
    assert [row["key"] for row in rows] == list(load(BASELINE).origin)
    assert {row["key"]: row["doc"] for row in rows}["time.start"] == "模拟起始日"


def test_list_names_every_entry_of_every_drawer_with_a_line(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    said = json.loads(run("list", "--json").stdout)
    assert list(said) == ["scenarios", "worlds", "regimes", "regions", "terms", "instruments", "metrics", "plots",
                          "comparison-plots", "theorems", "measures"]
    assert "scenarios/baseline.toml" in said["scenarios"]
    assert set(said["instruments"]) == set(schema.policy_models())
    assert all(line for entries in said.values() for line in entries.values())
    text = run("list", "instruments").stdout
    assert all(re.search(rf"\n  {name} +\S", text) for name in said["instruments"])


def test_list_survives_a_broken_scenario(tmp_path, monkeypatch):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "x.toml").write_text("title = \n[\x1b")
    monkeypatch.chdir(tmp_path)
    said = run("list", "scenarios")
    assert said.exit_code == 0 and "not valid TOML" in said.stdout and "\x1b[31m" not in said.stdout
