"""Arrays that are read as late as they are used, and in blocks, so that little of a run is in memory at a time."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import h5py
import numpy as np
import xarray as xr
from numpy.typing import DTypeLike, NDArray
from xarray.backends import BackendArray
from xarray.backends.common import ArrayWriter
from xarray.core import indexing

from sim.base import deflated

Mapped = Callable[[Callable[[Any], bytes], Iterable[Any]], Iterable[bytes]]      # as `map` does

BLOCK = 2**25                  # bytes of a block that is written at once


def is_large(shape: tuple[int, ...], dtype: np.dtype[Any]) -> bool:
    """Whether a row of an array (member, quarter, ...) is more than a block, so that it is written by quarters."""
    return len(shape) > 2 and dtype.itemsize * math.prod(shape[1:]) > BLOCK


class Chunk(Protocol):
    """Numbers of a chunk: their shape, their type, and the numbers themselves when they are asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def dtype(self) -> np.dtype[Any]: ...

    def __array__(self) -> NDArray[Any]: ...


def joined(chunks: Sequence[Chunk]) -> indexing.LazilyIndexedArray:
    """Arrays one after another along their first axis, for a variable of xarray, which reads them when it is used."""
    return indexing.LazilyIndexedArray(Joined(chunks))


class Joined(BackendArray):
    """Arrays of chunks, one after another along the replicates, put together whenever they are read.

    Of a part of the whole only those chunks are read that it is in, one after another. A chunk has a shape and a
    dtype, and gives its numbers to `np.asarray`. The whole has the wider type as soon as one of its chunks has.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self.shape = (sum(chunk.shape[0] for chunk in chunks), *chunks[0].shape[1:])
        self.dtype = np.result_type(*(chunk.dtype for chunk in chunks))

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        """The numbers at a key: for each axis a whole number, a slice, or an array of numbers."""
        wanted, rest = np.arange(self.shape[0])[key[0]], key[1:]
        rows = np.atleast_1d(wanted)
        part = np.empty((len(rows), *_at(np.broadcast_to(np.False_, (1, *self.shape[1:])), rest).shape[1:]), self.dtype)
        first = 0
        for chunk in self._chunks:
            inside = (rows >= first) & (rows < first + chunk.shape[0])
            if inside.any():
                part[inside] = _rows(chunk, rows[inside] - first, rest)
            first += chunk.shape[0]
        return part.reshape(np.shape(wanted) + part.shape[1:])


def _rows(chunk: Chunk, rows: NDArray[np.int64], rest: tuple[Any, ...]) -> NDArray[Any]:
    """Numbers of some rows of a chunk; of a chunk that can give a part of its quarters those alone are unpacked."""
    if not hasattr(chunk, "part") or len(chunk.shape) < 3:
        return _at(np.asarray(chunk)[rows], rest)
    quarters = np.arange(chunk.shape[1])[rest[0]]
    found = chunk.part(rows, np.atleast_1d(quarters))
    return _at(found, (slice(None) if np.ndim(quarters) else 0, *rest[1:]))


def _at(values: NDArray[Any], rest: tuple[Any, ...]) -> NDArray[Any]:
    """Values at a key for all axes but the first, each taken by itself; the last before, as a number ends its axis."""
    for axis, each in reversed(list(enumerate(rest, start=1))):
        values = values[(slice(None),) * axis + (each,)]
    return values


class Unread:
    """A variable's numbers for a writer, read as late as it writes them.

    To xarray, which reads all variables of a dataset before it writes the first, it is an array of another
    library; nothing can be reckoned with it.
    """

    def __init__(self, variable: xr.Variable) -> None:
        self._variable = variable
        self.shape, self.dtype, self.ndim = variable.shape, variable.dtype, variable.ndim

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self._variable.to_numpy(), dtype)

    def blocks(self) -> Iterator[tuple[tuple[slice, ...], NDArray[Any]]]:
        """Generator of (where, the numbers there), of at most BLOCK bytes if a quarter of a row is no larger."""
        size = max(1, self.dtype.itemsize * math.prod(self.shape[1:]))
        step, length = max(1, BLOCK // size), self.shape[1] if is_large(self.shape, self.dtype) else 0
        for first in range(0, self.shape[0], step):
            rows = slice(first, min(first + step, self.shape[0]))
            parts: list[tuple[slice, ...]] = [(rows, slice(k, k + 1)) for k in range(length)] or [(rows,)]
            for where in parts:
                yield where, self._variable[where].to_numpy()

    def __array_function__(self, function: object, types: object, args: object, kwargs: object) -> Any:
        return NotImplemented

    def __array_ufunc__(self, function: object, method: str, *inputs: object, **kwargs: object) -> Any:
        return NotImplemented


class ByBlocks(ArrayWriter):
    """What xarray writes arrays with: those that are Unread block by block, so that none is in memory as a whole.

    Compressed chunks of `file` are made by `mapped`, which may do so in threads.
    """

    def __init__(self, file: h5py.File, mapped: Mapped = map) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # xarray's writers have no types
        self._file, self._mapped = file, mapped

    def add(self, source: Any, target: Any, region: Any = None) -> None:
        """Write an array into a variable of a file."""
        if not isinstance(source, Unread) or not source.ndim:
            super().add(source, target, region)  # type: ignore[no-untyped-call]  # as above
            return
        inside = self._file[target.variable_name]
        for where, numbers in source.blocks():
            if inside.compression:
                chunks = self._mapped(deflated.chunk, numbers.astype(inside.dtype, copy=False))
                for row, chunk in enumerate(chunks, start=where[0].start):
                    first = (row, *(each.start for each in where[1:]))
                    inside.id.write_direct_chunk((*first, *(0,) * (source.ndim - len(first))), chunk)
            else:
                target[(*where, *(slice(None),) * (source.ndim - len(where)))] = numbers
