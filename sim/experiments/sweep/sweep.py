"""A sweep: file -> folder of results. What is stored is kept; the same command continues from there."""

import contextlib
import functools
import os
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.base import files as storage
from sim.base import plain_files
from sim.base.errors import CorruptError, InputError, OutputError, Problem
from sim.base.messages import _
from sim.experiments.sweep import finish
from sim.experiments.sweep.sweep_file import Sweep
from sim.runs import identity, output_folder, spool
from sim.runs.driver import Driver
from sim.runs.plan import Plan
from sim.runs.store import SCENARIOS, Store
from sim.runs.sweep_runs import LIMIT, SweepRuns
from sim.runs.worker import SweepSpec, specs_of, work


@dataclass(frozen=True)
class Job:
    """What to run, where to, and how."""

    sweep: Sweep
    folder: Path
    jobs: int = 1
    dask: str = ""                 # address of a scheduler, instead of processes of this machine
    shard: tuple[int, int] = (1, 1)
    stop_on_error: bool = False
    retry_failed: bool = False
    force: bool = False
    limit: float = LIMIT
    command: str = ""

    @functools.cached_property
    def definition(self) -> dict[str, Any]:
        return identity.definition(self.sweep)


class Progress(NamedTuple):
    """Where a sweep stands."""

    done: int                  # runs stored, failed ones among them
    total: int
    failed: int


def usual_folder(file: str | os.PathLike[str], shard: tuple[int, int] = (1, 1)) -> Path:
    """Where the results of a sweep file go if nothing else is said.

    >>> usual_folder("sweeps/demo.toml", (2, 8)).as_posix()
    'outputs/demo-shard-2-of-8'
    """
    stem, (number, shards) = Path(file).stem, shard
    return Path("outputs") / (stem if shards == 1 else f"{stem}-shard-{number}-of-{shards}")


def run(job: Job) -> Generator[Progress, None, None]:
    """Generator of Progress; when it ends, the folder is complete. Closing it ends the workers."""
    folder = storage.open_folder(job.folder)
    with storage.lock(folder) as held:
        claim(job, folder)
        with _logged(job):
            key = identity.key_of(job.definition)
            store = Store(folder, held, key, Plan(job.sweep.experiments, job.shard))
            spool.sweep(folder)
            store.open()
            if job.retry_failed:
                store.forget_failed()
            yield _progress(store)
            yield from _driven(job, store)
            _finish(job, store)
        yield _progress(store)


def _driven(job, store):
    """Bring the missing runs into the store."""
    if store.done.all():
        return
    spec = SweepSpec(store.key, specs_of(job.sweep.experiments))
    with contextlib.closing(_engine(job, spec)) as engine:
        runs = SweepRuns(store, spec, engine.workers, job.stop_on_error)
        for _ in Driver(runs, engine, job.limit).run():
            for trace in runs.traces:
                storage.log(job.folder, trace)
            runs.traces.clear()
            yield _progress(store)


def _engine(job, spec):
    if job.dask:
        from sim.runs.dask_cluster import DaskEngine
        return DaskEngine(job.dask, work, spec.packed, spec.key)
    from sim.runs.process_pool import PoolEngine
    return PoolEngine(job.jobs, work, spec.packed, job.folder, _prepare)


def _prepare():
    """Import and load what every worker needs."""
    from sim.runs import compiling, members  # noqa: F401

    compiling.load()


def _finish(job, store):
    """Results and summary, unless the folder has them already or is a shard's, which `sim merge` reads."""
    store.check()
    if job.shard == (1, 1) and not _is_finished(store):
        finish.finish(store, job.command)
    elif job.shard != (1, 1):
        for entry in store.entries:
            store.rows(entry)


def _is_finished(store):
    try:
        said = finish.read_summary(store.folder)
    except CorruptError as error:
        storage.log(store.folder, f"written again: {error}")
        return False
    same = said and said.get("content") and all(entry.get("blocks") for entry in store.entries)
    return bool(same and said["content"] == finish.content_of(store.entries))


def _progress(store):
    plan = store.plan
    others = plan.total - plan.wanted
    return Progress(int(store.done.sum()) - others, plan.wanted, int(store.failed.sum()))


def claim(job: Job, folder: Path) -> None:
    """Make the folder this sweep's, or refuse if it holds another's."""
    found = None if job.force else identity.read(folder)
    if found:
        identity.refuse_another(folder, found[1], job.definition)
        if identity.shard_of(folder) != tuple(job.shard):
            now, before = ("/".join(map(str, shard)) for shard in (job.shard, identity.shard_of(folder)))
            raise InputError(Problem(str(folder), "--shard",
                                     _("the folder holds shard {before}, not {now}", before=before, now=now),
                                     "", _("choose the same shard, or another --out")))
        return
    files = {"sweep.toml": job.sweep.text.encode("utf-8", "surrogateescape")}
    files |= {f"{SCENARIOS}/{each.name}.{swept.label}.toml": swept.scenario.resolved_toml().encode()
              for each in job.sweep.experiments for swept in each.scenarios}
    names = (*output_folder.OF_SWEEP, *files)
    if not job.force:
        output_folder.refuse_others(folder, output_folder.SWEEP, names, files)
    output_folder.clear(folder, names)
    with storage.writing(folder / SCENARIOS):
        plain_files.made(folder, SCENARIOS)
    hashes = {name: storage.write_checked(folder / name, content) for name, content in files.items()}
    identity.write(folder, job.definition, job.shard, hashes)


@contextlib.contextmanager
def _logged(job):
    """Begin and end in log.txt, with what stopped the sweep if something did."""
    started = time.monotonic()
    storage.log(job.folder, f"started: {job.command or job.sweep.name}")
    for note in job.sweep.notes:
        storage.log(job.folder, f"note: {note}")
    try:
        yield
        storage.log(job.folder, f"complete after {time.monotonic() - started:.1f} s")
    except BaseException as error:
        with contextlib.suppress(OutputError, CorruptError):
            storage.log(job.folder, f"stopped: {type(error).__name__} {error}".rstrip())
        raise
