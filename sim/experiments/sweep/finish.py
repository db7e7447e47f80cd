"""The results of a finished sweep: one Parquet file an experiment, a row group for each block of runs."""

import contextlib
import datetime
import hashlib
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.base import files, plain_files, provenance, shapes, stored
from sim.base.errors import OutputError
from sim.base.messages import _
from sim.results import summary
from sim.runs import processor
from sim.runs import rows as run_rows
from sim.runs.entries import RESULTS, Entry
from sim.runs.store import Store, sync

SUMMARY, FAILURES = "summary.json", "failed.csv"


def finish(store: Store, command: str) -> None:
    """Put all parts together, write the summary, then remove the parts.

    What is written does not depend on how the runs were cut into parts.
    """
    plan = store.plan
    entries = [_compacted(store, number, each) for number, each in enumerate(plan.experiments)]
    failures = _failures(store, entries)
    failures_digest = files.write_checked(store.folder / FAILURES, summary.csv_of(failures))
    store.replace(entries)
    said = {"schema": 1, "kind": "sweep", "status": "complete", "key": store.key, "runs": plan.total,
            "failed": int(store.failed.sum()), "content": content_of(entries),
            "experiments": {entry["experiment"]: {"path": entry["path"], "sha256": entry["sha256"],
                                                  "runs": each.runs, "failed": len(entry["failed"])}
                            for entry, each in zip(entries, plan.experiments)},
            "command": command, "commit": provenance.commit(), "versions": provenance.versions(),
            "processor": processor.used(), "sha256": {FAILURES: failures_digest},
            "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}
    files.write_json(store.folder / SUMMARY, said)
    store.remove_parts()
    store.check()
    for entry in entries:                  # a file of results may have gone while the last words were written
        files.required_back(store.folder / entry["path"], entry["sha256"])


def content_of(entries: Iterable[Entry]) -> str:
    """sha256 of all values of all runs, in their order; parts, files and the way there leave no trace."""
    text = json.dumps({entry["experiment"]: entry["blocks"] for entry in entries}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_summary(folder: Path) -> dict[str, Any] | None:
    """summary.json of a finished sweep, None where there is none; CorruptError if it is not one of ours."""
    path = folder / SUMMARY
    try:
        return shapes.required(shapes.OfSweep, stored.unsealed(path), path, "the summary of a sweep")
    except FileNotFoundError:
        return None


def _compacted(store, number, experiment):
    """The entry of an experiment's file of results, which is written block by block."""
    mine = [entry for entry in store.entries if entry["experiment"] == experiment.name]
    if len(mine) == 1 and mine[0].get("blocks"):
        return mine[0]
    path = store.folder / RESULTS / f"{experiment.name}.parquet"
    temporary, digests, failed = path.with_name(path.name + files.UNFINISHED), [], []
    try:
        with files.writing(path):
            plain_files.made(store.folder, RESULTS)
            file = _Hashed(temporary)
        with files.writing(path), _writer(file, run_rows.schema(experiment), store.key) as writer:
            for place, (first, last) in enumerate(store.plan.blocks(number)):
                rows = gathered(store, mine, (first, last), place)
                digests.append(run_rows.digest(rows))
                failed += rows.filter(pc.equal(rows["status"], run_rows.FAILED))["run"].to_pylist()
                writer.write_table(rows, row_group_size=len(rows))
        store.check()
        with files.writing(path):
            os.replace(temporary, path)
        sync(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return {"path": f"{RESULTS}/{experiment.name}.parquet", "experiment": experiment.name,
            "runs": [[int(store.plan.offsets[number]), int(store.plan.offsets[number + 1]) - 1]],
            "failed": failed, "blocks": digests, "sha256": file.hexdigest()}


class _Hashed(io.FileIO):
    """A new file, and the hash of the bytes that were meant for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(plain_files.opened_anew(path), "wb")
        self._said = hashlib.sha256()

    def write(self, content: Any) -> int:
        """Write all of it."""
        self._said.update(content)
        left = memoryview(content).cast("B")
        while left:
            left = left[super().write(left):]
        return memoryview(content).nbytes

    def hexdigest(self) -> str:
        """Hash of all that was written."""
        return self._said.hexdigest()


@contextlib.contextmanager
def _writer(file, schema, key):
    """A writer of Parquet to a file that is on the disk when it is closed."""
    named = schema.with_metadata({"sweep": key})
    with file:
        with pq.ParquetWriter(file, named, **run_rows.STORED) as writer:
            yield writer
        os.fsync(file.fileno())


def gathered(store: Store, entries: Iterable[Entry], bounds: tuple[int, int], place: int) -> pa.Table:
    """The rows of a block in the order of the runs; of a run that is there twice, what was stored last."""
    first, last = bounds
    found, where, count = [], np.full(last - first, -1), 0
    for entry in entries:
        if not any(a < last and b >= first for a, b in entry["runs"]):
            continue
        rows = store.block(entry, place) if entry.get("blocks") else store.rows(entry)
        runs = rows["run"].to_numpy() - first
        inside = (runs >= 0) & (runs < last - first)
        where[runs[inside]] = count + np.flatnonzero(inside)
        found.append(rows.replace_schema_metadata(None))
        count += len(rows)
    if (where < 0).any():
        raise OutputError(_("{folder}: runs are missing; run the same command again", folder=store.folder))
    return pa.concat_tables(found).take(where).combine_chunks()


def _failures(store, entries):
    """DataFrame of the runs that have no result: who they are and why."""
    found = []
    for entry, experiment in zip(entries, store.plan.experiments):
        if entry["failed"]:
            axes = [axis.name for axis in experiment.axes]
            rows = pq.read_table(store.folder / entry["path"], filters=[("status", "=", run_rows.FAILED)],
                                 columns=["run", "point", "scenario", "replicate", *axes, "reason"])
            found.append(run_rows.in_both(rows.to_pandas()).assign(experiment=experiment.name))
    head = ["experiment", "run", "point", "scenario", "replicate", "reason", "reason_zh"]
    every = pd.concat(found) if found else pd.DataFrame(columns=head)
    return every[[*head, *(name for name in every.columns if name not in head)]]
