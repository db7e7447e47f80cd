"""The end of a run: its parts become results, tables and a manifest.

What labels, stores and sums up results takes a quarter of a second to import. No member waits for that.
"""

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import xarray as xr

from sim.base import files as storage
from sim.base import forked
from sim.base.errors import CorruptError
from sim.base.messages import _
from sim.model.outcome import Outcome
from sim.results import dataset, evidence, from_outcomes, public_accounts, summary
from sim.results.run_folder import RESOLVED
from sim.runs import limits, manifest, parts
from sim.runs.job import Job


class Read(Protocol):
    """What is to be known of a finished run, from its folder or its results where they are at hand."""

    def __call__(self, folder: Path, *, data: xr.Dataset | None = None) -> Any: ...


def finish(job: Job, mark: storage.Mark, since: float, read: Read | None = None, processes: int = 1,
           assumed: bytes = b"") -> Any:
    """Put the parts together, write results and tables, and last the manifest; what `read` makes of them, or None.

    Variables of the results are in memory one at a time. mark is that of the folder's lock, whoever holds it;
    since when the job is worked at, in time.monotonic(). With more processes than one another makes the tables, but
    for that of what was `assumed` if it is there.
    """
    folder = job.folder
    storage.check_mark(folder, mark)
    found = [parts.opened(path, Outcome) for path in parts.paths(folder)]
    if [replicate for replicates, _outcome in found for replicate in replicates] != list(job.replicates):
        raise CorruptError(_("{folder}: parts are missing; run the same command again", folder=folder))
    data = from_outcomes.dataset(job.region, job.scenario, (outcome for _, outcome in found), job.replicates)
    contents: dict[str, Callable[[], bytes | memoryview]] = {
        "results.nc": lambda: _results(data, processes),
        "summary.csv": lambda: summary.csv_of(summary.table(data)),
        "assumed.csv": lambda: assumed or _assumed(job),
        "ledger.csv": lambda: summary.csv_of(public_accounts.table(data)),
        RESOLVED: lambda: job.scenario.resolved_toml().encode()}
    digests = forked.mapped(lambda name: storage.write_checked(folder / name, contents[name]()), contents, processes)
    hashes = dict(zip(contents, digests, strict=True))
    storage.write_manifest(folder, manifest.of_job(
        job, "complete", sha256=hashes,
        finished=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        evidence=evidence.panel(job.region, job.scenario, data),
        seconds=round(time.monotonic() - since, 3)))
    for name, digest in hashes.items():
        storage.required_back(folder / name, digest)
    known = read and read(folder, data=data)
    parts.remove(folder)
    return known


def _assumed(job: Job) -> bytes:
    """The table of what was assumed; it needs the model, which nothing else here does."""
    from sim.results import direct_effects

    return direct_effects.csv(job.region, job.scenario)


def _results(data: xr.Dataset, threads: int) -> bytes:
    """The bytes of results.nc, compressed by so many threads."""
    with limits.threads(threads) as pool:
        return dataset.netcdf_of(data, pool.map if threads > 1 else map)
