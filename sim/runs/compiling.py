"""Kernels compiled by several processes at once, before the first run of an installation.

Each process compiles kernel after kernel, those that take longest first, into the cache of compiled code, from which
whoever simulates then loads them. The cache belongs to exactly these sources (`kernels/numerics/compiler`), so nothing
old can be served; what a process that was stopped has finished stays.

LLVM is told not to write loops out several times over. Most loops of kernels are short, and gain nothing by it, while
every helper that has such a loop is longer in all kernels that it is a part of. Operations on numbers and their order
are the same, hence all bits. One that LLVM does not know any more is passed over.

Decisions 89 and 119 (docs/decisions.md).
"""

import contextlib
import functools
import gc
import hashlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
from numba.core.errors import NumbaError

from sim.base import files
from sim.base.errors import SimError
from sim.base.helpers import ALONE, Helpers
from sim.kernels.numerics import compiler
from sim.kernels.numerics.compiler import FOLDER
from sim.runs import kernel_signatures as signatures
from sim.runs.driver import Driver, Work
from sim.runs.engine import Engine
from sim.runs.process_pool import PoolEngine
from sim.runs.thread_pool import ThreadEngine

ALL = 100                      # percent
# No scalar loop eight times over, no loop of shorter vectors for what is left over, and no look for comparisons that
# follow from others. Vector loops are still written out several times: that pays where there are hundreds of sites.
TERSE = ("-unroll-runtime=false", "-enable-epilogue-vectorization=false", "-enable-constraint-elimination=false")
SELDOM = (50_000, 20, 100)     # when garbage is looked for: compilation makes many objects, and keeps most


def is_done() -> bool:
    """Whether there is nothing to be compiled beforehand: it has been done here, or there is no place to keep it."""
    return not FOLDER or _mark().exists()


def compiled(workers: int) -> Generator[tuple[int, int]]:
    """Generator of (percent done, 100); in so many processes, one after another in this one if it is a single one.

    Where another process is at it, and where no process can be started or none ends well, it ends at once: kernels are
    then compiled when they are called, as they would be without it.
    """
    with contextlib.suppress(SimError), files.lock(Path(FOLDER)), \
            contextlib.closing(_engine(workers)) as engine:
        work = Kernels()
        yield 0, ALL
        for _new in Driver(work, engine).run():
            yield work.percent, ALL
        if work.complete:
            files.write_bytes(_mark(), b"")


def load() -> None:
    """Load the kernels of the list, if they are compiled: processes forked from this one have them then."""
    if is_done():
        for place in range(1, len(_list()[1]) + 1):
            compile_at(place)


def compile_at(place: int, helpers: Helpers = ALONE) -> None:
    """Compile the kernel at a place of the list, counted from 1.

    One that the list has wrong, as it may while a kernel is being written, is left to its first call.
    """
    table, kernels = _list()
    with contextlib.suppress(NumbaError, TypeError, AttributeError, ImportError, IndexError):
        signatures.compile_kernel(table, kernels[place - 1])


def compile_tersely(place: int, helpers: Helpers = ALONE) -> None:
    """The same with less code and less collecting, for this process from now on: it is there to compile."""
    for option in TERSE:
        llvm.set_option("sim", option)
    with _collecting(SELDOM):
        compile_at(place)


@contextlib.contextmanager
def _collecting(thresholds: tuple[int, int, int]) -> Iterator[None]:
    """Look for garbage at these thresholds meanwhile."""
    before = gc.get_threshold()
    gc.set_threshold(*thresholds)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def compile_in_worker(_packed: None, place: int) -> None:
    """The same in a worker process."""
    compile_tersely(place)


class Kernels(Work[int, None]):
    """Places of the list, for the driver; `percent` of the time that they take together is over."""

    def __init__(self) -> None:
        self._seconds = [each.seconds for each in _list()[1]]
        super().__init__(range(1, len(self._seconds) + 1))
        self._over: list[float] = []

    @property
    def complete(self) -> bool:
        return len(self._over) == len(self._seconds)

    @property
    def percent(self) -> int:
        return ALL if self.complete else int(ALL * sum(self._over) / sum(self._seconds))

    def keep(self, chunk: int, result: None) -> int:
        self._over.append(self._seconds[chunk - 1])
        return 1


def _engine(workers: int) -> Engine[int, Any]:
    if workers < 2:
        return ThreadEngine(1, compile_tersely)
    return PoolEngine(workers, compile_in_worker, None, FOLDER)


@functools.cache
def _list() -> tuple[list[Any], list[signatures.Signature]]:
    return signatures.read()


def _mark() -> Path:
    """The file that says that all of them are compiled: from this list and these files, for this processor."""
    parts = (signatures.content().decode(), compiler.__file__, llvm.get_host_cpu_name(),
             llvm.get_host_cpu_features().flatten())
    return Path(FOLDER) / f"compiled-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"
