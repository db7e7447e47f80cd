"""The folder of a run: one writer, parts that survive a kill, a manifest that is written last.

outputs/<scenario>/  manifest.json scenario.toml resolved.toml results.nc summary.csv assumed.csv
                     ledger.csv
                     figures/ log.txt, and parts/ while a run is under way.

Every file is written beside its place and then renamed, so it is there in full or not at all.
"""

import contextlib
import datetime
import hashlib
import io
import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.base import plain_files, shapes, stored
from sim.base.errors import CorruptError, LockedError, OutputError
from sim.base.messages import _

MANIFEST, LOCK, LOG, UNFINISHED = "manifest.json", ".lock", "log.txt", ".tmp"
SCHEMA, READ = 2, (1, 2)       # version of the layout that is written; those that are read
LONGEST_OWNER = 300            # characters
Mark = tuple[int, int]         # of a file while it is open: device and number on it


def open_folder(path: str | Path) -> Path:
    """The folder, made if need be; OutputError if it cannot be written to, or leads elsewhere."""
    folder = Path(path)
    if os.path.isfile(folder):
        raise OutputError(_("{path}: it is a file; choose a folder for the results", path=path))
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        plain_files.check(folder)
    write_bytes(folder / ".probe", b"")
    (folder / ".probe").unlink()
    return folder


def check_folder(folder: str | Path) -> None:
    """OutputError if a folder that is to be read, where there is one, holds links or what is no file."""
    try:
        plain_files.check(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise OutputError(_("{path}: cannot be read: {reason}", path=folder, reason=error.strerror or error)) from error


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """What the system refuses inside (disk full, no such folder) becomes an OutputError on `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(_("{path}: cannot be written: {reason}", path=path, reason=reason)) from error


def remove_folder(path: Path) -> None:
    """Remove a folder of ours with all that is in it, if it is there."""
    with writing(path), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path)


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[io.TextIOWrapper]:
    """Hold the folder for this process alone; LockedError names the process that has it.

    Yields the lock, for `mark_of`. The system itself frees what a dead process held, so that no
    lock outlives its owner.
    """
    from multiprocessing import util

    path = folder / LOCK
    with writing(folder):
        file = _seized(path)
        util.register_after_fork(file, io.TextIOWrapper.close)      # a worker, which may outlive us by a moment
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):       # Windows keeps a file that is open
            path.unlink()
        file.close()


def mark_of(file: io.TextIOWrapper) -> Mark:
    """What tells a lock's file from every other, while it is open: to other processes too."""
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino


def check_mark(folder: Path, mark: Mark) -> None:
    """OutputError if the folder whose lock has this mark has been removed or replaced since."""
    if not _is(folder / LOCK, mark):
        raise OutputError(_("{path}: removed or replaced while the run was writing to it", path=folder))


def _seized(path: Path) -> io.TextIOWrapper:
    """The lock's file, open and locked, and still the one of that name."""
    while True:
        file = io.TextIOWrapper(plain_files.kept(path), encoding="utf-8", errors="replace")
        try:
            _seize(file)
        except (BlockingIOError, PermissionError):
            file.seek(0)
            owner = file.read(LONGEST_OWNER) or _("another process")
            file.close()
            raise LockedError(_("{path}: in use by {owner}; wait for it, or choose another --out",
                                path=path.parent, owner=owner)) from None
        if _is(path, mark_of(file)):
            return file
        file.close()                             # its owner took it away as we opened it


def _is(path: Path, mark: Mark) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == mark


def _seize(file: io.TextIOWrapper) -> None:
    """Lock an open file or raise at once; far from its text, which others must be able to read."""
    if sys.platform == "win32":
        import msvcrt
        file.seek(1 << 30)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_bytes(path: Path, content: bytes | memoryview, lasting: bool = True) -> None:
    """Write a file so that it is there in full or not at all; through a power cut too if it is `lasting`.

    A link of its name is replaced, never followed.
    """
    temporary = path.with_name(path.name + UNFINISHED)
    try:
        with writing(path):
            with plain_files.new(temporary) as file:
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def log(folder: Path, text: str) -> None:
    """Add a line with the time (UTC) to log.txt."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    with writing(folder / LOG), plain_files.kept(folder / LOG) as file:
        file.write(f"{now} {text}\n".encode("utf-8", "backslashreplace"))


def write_checked(path: Path, content: bytes | memoryview) -> str:
    """Write a file, compare what the disk gives back with what was written, and return the hash of that."""
    write_bytes(path, content)
    digest = hashlib.sha256(content).hexdigest()
    required_back(path, digest)
    return digest


def required_back(path: Path, digest: str) -> None:
    """OutputError if a file that this program has written is gone or holds something else by now."""
    if not stored.is_as_written(path, digest):
        raise OutputError(_("{path}: missing, or changed since it was written; run the same command again", path=path))


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write manifest.json."""
    write_json(folder / MANIFEST, content)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write an object as JSON with a hash of all that it says, for `stored.unsealed`."""
    text = json.dumps(stored.sealed(content), indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False)
    write_checked(path, (text + "\n").encode("utf-8", "backslashreplace"))


def read_manifest(folder: str | Path) -> dict[str, Any] | None:
    """The manifest as a dict, or None where there is none; CorruptError if it is not one of ours."""
    path = Path(folder) / MANIFEST
    try:
        content = stored.unsealed(path)
    except FileNotFoundError:
        return None
    except CorruptError as error:
        raise CorruptError(_("{error}; --force replaces the run", error=error.args[0])) from error
    if content.get("schema") not in READ:
        raise CorruptError(_("{path}: not the manifest of a run that this version reads; --force replaces the run",
                             path=path))
    return shapes.required(shapes.OfRun, _of_today(content), path, _("the manifest of a run"),
                           _("; --force replaces the run"))


def _of_today(content: dict[str, Any]) -> dict[str, Any]:
    """A manifest under the names of today; 0.2.0 has "honesty", and warnings in English alone."""
    warnings = content.get("warnings", [])
    if isinstance(warnings, list):
        content["warnings"] = [{"text": each, "text_zh": each} if isinstance(each, str) else each for each in warnings]
    if "honesty" in content:
        content["evidence"] = content.pop("honesty")
    return content
