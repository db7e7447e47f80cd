"""Parts of a run under way: the outcome of some replicates, stored under its own digest.

folder/parts/<first>-<last>.part. What a kill or the disk spoiled is noticed and computed again.
"""

import contextlib
import hashlib
import io
import shutil

import numpy as np

from sim import plain_files
from sim.errors import CorruptError
from sim.storage import write_bytes, writing

FOLDER = "parts"
DIGEST = hashlib.sha256().digest_size


def save(folder, replicates, outcome):
    """Store the outcome of some replicates."""
    with writing(folder / FOLDER):
        plain_files.made(folder, FOLDER)
    fields = {name: getattr(outcome, name) for name in outcome._fields if name != "arrays"}
    packed = {f"field.{name}": value for name, value in fields.items()}
    for name, array in outcome.arrays.items():
        packed |= _packed(name, array)
    buffer = io.BytesIO()
    np.savez(buffer, replicates=np.asarray(replicates), **packed)
    content = buffer.getvalue()
    write_bytes(folder / FOLDER / _name(replicates), hashlib.sha256(content).digest() + content)


def load(path, kind):
    """Outcome, of type `kind`, of one part; CorruptError if it is not what was stored."""
    with np.load(io.BytesIO(_sound(path)), allow_pickle=False) as stored:
        content = {name: stored[name] for name in stored.files}
    names = sorted({name.split(".")[1] for name in content if name.startswith("array.")})
    arrays = {name: _unpacked(content, name) for name in names}
    fields = {name: content[f"field.{name}"] for name in kind._fields if name != "arrays"}
    return kind(arrays=arrays, **fields)


def replicates_of(path):
    """Replicates of a part that is as it was stored and in its place; CorruptError if it is not."""
    with np.load(io.BytesIO(_sound(path)), allow_pickle=False) as stored:
        replicates = stored["replicates"].tolist()
    if _name(replicates) != path.name:
        raise CorruptError(f"{path}: holds {_name(replicates)}")
    return replicates


def paths(folder):
    """Paths of the stored parts in the order of their replicates."""
    return sorted((folder / FOLDER).glob("*.part"))


def number(folder):
    """How many replicates the names of the stored parts tell of."""
    spans = [[int(end) for end in path.stem.split("-")] for path in paths(folder)]
    return sum(last - first + 1 for first, last in spans)


def remove(folder):
    """Remove all parts, and what a kill left half written."""
    with writing(folder / FOLDER), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder / FOLDER)


def _name(replicates):
    return f"{replicates[0]:06d}-{replicates[-1]:06d}.part"


def _sound(path):
    """A part's content, compared with the digest that it begins with."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorruptError(f"{path}: not readable: {error.strerror}") from error
    if hashlib.sha256(content[DIGEST:]).digest() != content[:DIGEST]:
        raise CorruptError(f"{path}: not what was stored; run the same command again")
    return content[DIGEST:]


def _packed(name, array):
    """Whole numbers as positions and values where that is shorter, as it is for moves."""
    flat = array.reshape(-1)
    where = np.flatnonzero(flat)
    if array.dtype.kind != "i" or where.nbytes + where.size * array.itemsize > array.nbytes:
        return {f"array.{name}.full": array}
    return {f"array.{name}.shape": np.array(array.shape), f"array.{name}.where": where,
            f"array.{name}.value": flat[where]}


def _unpacked(content, name):
    if f"array.{name}.full" in content:
        return content[f"array.{name}.full"]
    value = content[f"array.{name}.value"]
    array = np.zeros(content[f"array.{name}.shape"], value.dtype)
    array.reshape(-1)[content[f"array.{name}.where"]] = value
    return array
