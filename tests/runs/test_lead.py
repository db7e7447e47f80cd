"""A run whose simulation another process leads has the bytes of a run by one thread, whatever becomes of anybody."""

import contextlib
import json
import os
import subprocess
import sys

import psutil
import pytest

from sim.base import forked
from sim.base.errors import InputError, Problem
from sim.runs import compiling, lead, spool, worker_process
from sim.runs import run as runs_run
from sim.runs.run import run
from tests.samples import runs

pytestmark = pytest.mark.skipif(not forked.POSSIBLE, reason="nothing is forked here")
ALONE = """
import json, sys
from sim.cli import _group
try:
    _group.main({arguments!r})
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]))
"""


@pytest.fixture
def job(scenario, tmp_path, monkeypatch):
    """The same run in another folder, for two processes, one of which may lead though all is imported here."""
    monkeypatch.setattr(worker_process, "are_forked", lambda: True)
    monkeypatch.setattr(lead, "ENGINE", "nothing")
    return runs.job(scenario, tmp_path, jobs=2, chunk=1)


@pytest.fixture
def family():
    """A function that lists every process that this one has started since, and those have."""
    before = set(psutil.Process().children(recursive=True))
    return lambda: [each for each in psutil.Process().children(recursive=True) if each not in before]


def living(processes):
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


@contextlib.contextmanager
def begun(job, family):
    """The states of a run with a lead, closed at the end."""
    with lead.begun(2) as found:
        assert found.processor()
        with contextlib.closing(run(job, ("sim.results.summary",), found)) as steps:
            yield steps
    runs.within(20.0, lambda: not living(family()))


def test_a_lead_changes_no_byte(job, family, undisturbed):
    with begun(job, family) as steps:
        assert [*steps][-1] == (7, 7)
    assert runs.content(job.folder) == undisturbed


@pytest.mark.parametrize("who", [0, -1], ids=["the lead", "a worker"])
def test_a_process_that_dies_changes_no_byte(job, family, undisturbed, who):
    with begun(job, family) as steps:
        next(step for step in steps if step[0])
        family()[who].kill()
        assert [*steps][-1] == (7, 7)
    assert runs.content(job.folder) == undisturbed


def test_a_lead_that_dies_before_it_is_asked_is_not_missed(job, family, undisturbed):
    with lead.begun(2) as found:
        assert found.processor()
        family()[-1].kill()
        assert [*run(job, (), found)][-1] == (7, 7)
    assert runs.content(job.folder) == undisturbed


def test_a_run_that_is_closed_leaves_no_process_and_goes_on_from_there(job, family, undisturbed):
    with begun(job, family) as steps:
        done, _ = next(step for step in steps if step[0])
        ours = family()
        assert len(ours) == 3
        steps.close()
        runs.within(20.0, lambda: not living(ours))       # a process that ends closes its files first
    assert not [*job.folder.glob(f"{spool.PREFIX}*")]
    assert 0 < done <= runs.finish(job)[0] <= 7
    assert runs.content(job.folder) == undisturbed


def test_what_goes_wrong_there_goes_wrong_here(job, family, monkeypatch):
    def wrong(asked):
        yield 0, 7
        raise InputError(Problem("here", "key", "is wrong"))

    monkeypatch.setattr(runs_run, "simulated", wrong)
    with begun(job, family) as steps, pytest.raises(InputError, match="is wrong"):
        _ = [*steps]


def test_without_compiled_kernels_or_a_process_nobody_leads(job, family, monkeypatch):
    monkeypatch.setattr(compiling, "is_done", lambda: False)
    with lead.begun(2) as found:
        assert not found.processor()
    with lead.begun(2) as found:
        family()[-1].kill()
        assert not found.processor()


def test_nobody_leads_where_there_is_one_processor_or_the_engine_is_imported(job, monkeypatch):
    with lead.begun(1) as found:
        assert found is None
    monkeypatch.setattr(lead, "ENGINE", "sim")
    with lead.begun(2) as found:
        assert found is None


def test_a_command_has_a_lead_and_imports_no_model_of_its_own(scenario, tmp_path):
    arguments = ["run", str(scenario), "--out", str(tmp_path / "out"), "--no-figures", "-q", "--jobs", "2"]
    done = subprocess.run([sys.executable, "-c", ALONE.format(arguments=arguments)], capture_output=True, text=True,
                          timeout=120, cwd=runs.ROOT, env={**os.environ, "PYTHONPATH": str(runs.ROOT)})
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert (code, done.stderr) == (0, "")
    assert {"sim.model.simulate", "numba"}.isdisjoint(modules) and "sim.runs.finish" in modules
