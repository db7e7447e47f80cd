"""Parts of a run under way: the outcome of some replicates, stored under its own digest.

folder/parts/<first>-<last>.part. What a kill or the disk spoiled is noticed and computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base import plain_files, stored
from sim.base.errors import CorruptError
from sim.base.files import write_bytes, writing
from sim.base.messages import _
from sim.base.sparse_counts import SparseCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import DTypeLike, NDArray

    from sim.model.simulate import Outcome

FOLDER = "parts"
LARGEST = 2**36                # bytes of a part; ten members of a thousand sites have 2**33
DIGEST = hashlib.sha256().digest_size


def save(folder: Path, replicates: Sequence[int], outcome: Outcome) -> None:
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


def load(path: Path, kind: type[Outcome]) -> Outcome:
    """Outcome, of type `kind`, of one part; CorruptError if it is not what was stored."""
    found = opened(path, kind)
    return found._replace(arrays={name: np.asarray(array) for name, array in found.arrays.items()})


def opened(path: Path, kind: type[Outcome]) -> Outcome:
    """The same, with each of its arrays a StoredArray: read from the part when it is used."""
    with np.load(io.BytesIO(_sound(path)), allow_pickle=False) as stored:
        names = sorted({name.split(".")[1] for name in stored.files if name.startswith("array.")})
        arrays = {name: StoredArray(path, name, *_kind_of(stored, name)) for name in names}
        fields = {name: stored[f"field.{name}"] for name in kind._fields if name != "arrays"}
    return kind(arrays=arrays, **fields)


@dataclass(frozen=True)
class StoredArray:
    """An array of a part that was sound when it was opened; `np.asarray` reads it."""

    path: Path
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return self._read(_unpacked).astype(dtype or self.dtype, copy=False)

    def part(self, members: NDArray[np.int64], quarters: NDArray[np.int64]) -> NDArray[Any]:
        """Some members and quarters; of numbers that are stored by position nothing else is unpacked."""
        return self._read(partial(_some, members=members, quarters=quarters))

    def _read(self, unpacked: Callable[[Mapping[str, NDArray[Any]], str], NDArray[Any]]) -> NDArray[Any]:
        try:
            with stored.opened(self.path) as file:
                file.seek(DIGEST)
                with np.load(file, allow_pickle=False) as archive:
                    return unpacked(archive, self.name)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
            raise CorruptError(_("{path}: changed while it was read: {error}", path=self.path,
                                 error=str(error))) from error


def replicates_of(path: Path) -> list[int]:
    """Replicates of a part that is as it was stored and in its place; CorruptError if it is not."""
    with np.load(io.BytesIO(_sound(path)), allow_pickle=False) as stored:
        replicates: list[int] = stored["replicates"].tolist()
    if _name(replicates) != path.name:
        raise CorruptError(_("{path}: it holds what belongs in {name}", path=path, name=_name(replicates)))
    return replicates


def paths(folder: Path) -> list[Path]:
    """Paths of the stored parts in the order of their replicates."""
    return sorted((folder / FOLDER).glob("*.part"))


def is_there(folder: Path, replicates: Sequence[int]) -> bool:
    """Whether a part of just these replicates is stored."""
    return (folder / FOLDER / _name(replicates)).exists()


def number(folder: Path) -> int:
    """How many replicates the names of the stored parts tell of."""
    spans = [[int(end) for end in path.stem.split("-")] for path in paths(folder)]
    return sum(last - first + 1 for first, last in spans)


def remove(folder: Path) -> None:
    """Remove all parts, and what a kill left half written."""
    with writing(folder / FOLDER), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder / FOLDER)


def _name(replicates: Sequence[int]) -> str:
    return f"{replicates[0]:06d}-{replicates[-1]:06d}.part"


def _sound(path: Path) -> bytes:
    """A part's content, compared with the digest that it begins with."""
    try:
        content = stored.content(path, LARGEST)
    except FileNotFoundError:
        raise CorruptError(_("{path}: gone since it was stored", path=path)) from None
    if hashlib.sha256(content[DIGEST:]).digest() != content[:DIGEST]:
        raise CorruptError(_("{path}: changed since it was stored; run the same command again", path=path))
    return content[DIGEST:]


def _packed(name: str, array: NDArray[Any] | SparseCounts) -> dict[str, NDArray[Any]]:
    """Whole numbers as positions and values where that is shorter, as it is for moves."""
    if isinstance(array, SparseCounts):
        where, value = array.packed()
        return _positions(name, array.shape, where, value)
    flat = array.reshape(-1)
    where = np.flatnonzero(flat != 0)             # of truth values it is several times as fast as of numbers
    if array.dtype.kind != "i" or where.nbytes + where.size * array.itemsize > array.nbytes:
        return {f"array.{name}.full": array}
    return _positions(name, array.shape, where, flat[where])


def _positions(name: str, shape: tuple[int, ...], where: NDArray[np.int64],
               value: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {f"array.{name}.shape": np.array(shape), f"array.{name}.where": where, f"array.{name}.value": value}


def _kind_of(stored: Mapping[str, NDArray[Any]], name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of an array, before it is unpacked."""
    if f"array.{name}.full" in stored:
        array = stored[f"array.{name}.full"]
        return array.shape, array.dtype
    return tuple(stored[f"array.{name}.shape"].tolist()), stored[f"array.{name}.value"].dtype


def _unpacked(stored: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if f"array.{name}.full" in stored:
        return stored[f"array.{name}.full"]
    value = stored[f"array.{name}.value"]
    array = np.zeros(stored[f"array.{name}.shape"], value.dtype)
    array.reshape(-1)[stored[f"array.{name}.where"]] = value
    return array


def _some(stored: Mapping[str, NDArray[Any]], name: str, members: NDArray[np.int64],
          quarters: NDArray[np.int64]) -> NDArray[Any]:
    if f"array.{name}.full" in stored:
        return stored[f"array.{name}.full"][members][:, quarters]
    shape = tuple(stored[f"array.{name}.shape"].tolist())
    counts = SparseCounts.of(shape, stored[f"array.{name}.where"], stored[f"array.{name}.value"])
    return counts.part(members, quarters)
