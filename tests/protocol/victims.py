"""Sweeps that are made to be disturbed: what runs in the processes that `watched.py` starts."""

import sys
import time

import sweeps
import toy

from protocol.bench import processes_or_cluster, worked_by
from sim.experiment import driver
from sim.experiment import sweep as sweeping


def slow(packed, chunk):
    """Rows that take a little while, so that a kill meets work under way."""
    time.sleep(0.02)
    return toy.rows(packed, chunk)


def client(file, folder, address):
    """A sweep of slow rows in chunks of ten, on two processes or a cluster; says each state."""
    driver.MOST, driver.TARGET = 10, 10.0
    with worked_by(processes_or_cluster(slow, address)):
        for state in sweeping.run(sweeps.job(file, folder)):
            print(state.done, flush=True)


def command(file, folder, address):
    """`sim sweep --dask` of slow rows in chunks of ten, as a user types it."""
    from sim.cli import main

    driver.MOST, driver.TARGET = 10, 10.0
    sys.argv = ["sim", "sweep", file, "--out", folder, "--dask", address]
    with worked_by(processes_or_cluster(slow, address)):
        main()
