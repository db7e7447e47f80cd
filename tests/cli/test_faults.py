"""Faults of input and of the machine: exit codes, streams, and what is printed of them."""

import os
import re
import subprocess

import click
import pytest
from click.testing import CliRunner

from sim.base import errors
from sim.base.messages import translate
from sim.cli import sweep
from sim.cli._group import NO_THREAD, PIPE_CLOSED, Commands
from tests.samples.commands import BASELINE, ROOT, SIM, run, shell

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


@pytest.mark.parametrize("error, why", [(MemoryError("an array of 9 GiB"), "MemoryError: an array of 9 GiB"),
                                        (MemoryError(), "MemoryError"), (RuntimeError(NO_THREAD), NO_THREAD)])
def test_memory_that_is_full_ends_with_4_and_says_what_to_do(error, why):
    said = CliRunner().invoke(Failing(error), ["fail"])
    assert (said.exit_code, said.stdout) == (4, "")
    assert said.stderr.startswith("error: out of memory") and why in said.stderr
    assert "close other programs" in said.stderr


def test_an_option_before_the_command_that_there_is_not_ends_with_2_and_one_line():
    said = CliRunner().invoke(Failing(None), ["--nope", "fail"])
    assert said.exit_code == 2 and "--nope" in said.stderr.splitlines()[-1]


@pytest.mark.parametrize("error", [ZeroDivisionError(), RuntimeError("a fault of ours")])
def test_an_error_of_ours_keeps_its_traceback(error):
    with pytest.raises(type(error)):
        CliRunner().invoke(Failing(error), ["fail"], catch_exceptions=False)


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


# -- new --------------------------------------------------------------------------------------------

def test_a_large_run_is_told_how_much_memory_it_takes():
    one = ("check", BASELINE, "--set", "run.replicates=1", "--set", "diagnostics.members=0")
    few, many = (run(*one, "--set", f"population.candidates={number}") for number in (6000, 3_000_000))
    assert "of memory" not in few.output
    size = re.search(r"running it takes about ([\d.]+) GiB of memory", many.output)
    assert size and 1.0 < float(size[1]) < 100.0


@pytest.mark.parametrize("shard", ["3/2", "0/2", "1", "1/x", "1/100001"])
def test_a_share_of_a_sweep_that_is_none_is_refused_with_an_example(shard):
    said = run("sweep", ROOT / "scenarios" / "sweeps" / "peers-reach.toml", "--shard", shard)
    assert said.exit_code == 2 and f"'{shard}' is not a shard; expected I/N with 1 <= I <= N, e.g. 2/8" in said.stderr


def test_times_are_told_in_seconds_minutes_and_hours():
    said = [translate(sweep._duration(seconds), "en") for seconds in (119, 600, 9000)]
    assert said == ["119 s", "10 min", "2.5 h"]
