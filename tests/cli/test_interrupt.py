"""Ctrl-C ends a command with 130 and without a traceback, at whatever moment it comes."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from sim.base.errors import Interrupted
from sim.cli._interrupt import stoppable
from sim.runs import limits
from tests.samples import runs

AT_IMPORT = """
class Stop:
    def find_spec(name, *rest):
        if name == "{module}":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Stop)
main({arguments})
"""
TO_A_NEW_WORKER = """
import os, time
from sim.runs import spool, worker_start
from sim.runs.worker_process import Worker
signal.signal(signal.SIGINT, lambda *of: None)
folder = spool.make(sys.argv[1])
spool.put(folder, worker_start.WORK, b"")
worker = Worker(worker_start.serve, folder)
while not (said := worker.said()) and worker.is_alive():
    os.killpg(0, signal.SIGINT)
    time.sleep(0.005)
print(*(said or worker.said() or ())[:1])
worker.end()
"""


def python(code, *arguments):
    """A process that runs code with the names that it needs; what it printed and its exit code."""
    return subprocess.run([sys.executable, "-c", f"import signal, sys\nfrom sim.cli import main\n{code}", *arguments],
                          capture_output=True, text=True, timeout=60, cwd=runs.ROOT, start_new_session=True,
                          env={**os.environ, "PYTHONPATH": str(runs.ROOT)})


@pytest.mark.parametrize("module", ["sim.cli._group", "sim.cli.list", "sim.base.registry"])
def test_an_interrupt_during_an_import_says_nothing(module):
    done = python(AT_IMPORT.format(module=module, arguments=["list", "metrics", "--json"]))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_interrupt_after_the_command_says_nothing():
    done = python("import atexit\natexit.register(signal.raise_signal, signal.SIGINT)\n"
                  "main(['list', 'metrics', '--json'])")
    assert (done.returncode, done.stderr) == (130, "")


def test_a_command_leaves_without_taking_down_libraries_and_does_what_is_registered_for_the_end():
    done = python("import atexit\nclass Late:\n    def __del__(self): print('taken down')\nlate = Late()\n"
                  "atexit.register(print, 'registered')\nsys.argv[0] = 'sim'\nmain()", "list", "plots", "-x")
    assert (done.returncode, done.stdout) == (2, "registered\n") and "-x" in done.stderr


def test_a_command_waits_for_a_thread_that_is_left():
    done = python("import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.3), print('last'))).start()\n"
                  "sys.argv[:] = ['sim', 'list', 'metrics', '--json']\nmain()")
    assert done.returncode == 0 and done.stdout.endswith("last\n")


def test_an_interrupt_that_the_caller_ignores_is_ignored():
    done = python("signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                  + AT_IMPORT.format(module="sim.cli.list", arguments=["list", "metrics", "--json"]))
    assert (done.returncode, done.stderr) == (0, "") and done.stdout


class Destroyed:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def dropped_by_python():
    Destroyed()


def dropped_by_a_library():
    with contextlib.suppress(BaseException):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("interrupted", [dropped_by_python, dropped_by_a_library])
def test_an_interrupt_that_is_dropped_is_raised_again(interrupted, capsys):
    def work():
        interrupted()
        for _wait in range(500):
            time.sleep(0.01)

    with pytest.raises(Interrupted, match="stopped; go on"), stoppable("go on"):
        work()
    assert capsys.readouterr().err == ""


def test_an_interrupt_is_raised_once_where_somebody_holds_it():
    cleaned = []

    def work():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            time.sleep(0.2)                  # longer than until the next would come
            cleaned.append(True)

    with pytest.raises(Interrupted), stoppable("go on"):
        work()
    assert cleaned


def test_an_interrupt_that_comes_out_as_another_error_is_an_interrupt():
    def half_imported():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("half a module") from None

    with pytest.raises(Interrupted, match="stopped; go on"), stoppable("go on"):
        half_imported()


def test_an_error_without_an_interrupt_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), stoppable("go on"):
        divmod(1, 0)


def test_handlers_are_as_before():
    before, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    with pytest.raises(Interrupted), stoppable("go on"):
        signal.raise_signal(signal.SIGINT)
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == (before, hook)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows asks processes in another way")
@pytest.mark.parametrize("threads", [pytest.param("1", id="forked"), pytest.param("2", id="anew")])
def test_a_worker_does_not_hear_an_interrupt_while_it_starts(threads, tmp_path, monkeypatch):
    for name in limits.LINEAR_ALGEBRA:
        monkeypatch.setenv(name, threads)
    done = python(TO_A_NEW_WORKER, str(tmp_path))
    assert done.stdout.strip() == "unable" and "KeyboardInterrupt" not in done.stderr


@pytest.mark.parametrize("words", [
    ("equilibria", "scenarios/baseline.toml"), ("verify", "--only", "T01"),
    ("smallest", "scenarios/tod.toml", "--key", "policies.tod.bonus", "--between", "0", "1", "--target", "9"),
    ("estimate", "scenarios/estimation/us-headquarters.csv.gz", "--spec",
     "scenarios/estimation/us-headquarters.toml")], ids=lambda words: words[0])
def test_a_command_that_keeps_nothing_says_that_it_starts_again(words, tmp_path):
    """The signal comes when the command asks for the work, in its own process."""
    work = {"equilibria": "sim.experiments.equilibria.search.diagram", "smallest": "sim.cli.smallest._searched",
            "verify": "sim.runs.progress.follow", "estimate": "sim.front_door.estimate"}[words[0]]
    module, name = work.rsplit(".", 1)
    done = python(f"import importlib\nsetattr(importlib.import_module('{module}'), '{name}', "
                  f"lambda *of, **given: signal.raise_signal(signal.SIGINT))\nmain(sys.argv[1:])",
                  *words, *(("--out", str(tmp_path / "found")) if words[0] != "verify" else ()))
    assert (done.returncode, done.stderr.strip()) == (130, "error: stopped; the same command starts again")


@pytest.mark.parametrize("words", [
    ("equilibria", "scenarios/baseline.toml"),
    ("smallest", "scenarios/tod.toml", "--key", "policies.tod.bonus", "--between", "0", "1", "--target", "9")],
    ids=lambda words: words[0])
def test_a_search_does_not_begin_where_its_folder_cannot_be_written(words, tmp_path, monkeypatch):
    """The error comes before the first line of what is found."""
    monkeypatch.chdir(runs.ROOT)
    (tmp_path / "taken").write_text("a file")
    found = runs.sim(*words, "--out", tmp_path / "taken")
    assert found.exit_code == 4 and found.stderr.splitlines() == [
        f"error: {tmp_path / 'taken'}: it is a file; choose a folder for the results"]
