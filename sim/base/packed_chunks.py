"""Chunks of an HDF5 variable packed by ISA-L, which takes a third of HDF5's time for the same kind of stream.

Whatever reads HDF5 reads them. A chunk has the checksum of its deflate stream (Adler-32) and does without another of
its own (Fletcher-32), which its filter mask says.

Decision 110 (docs/decisions.md).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np
from h5py.h5z import FILTER_DEFLATE, FILTER_FLETCHER32, FILTER_SHUFFLE

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray

FILTERS = [FILTER_SHUFFLE, FILTER_DEFLATE, FILTER_FLETCHER32]      # in the order in which HDF5 applies them
WITHOUT_FLETCHER32 = 1 << FILTERS.index(FILTER_FLETCHER32)
LEVEL = 1


def _library() -> Any:
    with contextlib.suppress(ImportError):
        from isal import isal_zlib

        return isal_zlib
    return None                    # there is none for this machine: HDF5 packs by itself


isal_zlib = _library()


def write(variable: h5py.Dataset, where: tuple[slice, ...], numbers: NDArray[Any]) -> bool:
    """Write numbers (row, ...) that are a chunk a row; whether that was possible, otherwise HDF5 is to write them."""
    if isal_zlib is None or variable.chunks != (1, *numbers.shape[1:]) or variable.dtype != numbers.dtype:
        return False
    layout = variable.id.get_create_plist()
    if [layout.get_filter(k)[0] for k in range(layout.get_nfilters())] != FILTERS:
        return False
    first, *more = (part.start for part in where)
    more += [0] * (variable.ndim - len(where))
    for row, part in enumerate(numbers, start=first):
        variable.id.write_direct_chunk((row, *more), packed(part), WITHOUT_FLETCHER32)
    return True


def packed(numbers: NDArray[Any]) -> bytes:
    """The bytes of a chunk: all first bytes of its numbers, all second ones, and so on, deflated."""
    each = np.ascontiguousarray(numbers).reshape(-1).view(np.uint8).reshape(-1, numbers.dtype.itemsize)
    found: bytes = isal_zlib.compress(each.T.tobytes(), LEVEL)
    return found
