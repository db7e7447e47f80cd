"""Runs, one or several side by side: who simulates them, and when they are put together.

Several runs are simulated by worker processes, a single one too where these can be forked, and else by threads of
this process: the past that scenarios have in common is simulated once, and no processor waits for Python's lock. This
process holds the folders' locks and counts.

Decisions 65, 111 and 117 (docs/decisions.md).
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
from typing import TYPE_CHECKING, Any

from sim.base import collector, files
from sim.runs import job as run_job
from sim.runs import worker_process
from sim.runs.driver import Driver
from sim.runs.open_runs import Asked, Runs, unpacked, work
from sim.runs.process_pool import Lost, PoolEngine
from sim.runs.run_tasks import Finished
from sim.runs.thread_pool import ThreadEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from pathlib import Path

    from sim.runs.engine import Engine
    from sim.runs.finish import Read
    from sim.runs.job import Job
    from sim.runs.lead import Lead
    from sim.runs.run_tasks import Task

LEAST, USUAL = 10, 25          # replicates of a task of several runs
AT_ONCE = 2                    # runs that are put together at once: of each the largest variable is in memory


def run(job: Job, meanwhile: Sequence[str] = (),
        lead: Lead | None = None) -> Generator[tuple[int, int], None, None]:
    """Generator of (members done, members in all); when it ends, the folder is complete.

    Members stored by an earlier call for the same job are kept. Closing the generator, or an exception in it,
    ends threads within a quarter and other processes at once; what is stored stays, and the next call for the
    same job goes on from there. Modules of the names `meanwhile` are imported here while others simulate: those whom
    a Lead starts, or without one, and if it is lost, whom this process does.
    """
    with contextlib.ExitStack() as stack:
        given, assumed = _opened([job], stack), b""
        yield given.progress
        if lead and given.lacking:
            with contextlib.suppress(Lost):
                asked = Asked(given.packed(), given.even_tasks(), job.jobs)
                assumed = yield from lead.simulated(asked, job.folder, lambda: _import(meanwhile))
            given = given if assumed else given.read_again()
        if given.lacking and not assumed:        # which comes last from a lead
            for number, step in enumerate(_simulated(given, given.even_tasks(), job.jobs)):
                if number:                       # an engine has begun
                    _import(meanwhile)
                yield step
        for number in given.open:
            given.put_together(number, job.jobs, assumed)


def simulated(asked: Asked) -> Generator[tuple[int, int], None, None]:
    """Generator of (members done, members in all), first before an engine begins, then while it simulates."""
    return _simulated(unpacked(asked.runs), asked.tasks, asked.workers, asked.runs)    # as forked workers have it then


def _simulated(given: Runs, tasks: Sequence[Task], workers: int,
               packed: bytes = b"") -> Generator[tuple[int, int], None, None]:
    processes = min(workers, len(tasks)) if worker_process.are_forked() else 1
    with contextlib.closing(_engine(given, processes, load, workers, packed)) as engine:
        yield from given.simulated(engine, tasks)


def assumed(asked: Asked) -> bytes:
    """The table of what was assumed in what is asked for, a single run."""
    from sim.results import direct_effects

    job = unpacked(asked.runs).jobs[0]
    return direct_effects.csv(job.region, job.scenario)


def run_all(jobs: Sequence[Job], workers: int, read: Read) -> Generator[tuple[int, int], None, dict[Path, Any]]:
    """Generator of (members done, members in all); when it ends, the folder of every job is complete.

    It returns what is read by folder, as soon as a run is complete, of the jobs that were not complete before;
    `read` goes to worker processes. Closing the generator, or an error in any task, ends them all; parts that
    are stored stay, and the next call goes on from there.
    """
    with contextlib.ExitStack() as stack:
        given = dataclasses.replace(_opened(jobs, stack), read=read)
        tasks = given.tasks(_share(given, workers))
        engine = stack.enter_context(contextlib.closing(_engine(given, min(workers, len(tasks)), _prepare, workers)))
        yield from given.simulated(engine, tasks)
        finished, members = Finished(given), sum(len(job.replicates) for job in jobs)
        for _new in Driver(finished, engine, window=min(AT_ONCE, workers)).run():
            yield members, members
        return finished.found


def _opened(jobs: Sequence[Job], stack: contextlib.ExitStack) -> Runs:
    """The Runs of jobs, whose folders are let go with the stack."""
    held, stored = zip(*[stack.enter_context(run_job.opened(job)) for job in jobs])
    return Runs(tuple(jobs), tuple(map(files.mark_of, held)), stored)


def _engine(given: Runs, processes: int, prepare: Callable[[], None], threads: int,
            packed: bytes = b"") -> Engine[Task, Any]:
    """So many worker processes for which this one prepares, or threads of this one instead of a single process."""
    if processes < 2:
        import_model()                           # before threads ask for it
        return ThreadEngine(threads, given.carry_out)
    return PoolEngine(processes, work, packed or given.packed(), given.jobs[given.open[0]].folder, prepare)


def _prepare() -> None:
    """Import and load what every worker needs that also puts runs together."""
    load()
    _import()


def load() -> None:
    """Import and load what simulates."""
    from sim.runs import compiling

    import_model()
    compiling.load()


def import_model() -> None:
    """Import what simulates, which a command's process may do without."""
    with collector.resting():
        for name in ("sim.runs.compiling", "sim.model.simulate"):
            importlib.import_module(name)


def _import(more: Iterable[str] = ()) -> None:
    """Import what puts runs together, also what it would import late, and more by its names."""
    with collector.resting():
        import xarray as xr

        for name in ("sim.runs.finish", "scipy.sparse.csgraph", *more):
            importlib.import_module(name)
        xr.Variable((), 0.0)          # whose first array looks for other libraries of arrays, and imports them


def _share(given: Runs, workers: int) -> float:
    """Weight of a task of several runs."""
    every = given.load()
    return max(LEAST, every / (workers * max(1, round(every / (workers * USUAL)))))
