"""The folder of a sweep: one writer, immutable parts, a manifest with a line for each of them.

outputs/<sweep>/  sweep.json sweep.toml manifest.jsonl parts/<experiment>/*.parquet, and when finished
                  results/<experiment>.parquet manifest.json failed.csv; log.txt

A part is written beside its place, synchronised, read back, renamed; then its line is added to the
manifest. What a kill or the disk spoiled is noticed and computed again, and only that.

Decision 55 (docs/decisions.md).
"""

import contextlib
import hashlib
import os
import zlib
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path

import numpy as np
import pyarrow as pa

from sim.base import files, plain_files, stored
from sim.base.errors import CorruptError, OutputError
from sim.base.messages import _
from sim.runs import plan as numbering
from sim.runs import rows as run_rows
from sim.runs.entries import LINES, PARTS, RESULTS, Entry, line_of, lines_in, sound_lines
from sim.runs.plan import Chunk, Plan
from sim.runs.worker import Done

SCENARIOS = "scenarios"


class Store:
    """A sweep's folder that this process alone writes to; `done` and `failed` say what it holds."""

    def __init__(self, folder: str | Path, held: TextIOWrapper, key: str, plan: Plan) -> None:
        self.folder, self.key, self.plan = Path(folder), key, plan
        self._held = held
        self.entries: list[Entry] = []     # of parts and results, as the manifest's lines say
        self.done = plan.new_done()
        self.failed = np.zeros(plan.total, dtype=bool)

    def open(self) -> None:
        """Take stock of what is there; what is not as it was stored is removed, to be made anew."""
        _remove_unfinished(self.folder)
        for entry in sound_lines(self.folder):
            self._admit(entry)
        self._adopt()
        self._rewrite()

    def forget_failed(self) -> None:
        """Count failed runs as not done; what is stored of them later wins."""
        self.done &= ~self.failed
        self.failed[:] = False

    def add(self, chunk: Chunk, done: Done) -> None:
        """Store a finished chunk: its part first, then the line that acknowledges it."""
        self.check()
        name = self.plan.experiments[chunk.experiment].name
        path = f"{PARTS}/{name}/{chunk.runs.min():08d}-{zlib.crc32(done.content):08x}.parquet"
        run_rows.sound(pa.BufferReader(done.content), self.key, path)
        self._write(path, done.content)
        entry: Entry = {"path": path, "experiment": name, "runs": numbering.ranges(chunk.runs),
                 "failed": [run for run, _ in done.failed],
                 "sha256": hashlib.sha256(done.content).hexdigest(), "seconds": round(done.seconds, 3)}
        self._append(entry)
        self._count(entry)

    def check(self) -> None:
        """OutputError if the folder has been removed or replaced since it was opened."""
        files.check_mark(self.folder, files.mark_of(self._held))

    def rows(self, entry: Entry) -> pa.Table:
        """The table of a part, compared with what was stored; OutputError if it is gone."""
        path = self.folder / entry["path"]
        content = _content(path)
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise CorruptError(_("{path}: changed since it was stored; run the same command again", path=path))
        return run_rows.sound(pa.BufferReader(content), self.key, path)

    def block(self, entry: Entry, place: int) -> pa.Table:
        """One block of results, compared with what was stored."""
        path = self.folder / entry["path"]
        rows = run_rows.block(path, place)
        if run_rows.digest(rows) != entry["blocks"][place]:
            raise CorruptError(_("{path}: changed since it was stored; run the same command again", path=path))
        return rows

    def replace(self, entries: Iterable[Entry]) -> None:
        """Put other entries in the place of all there are."""
        self.check()
        self.entries = list(entries)
        self._rewrite()

    def remove_parts(self) -> None:
        """Remove the parts, once the results hold their rows."""
        files.remove_folder(self.folder / PARTS)

    def _admit(self, entry: Entry) -> None:
        """Count what an entry stands for, if it is sound; salvage blocks of results that are not."""
        path = self.folder / entry["path"]
        if stored.is_as_written(path, entry["sha256"]):
            self.entries.append(entry)
            self._count(entry)
            return
        files.log(self.folder, f"removed: {path}: changed since it was stored")
        for rows in run_rows.sound_blocks(path, entry.get("blocks", ())):
            self.keep(entry["experiment"], rows)
        with files.writing(path):
            path.unlink(missing_ok=True)

    def _adopt(self) -> None:
        """Files without a line, as after a kill between the two: kept if sound and if they add a run."""
        listed = {entry["path"] for entry in self.entries}
        for path in sorted((self.folder / PARTS).glob("*/*")):
            if path.relative_to(self.folder).as_posix() in listed:
                continue
            try:
                entry = self._entry_of(path)
            except (CorruptError, OutputError) as error:
                files.log(self.folder, f"removed: {error}")
                entry = None
            if entry and not self.done[numbering.numbers(entry["runs"])].all():
                self.entries.append(entry)
                self._count(entry)
            else:
                with files.writing(path):
                    path.unlink()

    def keep(self, experiment: str, rows: pa.Table) -> None:
        """Store rows that were saved from another file as a part of this sweep."""
        content = run_rows.parquet(rows, self.key)
        path = f"{PARTS}/{experiment}/{rows['run'][0].as_py():08d}-{zlib.crc32(content):08x}.parquet"
        self._write(path, content)
        entry = self._entry_of(self.folder / path)
        self._append(entry)
        self._count(entry)

    def _entry_of(self, path: Path) -> Entry:
        """The entry of a part, from the part itself."""
        names = {each.name for each in self.plan.experiments}
        if path.suffix != ".parquet" or path.parent.name not in names:
            raise CorruptError(_("{path}: left over", path=path))
        content = _content(path)
        rows = run_rows.sound(pa.BufferReader(content), self.key, path)
        runs = rows["run"].to_numpy()
        if not len(runs) or runs.min() < 0 or runs.max() >= self.plan.total:
            raise CorruptError(_("{path}: it holds other runs", path=path))
        failed = runs[np.array(rows["status"].to_pylist()) == run_rows.FAILED]
        return {"path": path.relative_to(self.folder).as_posix(), "experiment": path.parent.name,
                "runs": numbering.ranges(runs), "failed": failed.tolist(),
                "sha256": hashlib.sha256(content).hexdigest()}

    def _count(self, entry: Entry) -> None:
        runs = numbering.numbers(entry["runs"])
        self.done[runs] = True
        self.failed[runs] = False
        self.failed[np.asarray(entry["failed"], dtype=np.int64)] = True

    def _write(self, path: str, content: bytes) -> None:
        path = self.folder / path
        with files.writing(path):
            plain_files.made(self.folder, *path.relative_to(self.folder).parent.parts)
        files.write_checked(path, content)
        sync(path.parent)

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        path = self.folder / LINES
        with files.writing(path), plain_files.kept(path) as file:
            file.write(line_of(entry))
            file.flush()
            os.fsync(file.fileno())

    def _rewrite(self) -> None:
        content = b"".join(map(line_of, self.entries))
        if lines_in(self.folder) != content:
            files.write_checked(self.folder / LINES, content)
            sync(self.folder)


def _remove_unfinished(folder: Path) -> None:
    """Remove what a kill left half written; `files.open_folder` has seen that these folders are no links."""
    places = ("", f"{PARTS}/*/", f"{RESULTS}/", f"{SCENARIOS}/")
    for path in [path for place in places for path in folder.glob(f"{place}*{files.UNFINISHED}")]:
        with files.writing(path):
            path.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make a folder's names last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _content(path: Path) -> bytes:
    try:
        return stored.content(path)
    except FileNotFoundError:
        raise OutputError(_("{path}: gone since it was written; run the same command again", path=path)) from None
