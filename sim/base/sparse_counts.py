"""Counts by quarter of which nearly all are 0, such as moves between a thousand sites: positions and values alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class SparseCounts:
    """Whole numbers (member, quarter, ...), set quarter by quarter; `np.asarray` gives them all, `part` some."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.dtype: np.dtype[Any] = np.dtype(np.int16)
        self._set: dict[int, tuple[NDArray[np.int64], NDArray[Any]]] = {}

    def set(self, entry: int, values: NDArray[Any]) -> None:
        """Counts (member, ...) of a quarter; all are of 16 bits, or of 32 once one does not fit."""
        flat = values.reshape(-1)
        where = np.flatnonzero(flat != 0)
        if flat[where].max(initial=0) > np.iinfo(self.dtype).max:
            self.dtype = np.dtype(np.int32)
        self._set[entry] = where, flat[where]

    def take_over(self, other: SparseCounts, entries: int) -> None:
        """Have the first quarters of another."""
        self.dtype = np.promote_types(self.dtype, other.dtype)
        self._set |= {entry: found for entry, found in other._set.items() if entry < entries}

    def packed(self) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """(places in the whole in one row, ascending, and the values there)."""
        size, places, values = math.prod(self.shape[2:]), [np.empty(0, np.int64)], [np.empty(0, self.dtype)]
        for entry, (where, found) in self._set.items():
            places.append((where // size * self.shape[1] + entry) * size + where % size)
            values.append(found.astype(self.dtype))
        where = np.concatenate(places)
        order = np.argsort(where)
        return where[order], np.concatenate(values)[order]

    def part(self, members: NDArray[np.int64], quarters: NDArray[np.int64]) -> NDArray[Any]:
        """The counts (chosen member, chosen quarter, ...) of some members and quarters."""
        rest = self.shape[2:]
        found, alone = np.zeros((len(members), len(quarters), *rest), self.dtype), np.zeros(1, np.int64)
        for k, entry in enumerate(quarters):
            if int(entry) in self._set:
                found[:, [k]] = part_of((self.shape[0], 1, *rest), *self._set[int(entry)], members, alone)
        return found

    def between(self, origins: NDArray[np.bool_], destinations: NDArray[np.bool_]) -> NDArray[np.int64]:
        """(member, quarter) sums of the counts whose last two axes are among these places."""
        total, size = np.zeros(self.shape[:2], np.int64), math.prod(self.shape[2:])
        for entry, (where, values) in self._set.items():
            origin, destination = np.divmod(where % (self.shape[-2] * self.shape[-1]), self.shape[-1])
            counted = origins[origin] & destinations[destination]
            np.add.at(total[:, entry], where[counted] // size, values[counted])
        return total

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        whole = self.part(np.arange(self.shape[0]), np.arange(self.shape[1]))
        return whole.astype(dtype or self.dtype, copy=False)


def part_of(shape: tuple[int, ...], where: NDArray[np.int64], values: NDArray[Any], members: NDArray[np.int64],
            quarters: NDArray[np.int64]) -> NDArray[Any]:
    """Counts (chosen member, chosen quarter, ...) of a whole of this shape, 0 but for its values.

    where are their places in the whole in one row, ascending. What is not chosen is not looked at.
    """
    size = math.prod(shape[2:])
    begins = ((members[:, None] * shape[1] + quarters) * size).ravel()
    first, last = np.searchsorted(where, begins), np.searchsorted(where, begins + size)
    number = last - first
    chosen = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(number.sum())
    cell = np.repeat(np.arange(len(begins)), number)
    found = np.zeros((len(begins), size), values.dtype)
    found[cell, where[chosen] - begins[cell]] = values[chosen]
    return found.reshape(len(members), len(quarters), *shape[2:])


def between(counts: Any, origins: NDArray[np.bool_], destinations: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(member, quarter) sums of counts (member, quarter, industry, origin, destination) between some places."""
    if isinstance(counts, SparseCounts):
        return counts.between(origins, destinations)
    flows = np.asarray(counts).sum(axis=2, dtype=np.int64)
    sums: NDArray[np.int64] = flows[:, :, origins][:, :, :, destinations].sum(axis=(2, 3))
    return sums
