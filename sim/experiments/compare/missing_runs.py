"""Runs of a comparison: finished ones are kept, missing ones are made, with one count of progress."""

import dataclasses
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from sim.base import files
from sim.base.errors import CorruptError
from sim.experiments.compare.run_levels import levels_of
from sim.experiments.compare.scenarios import ComparedScenario, Settings, job_of
from sim.runs import manifest, run
from sim.runs.finish import Read

OWN = "runs"                   # of a comparison's folder: runs for which the usual folder is taken


def placed(case: ComparedScenario, settings: Settings, folder: Path) -> ComparedScenario:
    """The case with the folder of its run: the usual one, unless that holds another run.

    Nothing is ever replaced there: a run with other replicates or settings goes to `folder`/runs/NAME.
    """
    if case.finished is not None:
        return case
    job = job_of(case, settings)
    if _holds(job) in (None, job.key):
        return case
    return dataclasses.replace(case, folder=folder / OWN / case.name)


def made(cases: Sequence[ComparedScenario], settings: Settings, read: Read = levels_of,
         replaced: Path | None = None) -> Generator[tuple[int, int], None, dict[Path, Any]]:
    """Generator of (members done, members in all); when it ends, every case has its finished run.

    It returns what is read by folder of those that it made, by default their Levels. Closing it, or an
    error in any run, ends them all; members that are stored stay. Other runs are replaced below `replaced`, the folder
    of a comparison that is to be replaced.
    """
    jobs = [_replacing(job_of(case, settings), replaced) for case in _to_make(cases)]
    return (yield from run.run_all(jobs, settings.jobs, read)) if jobs else {}


def _replacing(job, folder):
    """The job; one that replaces what its folder holds if that is another run, and of the comparison's own."""
    own = folder is not None and job.folder.is_relative_to(folder / OWN) and _holds(job) not in (None, job.key)
    return dataclasses.replace(job, force=True) if own else job


def number(cases: Sequence[ComparedScenario]) -> int:
    """Members of the runs that the cases need, without those that were given finished."""
    return sum(case.scenario.values.run.replicates for case in _to_make(cases))


def _to_make(cases):
    """Scenarios without a finished run, of each folder one."""
    return list({case.folder: case for case in cases if not case.finished}.values())


def _holds(job):
    """Key of the run in a job's folder, None if there is none, "" if it is nobody knows what."""
    files.check_folder(job.folder)
    try:
        found = files.read_manifest(job.folder)
    except CorruptError:
        return ""
    if found:
        return found["key"]
    return "" if any((job.folder / name).exists() for name in manifest.TABLES) else None
