"""Engines: one driver, the same bytes, and nobody charged for what another run does (K1, K4, K7, R3, X9)."""

import dataclasses
import os
import random
import signal
import time

import psutil
import pytest

from sim.base.errors import OutputError
from sim.experiments.sweep import load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import process_pool
from tests.reliability import watched
from tests.samples import runs, sweeps, toy

HARMS = {toy.killed: "its worker died (5 times, alone)", toy.stuck: "it did not end within 6 s (3 times, alone)",
         toy.unsendable: "local object", toy.unraisable: "local object"}


def pool_of(task):
    return lambda job, spec: process_pool.PoolEngine(2, task, spec.packed, job.folder)


def children():
    return [each for each in children_of(os.getpid()) if watched.is_worker(each)]


# -- the process pool -------------------------------------------------------------------------------------

@pytest.mark.parametrize("harm", [pytest.param(harm, marks=pytest.mark.slow if harm is toy.stuck else ())
                                  for harm in HARMS], ids=lambda harm: harm.__name__)
def test_of_1000_runs_one_that_does_harm_is_the_only_one_without_a_result(many, tmp_path, monkeypatch, harm):
    monkeypatch.setattr(sweeping, "_engine", pool_of(harm))
    given = dataclasses.replace(many, folder=tmp_path, limit=6.0 if harm is toy.stuck else 600.0)
    assert sweeps.finish(given) == (1000, 1000, 1)
    rows = load.frame(tmp_path)
    failed = rows[rows.status == "failed"]
    assert failed.run.tolist() == [toy.BAD]
    assert HARMS[harm] in failed.reason.item()
    assert rows[rows.status == "ok"].headquarters_in_zone.tolist() == [k for k in range(1000) if k != toy.BAD]
    assert children() == []


def test_a_killed_worker_costs_nothing_but_its_chunk(many, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "_engine", pool_of(toy.rows))
    monkeypatch.setattr("sim.runs.sweep_runs.MOST", 50)
    killed = 0
    for state in sweeping.run(dataclasses.replace(many, folder=tmp_path)):
        if state.done < 600 and killed < 2 and children():
            children()[0].kill()
            killed += 1
    assert killed == 2
    assert load.frame(tmp_path).headquarters_in_zone.tolist() == list(range(1000))


def test_workers_go_when_their_parent_is_killed_and_the_sweep_goes_on(file, reference, tmp_path):
    """K1 and K2 in small: kill -9 of the client at a random moment; then it ends as if nothing had been."""
    process = runs.shell("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    wait_for(lambda: children_of(process.pid) or process.poll() is not None, 60)
    time.sleep(random.uniform(0, 4))
    workers = children_of(process.pid)
    process.kill()
    process.communicate()
    wait_for(lambda: not [each for each in workers if each.is_running()], 10)
    said = runs.sim("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    assert said.exit_code == 0, said.stderr
    assert sweeps.content(tmp_path / "out") == reference
    assert not list((tmp_path / "out").rglob("*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_a_signal_stops_cleanly_and_names_the_command(tmp_path, number):
    file = sweeps.write(tmp_path, sweeps.SWEEP.replace("replicates = 3", "replicates = 2000"))
    process = runs.shell("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    wait_for(lambda: list((tmp_path / "out").glob("parts/*/*.parquet")) or process.poll() is not None, 120)
    workers = children_of(process.pid)
    runs.stop(process, number, "runs")
    wait_for(lambda: not [each for each in workers if each.is_running()], 10)
    assert not (tmp_path / "out" / ".lock").exists()
    assert not list((tmp_path / "out").rglob("*.tmp"))


def wait_for(condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def children_of(number):
    try:
        return psutil.Process(number).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


# -- a dask cluster ---------------------------------------------------------------------------------------

def test_workers_that_cannot_begin_are_no_runs_fault(many, tmp_path, monkeypatch):
    monkeypatch.setattr(process_pool.worker_start, "serve", toy.aborted)
    monkeypatch.setattr(process_pool, "NOBODY", 0.0)
    monkeypatch.setattr(sweeping, "_engine", pool_of(toy.rows))
    with pytest.raises(OutputError, match="as soon as they start"):
        sweeps.finish(dataclasses.replace(many, folder=tmp_path))
