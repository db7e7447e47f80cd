"""Names and seeds become 64-bit keys; all draws are functions of keys.

Decision 3 (docs/decisions.md).
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

PROCESSES = ("attributes", "choice", "review", "epoch", "order", "register", "exit", "growth", "entry", "spinoff")


def key_of(text: str) -> np.uint64:
    """The uint64 key of a name, the same on every machine and in every run."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def keys_of(names: Iterable[str]) -> NDArray[np.uint64]:
    """(name,) uint64 keys."""
    return np.array([key_of(name) for name in names], dtype=np.uint64)


def streams(process: str, seeds: Iterable[int], replicates: Iterable[int]) -> NDArray[np.uint64]:
    """(member,) uint64 key of a process in each member, from its seed and replicate."""
    if process not in PROCESSES:
        raise ValueError(f"unknown process {process!r}")
    return keys_of(f"{process}|{seed}|{replicate}" for seed, replicate in zip(seeds, replicates))


def generator(purpose: str, seed: int, replicate: int) -> np.random.Generator:
    """A numpy generator for set-up work in plain Python, keyed like everything else."""
    return np.random.Generator(np.random.Philox(key=int(key_of(f"{purpose}|{seed}|{replicate}"))))
