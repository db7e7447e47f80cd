"""What a process may use: processors, and address space (`ulimit -v`), below which threads hang and libraries abort.

What a process reserves counts, not what it uses. Kernels, libraries and a thread that simulates reserve
LEAST (measured: `sim run` ends under a limit of 1.4 GB, and not under 1.1 GB), each further thread A_THREAD
more than PLENTY, its stack and the arena of its memory.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sim.base.errors import OutputError
from sim.base.messages import _

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

LINEAR_ALGEBRA = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LEAST, A_THREAD = 1_400_000_000, 150_000_000
PLENTY = 1_950_000_000         # what a process reserves with one thread where nothing limits it


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_linear_algebra_in_one_thread() -> None:
    """Matrices here are small, and threads on a busy machine wait for each other; a user's own numbers stay.

    Numpy reads them when it is imported; where it is there already nothing is changed.
    """
    if "numpy" not in sys.modules:
        for name in LINEAR_ALGEBRA:
            os.environ.setdefault(name, "1")


def has_linear_algebra_in_one_thread() -> bool:
    """Whether that was done here, or by the user."""
    return all(os.environ.get(name) == "1" for name in LINEAR_ALGEBRA)


def refuse_too_little() -> None:
    """OutputError if a process may not reserve what any simulation takes."""
    limit = address_space()
    if limit is not None and limit < LEAST:
        raise OutputError(_("this process may use {limit:.2f} GB of address space, and simulations need at least "
                            "{least:.1f} GB; raise the limit with `ulimit -v unlimited`",
                            limit=limit / 1e9, least=LEAST / 1e9))


def threads(wanted: int) -> ThreadPoolExecutor:
    """A pool of so many threads, or of as many as the address space has room for."""
    from concurrent.futures import ThreadPoolExecutor

    limit = address_space()
    room = wanted if limit is None else max(1, 1 + (limit - PLENTY) // A_THREAD)
    return ThreadPoolExecutor(min(wanted, room))


def address_space() -> int | None:
    """Bytes that a process may reserve, None without a limit."""
    try:
        import resource
    except ImportError:                # Windows has no such limit
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
