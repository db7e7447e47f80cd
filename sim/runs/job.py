"""A run's folder: opened and claimed for a job, and filled with parts. How it ends: `finish`."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sim.base import files as storage
from sim.base import provenance
from sim.base.errors import CorruptError, OutputError, Problem
from sim.model.preflight import validation
from sim.runs import manifest, parts, spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import TextIOWrapper

    from sim.model.outcome import Outcome
    from sim.region.load import Region
    from sim.scenario.load import Scenario

CHUNK = 10                    # members of a chunk at most: about a second of work
MOST = 11                     # of a run's, whose chunks differ so that all take as long


@dataclass(frozen=True)
class Job:
    """What to run, where to, on how many threads and in chunks of how many members at most."""

    scenario: Scenario
    region: Region
    folder: Path
    jobs: int = 1
    force: bool = False
    chunk: int = MOST
    warnings: tuple[Problem, ...] = ()     # Problems with the scenario that do not stop the run, for the records
    command: str = ""          # what the user typed, for the records
    processor: dict[str, str] = dataclasses.field(default_factory=dict)    # as another process tells, if one did

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
        parts.sweep(folder)
        if not job.force and manifest.is_complete(job):
            parts.remove(folder)
            yield held, Stored(set(job.replicates), complete=True)
            return
        if not job.force:
            manifest.refuse_another(job)
        with _logged(job):
            since = time.monotonic()
            manifest.claim(job)
            try:
                yield held, Stored(_sound_parts(folder), since=since)
            finally:
                parts.sweep(folder)              # of workers who were ended as they stored one


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


def stored_by_now(job: Job, stored: Stored) -> Stored:
    """What the folder holds after others have stored more of it."""
    return stored._replace(replicates=_sound_parts(job.folder))


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
