"""A run by forked processes has the bytes of a run by one thread, whatever becomes of its workers."""

import contextlib

import pytest

from sim.base import forked
from sim.runs import worker_process
from sim.runs.run import run
from tests.reliability import watched
from tests.samples import runs

pytestmark = pytest.mark.skipif(not forked.POSSIBLE, reason="nothing is forked here")


@pytest.fixture
def job(scenario, tmp_path, monkeypatch):
    """The same run in another folder, for two processes."""
    monkeypatch.setattr(worker_process, "are_forked", lambda: True)
    return runs.job(scenario, tmp_path, jobs=2, chunk=1)


def test_processes_change_no_byte(job, undisturbed):
    steps = run(job)
    assert next(steps) == (0, 7) and next(step for step in steps if step[0])
    assert len(watched.workers_of_this_process()) == 2
    assert [*steps][-1] == (7, 7) and not watched.workers_of_this_process()
    assert runs.content(job.folder) == undisturbed


def test_a_process_that_dies_changes_no_byte(job, undisturbed):
    steps = run(job)
    next(step for step in steps if step[0])
    watched.workers_of_this_process()[-1].kill()
    assert [*steps][-1] == (7, 7)
    assert runs.content(job.folder) == undisturbed


def test_a_run_that_is_closed_leaves_no_process_and_goes_on_from_there(job, undisturbed):
    with contextlib.closing(run(job)) as steps:
        done, _ = next(step for step in steps if step[0])
    assert not watched.workers_of_this_process()
    assert 0 < done <= runs.finish(job)[0] <= 7
    assert runs.content(job.folder) == undisturbed
