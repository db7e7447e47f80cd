"""The command: help, messages, languages, exit codes. What the commands compute is tested elsewhere."""

import json
import os
import pathlib
import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from sim.base import errors
from sim.cli import group
from sim.cli._group import PIPE_CLOSED, Commands
from sim.config.toml_file import parse
from sim.region.synthetic import synthetic_region, write
from sim.scenario import schema
from sim.scenario.load import build, load

ROOT = pathlib.Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "baseline.toml"
SIM = [sys.executable, "-c", "from sim.cli import main; main()"]
HEAVY = ("numpy", "scipy", "pandas", "xarray", "pydantic", "mesa", "numba", "matplotlib", "rich", "jinja2")
COMMANDS = group.list_commands(None)


def run(*arguments, **environment):
    """Run a command in this process, as from a shell in an English locale unless told otherwise."""
    settings = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8", "NO_COLOR": "", **environment}
    return CliRunner().invoke(group, [str(a) for a in arguments], env=settings, catch_exceptions=False)


def shell(*arguments, **options):
    """Run a command in a process of its own, where the real streams and signals are."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run([*SIM, *map(str, arguments)], capture_output=True, env=environment, timeout=60,
                          cwd=ROOT, **options)


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


# -- errors -----------------------------------------------------------------------------------------

class Failing(Commands):
    """A group whose one command ends with the error it is given."""

    def __init__(self, error):
        super().__init__("failing")
        self.error = error

    def list_commands(self, ctx):
        return ["fail"]

    def get_command(self, ctx, cmd_name):
        def fail():
            raise self.error
        return click.Command("fail", callback=fail)


@pytest.mark.parametrize("error, code", [
    (errors.InputError(errors.Problem("x.toml:1:1", "a", "1")), 2), (errors.SomeRunsFailed("2 of 9 runs"), 3),
    (errors.OutputError("full"), 4), (errors.LockedError("busy"), 5), (errors.CorruptError("bits"), 6),
    (errors.Interrupted("stopped"), 130)])
def test_errors_of_input_and_machine_end_with_their_code_and_a_message_on_stderr(error, code):
    said = CliRunner().invoke(Failing(error), ["fail"])
    assert (said.exit_code, said.stdout, said.stderr) == (code, "", f"error: {error}\n")


def test_the_interrupt_key_ends_with_130():
    assert CliRunner().invoke(Failing(KeyboardInterrupt()), ["fail"]).exit_code == 130


def test_an_error_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(Failing(ZeroDivisionError()), ["fail"], catch_exceptions=False)


def test_bad_input_ends_with_2_and_one_line_per_problem(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("titel = 1\n[run]\nseed = 'x'\n")
    said = shell("check", path)
    lines = said.stderr.decode().splitlines()
    assert said.returncode == 2 and said.stdout == b""
    assert [line.split(": ")[1] for line in lines] == [f"{path}:1:1", f"{path}:3:1"]


def test_terminal_escapes_in_a_file_are_printed_escaped(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('"\\u001b]0;title\\u0007" = 1\nregion = 5\n"\\u202eabc" = "\\u001b[31m"')
    said = shell("check", path)
    assert said.returncode == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", said.stderr.decode())
    assert b"\\u001b]0;title" in said.stderr


def test_a_name_that_is_no_text_is_printed_escaped():
    said = shell("check", os.fsdecode(b"\xff\x1b[31m.toml"))
    assert said.returncode == 2
    assert b"\\udcff\\x1b[31m.toml: file not found" in said.stderr


def test_a_name_and_a_setting_that_are_no_text_are_refused_at_the_start(tmp_path):
    path = os.fsdecode(bytes(tmp_path) + b"/bad\xff.toml")
    with open(path, "w") as file:
        file.write("[run]\nseed = 1\n")
    for given in ([path], [path, "--out", tmp_path / "out"]):
        said = shell("run", *given, "-q")
        assert said.returncode == 2 and len(said.stderr.splitlines()) == 1
        assert b"bad\\udcff.toml' is not UTF-8" in said.stderr
    (tmp_path / "good.toml").write_text("[run]\nseed = 1\n")
    said = shell("check", tmp_path / "good.toml", "--set", os.fsdecode(b"title=a\xff"))
    assert said.returncode == 2 and b"--set: 'title=a\\udcff' is not UTF-8" in said.stderr
    assert not (tmp_path / "out").exists()


def test_of_twenty_thousand_bad_policies_twenty_are_told_and_the_others_counted(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("".join(f'[policies.p{k}]\ninstrument = "tax"\n' for k in range(20_000)))
    lines = run("check", str(path)).stderr.splitlines()
    assert len(lines) == 21 and lines[0].startswith(f"error: {path}:2:1: policies.p0.instrument")
    assert lines[-1] == "and 19,980 more"


def test_a_terminal_without_chinese_still_gets_an_answer(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('"标题" = 1', encoding="utf-8")
    said = shell("check", path, env={"PYTHONIOENCODING": "latin-1"})
    assert said.returncode == 2 and b"\\u6807\\u9898" in said.stderr


def test_a_closed_pipe_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    said = subprocess.run([*SIM, "show", str(BASELINE)], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60)
    os.close(writing)
    assert said.returncode == PIPE_CLOSED and said.stderr == b""


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


# -- new --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("full", [[], ["--full"]], ids=["short", "full"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_is_the_shipped_baseline(tmp_path, lang, full):
    said = run("new", tmp_path / "demo", "--lang", lang, *full)
    baseline, policy = map(pathlib.Path, said.stdout.splitlines())
    assert baseline == tmp_path / "demo" / "baseline.toml"
    assert load(baseline).digest == load(ROOT / "scenarios" / "baseline.toml").digest
    assert full or len(baseline.read_text("utf-8").splitlines()) < 80
    assert f"sim run {baseline}" in said.stderr
    assert load(policy).values.policies and not load(policy).warnings
    assert [name for name, _ in load(policy).files] == ["policy.toml", "baseline.toml"]


def test_a_new_scenario_is_about_the_region_that_is_named(tmp_path):
    write(synthetic_region(8, seed=3, nests=3), tmp_path / "region")
    said = run("new", tmp_path / "demo", "--region", tmp_path / "region")
    assert said.exit_code == 0, said.stderr
    for path in said.stdout.splitlines():
        assert run("check", path).exit_code == 0
    assert load(tmp_path / "demo" / "policy.toml").values.region.endswith("region")
    assert run("new", tmp_path / "other", "--region", "nowhere").exit_code == 2


@pytest.mark.parametrize(("line", "said"), [
    ("start = 2026/01/01", "write 2026-01-01"), ("start = '2026/1/1'", "write 2026-01-01"),
    ("start = '2026年1月1日'", "write 2026-01-01"), ("start = 2026.1.1", "write 2026-01-01")])
def test_a_date_that_is_written_otherwise_is_shown_as_files_write_it(tmp_path, line, said):
    (tmp_path / "x.toml").write_text(f"[time]\n{line}\n", "utf-8")
    found = run("check", tmp_path / "x.toml")
    assert found.exit_code == 2 and said in found.stderr and "time.start" in found.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_explains_every_parameter(tmp_path, lang):
    run("new", tmp_path, "--lang", lang, "--full")
    text = (tmp_path / "baseline.toml").read_text(encoding="utf-8")
    for entry in load(tmp_path / "baseline.toml").entries():
        if entry.path[0] == "policies":                 # explained in the other file
            continue
        assert (entry.row.doc_zh if lang == "zh" else entry.row.doc) in text
        assert re.search(rf"(?m)^{entry.path[-1]} = ", text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_commented_policy_of_a_new_scenario_can_be_switched_on(tmp_path, lang):
    run("new", tmp_path, "--lang", lang, "--full")
    policy = tmp_path / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^# (?=[\[\w]+(\.[\w-]+)*( = |\]))", "", text)
    policy.write_text(text, encoding="utf-8")
    twice = run("check", policy).stderr.strip()         # two regimes have the tax rule of Lingang
    assert "lingang-tax" in twice and "\n" not in twice
    policy.write_text(re.sub(r"(\[policies\.lingang-tax\]\n)", r"\1enabled = false\n", text), encoding="utf-8")
    loaded = load(policy)
    assert set(loaded.instruments.values()) == set(schema.policy_models())
    assert {f"my_{name}" for name in schema.policy_models()} <= set(loaded.values.policies)
    assert run("check", policy).exit_code == 0          # names in the examples are the region's


def test_new_never_writes_over_a_file(tmp_path):
    (tmp_path / "policy.toml").write_text("mine")
    said = run("new", tmp_path)
    assert said.exit_code == 2 and "policy.toml: it already exists; choose another folder" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]
    assert (tmp_path / "policy.toml").read_text() == "mine"


def test_new_in_a_place_that_cannot_be_written_ends_with_4(tmp_path):
    (tmp_path / "file").write_text("")
    said = run("new", tmp_path / "file" / "demo")
    assert said.exit_code == 4 and "cannot be written" in said.stderr


def test_a_large_run_is_told_how_much_memory_it_takes():
    one = ("check", BASELINE, "--set", "run.replicates=1", "--set", "diagnostics.members=0")
    few, many = (run(*one, "--set", f"population.candidates={number}") for number in (6000, 3_000_000))
    assert "of memory" not in few.output
    size = re.search(r"running it takes about ([\d.]+) GiB of memory", many.output)
    assert size and 1.0 < float(size[1]) < 100.0
