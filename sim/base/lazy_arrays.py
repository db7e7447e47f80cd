"""Arrays that are read as late as they are used, so that few of a run are in memory at a time."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import DTypeLike, NDArray
from xarray.backends import BackendArray
from xarray.core import indexing


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

    So one variable of a run is in memory at a time. A chunk has a shape and a dtype, and gives its numbers
    to `np.asarray`. The whole has the wider type as soon as one of its chunks has.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self.shape = (sum(chunk.shape[0] for chunk in chunks), *chunks[0].shape[1:])
        self.dtype = np.result_type(*(chunk.dtype for chunk in chunks))

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[Any, ...]) -> NDArray[Any]:
        whole, first = np.empty(self.shape, self.dtype), 0
        for chunk in self._chunks:
            whole[first:first + chunk.shape[0]] = np.asarray(chunk)
            first += chunk.shape[0]
        part: NDArray[Any] = whole[key]
        return part


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

    def __array_function__(self, function: object, types: object, args: object, kwargs: object) -> Any:
        return NotImplemented

    def __array_ufunc__(self, function: object, method: str, *inputs: object, **kwargs: object) -> Any:
        return NotImplemented
