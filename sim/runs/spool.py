"""A folder by which a process and its workers hand each other work and results, files of any size.

What is said aloud is only a file's name and its digest, so that no message is ever cut in two by a death.
The folder lies in the output folder, belongs to the process that holds that folder's lock, and goes with
it. What a killed process left of one is removed at the next start and never read.
"""

import contextlib
import hashlib
import shutil
import tempfile
from pathlib import Path

from sim.base import files
from sim.base.errors import CorruptError
from sim.base.messages import _

PREFIX = ".workers-"


def make(folder: str | Path) -> Path:
    """A new spool in an output folder whose lock is held, for its owner alone; left-over ones are removed."""
    sweep(folder)
    with files.writing(folder):
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))


def sweep(folder: str | Path) -> None:
    """Remove spools that killed processes left in an output folder whose lock is held; links are not followed."""
    for path in Path(folder).glob(f"{PREFIX}*"):
        with files.writing(path):
            if path.is_dir() and not path.is_symlink():
                remove(path)
            else:
                path.unlink(missing_ok=True)


def remove(spool: Path) -> None:
    """Remove a spool with all that is in it; a worker that is about to die may still write there."""
    shutil.rmtree(spool, ignore_errors=True)


def put(spool: str | Path, name: str, content: bytes) -> str:
    """Write a new file; its digest. OutputError if the system does not let us."""
    path = Path(spool) / name
    with files.writing(path), open(path, "xb") as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def take(spool: str | Path, name: str, digest: str) -> bytes:
    """The content of a file, which is removed; CorruptError if it is not what was written."""
    content = read(spool, name)
    with contextlib.suppress(OSError):
        (Path(spool) / name).unlink()
    if hashlib.sha256(content).hexdigest() != digest:
        raise CorruptError(_("{path}: changed since it was written; run the same command again",
                             path=Path(spool) / name))
    return content


def read(spool: str | Path, name: str) -> bytes:
    """The content of a file, which stays."""
    path = Path(spool) / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorruptError(_("{path}: cannot be read: {why}; run the same command again",
                             path=path, why=error.strerror or str(error))) from None
