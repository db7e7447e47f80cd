"""Runs of a comparison: finished ones are kept, missing ones are made, with one count of progress."""

import contextlib
import dataclasses

from sim import manifest, run, storage
from sim.errors import CorruptError
from sim.experiment.comparison.cases import job_of


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
    """Generator of (members done, members in all); when it ends, every case has its finished run."""
    waiting = [job_of(case, settings) for case in cases if case.finished is None]
    every, before = sum(len(job.replicates) for job in waiting), 0
    for job in waiting:
        with contextlib.closing(run.run(job)) as steps:
            for done, _ in steps:
                yield before + done, every
        before += len(job.replicates)


def _holds(job):
    """Key of the run in a job's folder, None if there is none, "" if it is nobody knows what."""
    try:
        found = storage.read_manifest(job.folder)
    except CorruptError:
        return ""
    if found:
        return found["key"]
    return "" if any((job.folder / name).exists() for name in manifest.TABLES) else None
