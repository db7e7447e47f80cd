"""Stand-ins for a worker's task: rows at no cost, and runs that harm whoever works them off.

A worker process imports the module of its task, so this one imports little.
"""

import ctypes
import os
import signal
import time

from sim.runs import rows as run_rows
from sim.runs import worker_start
from sim.runs.worker import Done, opened

BAD = 13                       # the run that does harm


def rows(packed, chunk):
    """Done whose scalar is the number of the run."""
    context = opened(packed)
    found = {"headquarters_in_zone": chunk.runs.astype(float)}
    made = run_rows.table(context.specs[chunk.experiment], chunk, found, [None] * len(chunk.runs)).sort_by("run")
    return Done(run_rows.parquet(made, context.key), (), 0.001, ())


def killed(packed, chunk):
    if BAD in chunk.runs:
        os.kill(os.getpid(), signal.SIGKILL)
    return rows(packed, chunk)


def crashed(packed, chunk):
    if BAD in chunk.runs:
        ctypes.string_at(0)
    return rows(packed, chunk)


def left(packed, chunk):
    if BAD in chunk.runs:
        os._exit(0)
    return rows(packed, chunk)


def stuck(packed, chunk):
    if BAD in chunk.runs:
        time.sleep(1000)
    return rows(packed, chunk)


def unsendable(packed, chunk):
    return (lambda: None) if BAD in chunk.runs else rows(packed, chunk)


class Unsendable(Exception):
    def __init__(self, reason, further):
        super().__init__(reason)
        self.further = lambda: further


def unraisable(packed, chunk):
    if BAD in chunk.runs:
        raise Unsendable("mine", 1)
    return rows(packed, chunk)


def shouted(packed, task):
    raise ValueError("x" * 1_000_000)


def slowly_doubled(packed, text):
    time.sleep(0.7)
    return 2 * text


SEEN = None                    # what a process has that was not started anew


def seen(packed, text):
    return SEEN


def without_a_place(packed, chunk):
    """Rows for which there is no room any more when they are to be handed over."""
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return rows(packed, chunk)


# -- in place of all that a worker does -------------------------------------------------------------------

def aborted(connection, folder, beats):
    os.abort()


def unable(connection, folder, beats):
    connection.send((worker_start.UNABLE, "can't start new thread", ""))
