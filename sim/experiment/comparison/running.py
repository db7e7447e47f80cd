"""Runs of a comparison: finished ones are kept, missing ones are made, with one count of progress."""

import contextlib
import dataclasses
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from sim import manifest, run, storage
from sim.errors import CorruptError, Interrupted
from sim.experiment.comparison.cases import job_of

SIDE_BY_SIDE = 2               # runs under way at once: while one is put together, another computes


def placed(case, settings, folder):
    """The case with the folder of its run: the usual one, unless that holds another run.

    Nothing is ever replaced: a run with other replicates or settings goes to `folder`/runs/NAME.
    """
    if case.finished is not None:
        return case
    job = job_of(case, settings)
    if _holds(job) in (None, job.key):
        return case
    return dataclasses.replace(case, folder=folder / "runs" / case.name)


def made(cases, settings):
    """Generator of (members done, members in all); when it ends, every case has its finished run.

    Closing it, or an error in any run, ends them all; members that are stored stay.
    """
    jobs = list({job.folder: job for job in (job_of(case, settings) for case in cases if not case.finished)}.values())
    every, done, stop = sum(len(job.replicates) for job in jobs), [0] * len(jobs), threading.Event()
    pool = ThreadPoolExecutor(min(SIDE_BY_SIDE, settings.jobs))
    try:
        futures = [pool.submit(_carry_out, job, stop, done, k) for k, job in enumerate(jobs)]
        while futures:
            ended, futures = wait(futures, timeout=0.5, return_when=FIRST_EXCEPTION)
            yield sum(done), every
            _raise_first(ended)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _carry_out(job, stop, done, k):
    """Make a run; done[k] is how many of its members are stored."""
    with contextlib.closing(run.run(job, stop)) as steps:
        for done[k], _ in steps:
            pass


def _raise_first(ended):
    """Raise what stopped a run, rather than that others were stopped because of it."""
    errors = [error for future in ended if (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, Interrupted)):
        raise error


def _holds(job):
    """Key of the run in a job's folder, None if there is none, "" if it is nobody knows what."""
    try:
        found = storage.read_manifest(job.folder)
    except CorruptError:
        return ""
    if found:
        return found["key"]
    return "" if any((job.folder / name).exists() for name in manifest.TABLES) else None
