"""The folder of a run: one writer, parts that survive a kill, a manifest that is written last.

outputs/<scenario>/  manifest.json scenario.toml resolved.toml results.nc summary.csv assumed.csv
                     figures/ log.txt, and parts/ while a run is under way.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path

import numpy as np

from sim.errors import CorruptError, LockedError, OutputError

MANIFEST, LOCK, PARTS = "manifest.json", ".lock", "parts"
SCHEMA = 1


def open_folder(path):
    """The folder, made if need be; OutputError if it cannot be written to."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / ".probe", b"")
        (folder / ".probe").unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return folder


@contextlib.contextmanager
def lock(folder):
    """Hold the folder for this process; a lock whose owner is gone is taken over."""
    path = folder / LOCK
    while True:
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            _take_over(path, folder)
    os.write(handle, str(os.getpid()).encode())
    os.close(handle)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _take_over(path, folder):
    try:
        owner = int(path.read_text() or 0)
        os.kill(owner, 0)
    except (ValueError, ProcessLookupError, FileNotFoundError):
        path.unlink(missing_ok=True)
        return
    except PermissionError:
        pass
    raise LockedError(f"{folder}: in use by process {owner}; wait for it, or choose another --out")


def write_bytes(path, content):
    """Write a file so that it is there in full or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def write_manifest(folder, content):
    """Write manifest.json."""
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True, default=str)
    write_bytes(folder / MANIFEST, (text + "\n").encode())


def read_manifest(folder):
    """The manifest as a dict, or None where there is none."""
    try:
        return json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, UnicodeDecodeError) as error:
        raise CorruptError(f"{folder}/{MANIFEST}: not readable as JSON: {error}") from error


def save_part(folder, replicates, outcome):
    """Store the outcome of some replicates; most flows are zero, so they are kept as positions."""
    (folder / PARTS).mkdir(exist_ok=True)
    fields = {name: getattr(outcome, name) for name in outcome._fields if name != "arrays"}
    packed = {f"field.{name}": value for name, value in fields.items()}
    for name, array in outcome.arrays.items():
        packed |= _packed(name, array)
    path = folder / PARTS / f"{replicates[0]:06d}-{replicates[-1]:06d}.npz"
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        np.savez(file, replicates=np.asarray(replicates), **packed)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def load_part(path, kind):
    """(replicates, outcome of type `kind`) of one part; CorruptError if it is not readable."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            content = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise CorruptError(f"{path}: not readable: {error}; delete it and run again") from error
    names = sorted({name.split(".")[1] for name in content if name.startswith("array.")})
    arrays = {name: _unpacked(content, name) for name in names}
    fields = {name: content[f"field.{name}"] for name in kind._fields if name != "arrays"}
    return content["replicates"].tolist(), kind(arrays=arrays, **fields)


def parts(folder):
    """Paths of the stored parts in the order of their replicates."""
    return sorted((folder / PARTS).glob("*.npz"))


def sha256(path):
    """Hex digest of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _packed(name, array):
    if array.dtype.kind != "i":
        return {f"array.{name}.full": array}
    flat = array.reshape(-1)
    where = np.flatnonzero(flat)
    return {f"array.{name}.shape": np.array(array.shape), f"array.{name}.where": where,
            f"array.{name}.value": flat[where]}


def _unpacked(content, name):
    if f"array.{name}.full" in content:
        return content[f"array.{name}.full"]
    value = content[f"array.{name}.value"]
    array = np.zeros(content[f"array.{name}.shape"], value.dtype)
    array.reshape(-1)[content[f"array.{name}.where"]] = value
    return array
