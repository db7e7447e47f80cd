"""Sweeps that are made to be disturbed: what runs in the processes that `watched.py` starts."""

import sys

from sim.experiments.sweep import sweep as sweeping
from sim.runs import sweep_runs, worker
from tests.reliability.bench import processes_or_cluster, worked_by
from tests.samples import sweeps, toy, toy_pace

REAL = "real"                  # what is worked off by the model, and not at no cost


def client(file, folder, address, pace, kind=""):
    """A sweep of slow rows in chunks that take `pace` seconds, on two processes or a cluster; says each state."""
    with _worked(address, pace, kind):
        for state in sweeping.run(sweeps.job(file, folder)):
            print(state.done, flush=True)


def command(file, folder, address, pace, kind=""):
    """`sim sweep -q` of slow rows, as a user types it."""
    from sim.cli import main

    sys.argv = ["sim", "sweep", file, "-q", "--out", folder, *(["--dask", address] if address else ["--jobs", "2"])]
    with _worked(address, pace, kind):
        main(sys.argv[1:])


def _worked(address, pace, kind):
    """Context of an engine of slow workers, and chunks of as many runs as leave a sweep minutes to be killed in."""
    sweep_runs.MOST, sweep_runs.TARGET = (3 if kind == REAL else 10 if pace < 1.0 else 100), 10.0
    task = toy_pace.slow(pace / sweep_runs.MOST, worker.work if kind == REAL else toy.rows)
    return worked_by(processes_or_cluster(task, address))
