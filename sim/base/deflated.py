"""Chunks of an HDF5 file as its own filters would make them, so that threads can make them beside each other.

Filters: bytes by significance (shuffle), deflate, and the checksum of Fletcher over what that gives.

Source: the HDF5 file format (Fletcher's checksum of 32 bits, RFC 1146).
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 1                      # of deflate: the fastest
FLETCHER = 65535               # what the sums of the checksum are taken modulo
LONG = 2**23                   # words whose sum by place has less than 63 bits


def chunk(numbers: NDArray[Any]) -> bytes:
    """Bytes of a chunk for `write_direct_chunk`, after shuffle, deflate and Fletcher's checksum."""
    shuffled = np.ascontiguousarray(numbers.reshape(-1, 1).view(np.uint8).T)
    stream = zlib.compress(shuffled.data, LEVEL)
    return stream + _fletcher32(stream).to_bytes(4, "little")


def _fletcher32(content: bytes) -> int:
    """Fletcher's checksum of words of 16 bits, the first byte the higher one; of sums only those of nothing are 0."""
    words = np.frombuffer(content + b"\0" * (len(content) % 2), ">u2").astype(np.int64)
    weights = np.arange(len(words), 0, -1)
    if len(words) > LONG:
        weights %= FLETCHER
    first, second = (total and (total - 1) % FLETCHER + 1 for total in (int(words.sum()), int(words @ weights)))
    return second << 16 | first
