"""A run's folder: opened and claimed for a job, filled with parts, and at the end with results and tables."""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.base import files as storage
from sim.base import provenance
from sim.base.errors import CorruptError, OutputError, Problem
from sim.base.messages import _
from sim.model.preflight import validation
from sim.model.simulate import Outcome
from sim.results import dataset, direct_effects, evidence, from_outcomes, public_accounts, summary
from sim.results.run_folder import RESOLVED
from sim.runs import manifest, parts, spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from io import TextIOWrapper

    from sim.region.load import Region
    from sim.scenario.load import Scenario

CHUNK = 10                    # members of a chunk at most: about a second of work


@dataclass(frozen=True)
class Job:
    """What to run, where to, on how many threads and in chunks of how many members at most."""

    scenario: Scenario
    region: Region
    folder: Path
    jobs: int = 1
    force: bool = False
    chunk: int = CHUNK
    warnings: tuple[Problem, ...] = ()     # Problems with the scenario that do not stop the run, for the records
    command: str = ""          # what the user typed, for the records

    @functools.cached_property
    def key(self) -> str:
        """Equal keys mean equal results: scenario, region, versions of what computes."""
        versions = map(str, provenance.versions().items())
        text = "|".join([self.scenario.name, self.scenario.digest, self.region.digest, *versions])
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

    @property
    def replicates(self) -> range:
        return range(self.scenario.values.run.replicates)


class Stored(NamedTuple):
    """What a job's folder holds of it."""

    replicates: set[int]
    complete: bool = False
    since: float = 0.0         # time.monotonic() when this process began with it


@contextlib.contextmanager
def opened(job: Job) -> Iterator[tuple[TextIOWrapper, Stored]]:
    """A job's folder, locked and claimed: (the lock, the Stored replicates)."""
    folder = storage.open_folder(job.folder)
    with storage.lock(folder) as held, validation.located(job.scenario):
        spool.sweep(folder)
        if not job.force and manifest.is_complete(job):
            parts.remove(folder)
            yield held, Stored(set(job.replicates), complete=True)
            return
        if not job.force:
            manifest.refuse_another(job)
        with _logged(job):
            since = time.monotonic()
            manifest.claim(job)
            yield held, Stored(_sound_parts(folder), since=since)


@contextlib.contextmanager
def _logged(job: Job) -> Iterator[None]:
    """Begin and end in log.txt, with what stopped the run if something did."""
    log = functools.partial(storage.log, job.folder)
    log(f"started: {job.command or job.scenario.name}")
    for warning in job.warnings:
        log(f"warning: {warning}")
    try:
        yield
        log("complete")
    except BaseException as error:
        with contextlib.suppress(OutputError):
            log(f"stopped: {type(error).__name__} {error}".rstrip())
        raise


def _sound_parts(folder: Path) -> set[int]:
    """Replicates that are stored; a part that is not as it was stored is removed, to be made again."""
    done: set[int] = set()
    for path in parts.paths(folder):
        try:
            done.update(parts.replicates_of(path))
        except CorruptError as error:
            storage.log(folder, f"removed: {error}")
            with storage.writing(path):
                path.unlink()
    return done


def store(job: Job, mark: storage.Mark, replicates: Sequence[int], outcome: Outcome) -> None:
    """Store the outcome of some replicates in the folder whose lock has this mark."""
    storage.check_mark(job.folder, mark)
    parts.save(job.folder, replicates, outcome)


def finish(job: Job, mark: storage.Mark, since: float) -> None:
    """Put the parts together, write results and tables, and last the manifest.

    Variables of the results are in memory one at a time. mark is that of the folder's lock, whoever holds it;
    since when the job is worked at, in time.monotonic().
    """
    folder = job.folder
    paths = parts.paths(folder)
    storage.check_mark(folder, mark)
    if [replicate for path in paths for replicate in parts.replicates_of(path)] != list(job.replicates):
        raise CorruptError(_("{folder}: parts are missing; run the same command again", folder=folder))
    outcomes = (parts.opened(path, Outcome) for path in paths)
    data = from_outcomes.dataset(job.region, job.scenario, outcomes, job.replicates)
    hashes = _written(folder, {
        "results.nc": dataset.netcdf_of(data), "summary.csv": summary.csv_of(summary.table(data)),
        "assumed.csv": summary.csv_of(direct_effects.effects(job.region, job.scenario)),
        "ledger.csv": summary.csv_of(public_accounts.table(data)),
        RESOLVED: job.scenario.resolved_toml().encode()})
    storage.write_manifest(folder, manifest.of_job(
        job, "complete", sha256=hashes,
        finished=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        evidence=evidence.panel(job.region, job.scenario, data),
        seconds=round(time.monotonic() - since, 3)))
    for name, digest in hashes.items():
        storage.required_back(folder / name, digest)
    parts.remove(folder)


def _written(folder: Path, files: Mapping[str, bytes | memoryview]) -> dict[str, str]:
    """Write files (name -> bytes), each read back; name -> hash of what was computed."""
    return {name: storage.write_checked(folder / name, content) for name, content in files.items()}
