"""Parts of a run under way: the outcome of some replicates, stored under its own digest.

folder/parts/<first>-<last>.part. What a kill or the disk spoiled is noticed and computed again.
"""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base import plain_files, stored
from sim.base.errors import CorruptError
from sim.base.files import UNFINISHED, remove_folder, write_bytes, writing
from sim.base.messages import _
from sim.base.sparse_counts import SparseCounts, part_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from io import BufferedReader

    from numpy.typing import DTypeLike, NDArray

    from sim.model.outcome import Outcome

FOLDER = "parts"
LARGEST = 2**36                # bytes of a part; ten members of a thousand sites have 2**33
LENGTH = 8                     # bytes of the length of its index


def save(folder: Path, replicates: Sequence[int], outcome: Outcome) -> None:
    """Store the outcome of some replicates."""
    with writing(folder / FOLDER):
        plain_files.made(folder, FOLDER)
    packed = {"replicates": np.asarray(replicates)}
    packed |= {f"field.{name}": getattr(outcome, name) for name in outcome._fields if name != "arrays"}
    for name, array in outcome.arrays.items():
        packed |= _packed(name, array)
    content = _content({name: np.asarray(array, order="C") for name, array in packed.items()})
    write_bytes(folder / FOLDER / _name(replicates), stored.digested(content))


def opened(path: Path, kind: type[Outcome]) -> tuple[list[int], Outcome]:
    """(replicates, Outcome of type `kind`) of a part; CorruptError if it is not what was stored, or in another's place.

    Each array of the Outcome is a StoredArray: read from the part when it is used.
    """
    index = _Index(path, _sound(path))
    arrays = {name: StoredArray(path, name, *index.kind_of(name), index.places(name)) for name in index.names()}
    fields = {name: index[f"field.{name}"] for name in kind._fields if name != "arrays"}
    return index.replicates(), kind(arrays=arrays, **fields)


class Place(NamedTuple):
    """Where numbers of one type stand in a part."""

    offset: int                # in the file, bytes
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    crc: int

    @property
    def size(self) -> int:
        """Bytes."""
        return math.prod(self.shape) * self.dtype.itemsize


class _Index:
    """What stands where in the content of a part that is sound."""

    def __init__(self, path: Path, content: memoryview) -> None:
        self._path, self._content, self._places = path, content, {}
        first = LENGTH + int.from_bytes(content[:LENGTH], "little")
        for name, kind, shape, crc in json.loads(bytes(content[LENGTH:first])):
            self._places[name] = place = Place(stored.DIGEST + first, np.dtype(kind), tuple(shape), crc)
            first += place.size

    def __getitem__(self, name: str) -> NDArray[Any]:
        place = self._places[name]
        return _numbers(place, bytearray(self._content[place.offset - stored.DIGEST:][:place.size]))

    def names(self) -> list[str]:
        """Names of the arrays of an outcome."""
        return sorted({name.split(".")[1] for name in self._places if name.startswith("array.")})

    def places(self, name: str) -> dict[str, Place]:
        """Place of what is stored of an array: all of it ("full"), or its shape, positions and values."""
        return {kind: self._places[f"array.{name}.{kind}"] for kind in ("full", "shape", "where", "value")
                if f"array.{name}.{kind}" in self._places}

    def kind_of(self, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
        """Shape and type of an array, before it is unpacked."""
        places = self.places(name)
        if "full" in places:
            return places["full"].shape, places["full"].dtype
        return tuple(self[f"array.{name}.shape"].tolist()), places["value"].dtype

    def replicates(self) -> list[int]:
        """Replicates of the part; CorruptError if its name tells of others."""
        found: list[int] = self["replicates"].tolist()
        if _name(found) != self._path.name:
            raise CorruptError(_("{path}: it holds what belongs in {name}", path=self._path, name=_name(found)))
        return found


@dataclass(frozen=True)
class StoredArray:
    """An array of a part that was sound when it was opened; `np.asarray` reads it."""

    path: Path
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    places: Mapping[str, Place]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return self._read(_unpacked).astype(dtype or self.dtype, copy=False)

    def part(self, members: NDArray[np.int64], quarters: NDArray[np.int64]) -> NDArray[Any]:
        """Some members and quarters; of numbers that are stored by position nothing else is unpacked."""
        return self._read(partial(_some, members=members, quarters=quarters))

    def _read(self, unpacked: Callable[[dict[str, NDArray[Any]]], NDArray[Any]]) -> NDArray[Any]:
        with stored.opened(self.path) as file:
            return unpacked({kind: self._numbers(file, place) for kind, place in self.places.items()})

    def _numbers(self, file: BufferedReader, place: Place) -> NDArray[Any]:
        """Numbers at a place of the part; CorruptError if they are not what was stored."""
        raw = bytearray(place.size)
        file.seek(place.offset)
        if file.readinto(raw) < place.size or zlib.crc32(raw) != place.crc:
            raise CorruptError(_("{path}: changed while it was read: {error}", path=self.path, error=self.name))
        return _numbers(place, raw)


def _numbers(place: Place, raw: bytearray) -> NDArray[Any]:
    return np.frombuffer(raw, place.dtype).reshape(place.shape)


def _content(packed: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays one after another behind a list of [name, type, shape, checksum], which has its length before it."""
    index = json.dumps([(name, array.dtype.str, array.shape, zlib.crc32(array.data)) for name, array in packed.items()])
    return b"".join([len(index).to_bytes(LENGTH, "little"), index.encode(),
                     *(array.data for array in packed.values())])


def replicates_of(path: Path) -> list[int]:
    """Replicates of a part that is as it was stored and in its place; CorruptError if it is not."""
    return _Index(path, _sound(path)).replicates()


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


def sweep(folder: Path) -> None:
    """Remove what processes that were ended left half written, in an output folder whose lock is held."""
    if not (folder / FOLDER).is_symlink():
        for path in (folder / FOLDER).glob(f"*{UNFINISHED}"):
            with writing(path):
                path.unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Remove all parts, and what a kill left half written."""
    remove_folder(folder / FOLDER)


def _name(replicates: Sequence[int]) -> str:
    return f"{replicates[0]:06d}-{replicates[-1]:06d}.part"


def _sound(path: Path) -> memoryview:
    """A part's content, compared with the digest that it begins with."""
    try:
        return stored.undigested(path, LARGEST)
    except FileNotFoundError:
        raise CorruptError(_("{path}: gone since it was stored", path=path)) from None


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


def _unpacked(stored: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    if "full" in stored:
        return stored["full"]
    array = np.zeros(stored["shape"], stored["value"].dtype)
    array.reshape(-1)[stored["where"]] = stored["value"]
    return array


def _some(stored: Mapping[str, NDArray[Any]], members: NDArray[np.int64], quarters: NDArray[np.int64]) -> NDArray[Any]:
    if "full" in stored:
        return stored["full"][members][:, quarters]
    return part_of(tuple(stored["shape"].tolist()), stored["where"], stored["value"], members, quarters)
