"""How worker processes begin, forked or anew, and what they say."""

import collections
import contextlib
import signal
import threading

import pytest

from sim.base import files, forked
from sim.runs import limits, worker_process, worker_start
from sim.runs.driver import Driver
from sim.runs.in_memory import Kept
from sim.runs.process_pool import PoolEngine
from sim.runs.spool import make, put, take
from sim.runs.worker_process import Worker
from tests.reliability import watched
from tests.samples import toy
from tests.samples.runs import SOON, within

# -- how they begin ---------------------------------------------------------------------------------------

FORKED = pytest.param(True, id="forked", marks=pytest.mark.skipif(not forked.POSSIBLE, reason="nothing is forked here"))
ANEW = pytest.param(False, id="anew")


@pytest.fixture
def forks(request, monkeypatch):
    """Whether workers are forked or start anew, whatever this process is like."""
    monkeypatch.setattr(worker_process, "are_forked", lambda: request.param)
    return request.param


@pytest.mark.skipif(not forked.POSSIBLE, reason="nothing is forked here")
def test_workers_are_forked_from_a_process_with_one_thread_and_start_anew_elsewhere(monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    for name in limits.LINEAR_ALGEBRA:
        monkeypatch.setenv(name, "1")
    assert worker_process.are_forked()
    for name, value in (("OPENBLAS_NUM_THREADS", "4"), ("OPENBLAS_NUM_THREADS", "1")):
        monkeypatch.setenv(name, value)
        assert worker_process.are_forked() == (value == "1")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not worker_process.are_forked()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(forked, "POSSIBLE", False)
    assert not worker_process.are_forked()


@pytest.mark.parametrize("forks", [FORKED, ANEW], indirect=True)
def test_a_forked_worker_has_what_was_there_and_what_was_prepared(forks, tmp_path, monkeypatch):
    monkeypatch.setattr(toy, "SEEN", 0)
    work, prepared = Kept(["a"]), lambda: monkeypatch.setattr(toy, "SEEN", 2)
    with contextlib.closing(PoolEngine(1, toy.seen, b"", tmp_path, prepared)) as engine:
        collections.deque(Driver(work, engine).run(), maxlen=0)
    assert work.results == {"a": 2 if forks else None}


@pytest.mark.parametrize("forks", [FORKED], indirect=True)
def test_a_forked_worker_does_not_hold_its_parents_lock(forks, tmp_path):
    import fcntl

    with files.lock(tmp_path) as held, contextlib.closing(PoolEngine(1, toy.seen, b"", tmp_path)) as engine:
        engine.submit(1, "a")
        within(SOON, lambda: engine.finished(0.1))
        held.close()                                      # as if this process were dead
        with open(tmp_path / files.LOCK) as again:
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert watched.workers_of_this_process()


# -- what is said -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("forks", [FORKED, ANEW], indirect=True)
def test_what_a_worker_says_fits_into_one_write_however_long_its_error(forks, tmp_path):
    spool = make(tmp_path)
    put(spool, worker_start.WORK, worker_start.pickle.dumps((toy.shouted, b"")))
    put(spool, "task-1", worker_start.pickle.dumps("task"))
    worker = Worker(worker_start.serve, spool)
    try:
        worker.ask("task-1")
        first, second = worker._connection.recv_bytes(), worker._connection.recv_bytes()
        assert max(map(len, (first, second))) < 4000
        kind, name, digest = worker_start.pickle.loads(second)
        error = worker_start.pickle.loads(take(spool, name, digest))
    finally:
        worker.end()
    assert kind == worker_start.RAISED and str(error) == "x" * 1_000_000
    assert "in shouted" in error.__notes__[0]


def test_an_error_of_input_says_the_same_after_its_way_from_a_worker():
    from sim.base.errors import InputError, Problem
    error = InputError([Problem("a.toml:1", "key", "1", "2"), Problem("b.toml:2", "other", "3")])
    again = worker_start.pickle.loads(worker_start.pickle.dumps(error))
    assert (str(again), again.problems) == (str(error), error.problems)


# -- a limited address space ------------------------------------------------------------------------------

@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system stops no processes")
@pytest.mark.parametrize("forks", [FORKED, ANEW], indirect=True)
def test_the_work_of_a_process_that_somebody_stopped_is_done_by_another(forks, tmp_path, monkeypatch):
    monkeypatch.setattr(worker_process, "SILENCE", 3)
    monkeypatch.setattr(worker_start, "BEAT", 0.2)
    work = Kept(["a", "b"])
    with contextlib.closing(PoolEngine(1, toy.slowly_doubled, b"", tmp_path)) as engine:
        steps = Driver(work, engine).run()
        within(SOON, lambda: next(steps, None) is not None and any(worker.ready for worker in engine._staff))
        stopped, = watched.workers_of_this_process()
        stopped.suspend()
        collections.deque(steps, maxlen=0)
    assert work.results == {"a": "aa", "b": "bb"}
    assert not stopped.is_running()
