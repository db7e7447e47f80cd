"""How kernels are compiled, and where the compiled code is kept.

numba's cache does not notice an edit in a helper of another file, so the folder is named by a hash
of all kernel sources. Kernels release Python's lock: threads of the runner then work in parallel,
each on members of its own, which needs no parallel loop and no threading layer.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import numba


def cache_folder():
    """Folder of the compiled kernels of exactly these sources under this numba."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    stamp = hashlib.sha256(numba.__version__.encode())
    for source in sources:
        stamp.update(source.name.encode() + source.read_bytes())
    return _writable_base() / f"cluster-formation-simulator-{stamp.hexdigest()[:16]}"


def compiled(function):
    """A kernel: compiled on first call, without Python's lock, with IEEE division instead of exceptions.

    It makes no arrays and returns none: callers bring them, scratch included. So nothing in it counts
    references (numba's `_nrt=False`): a count for every array of every tuple that a helper is given
    would cost more than most helpers do, and more time to compile.
    """
    return _compile(function)


def inlined(function):
    """A helper of kernels, pasted into its callers; from Python a call would crash, for there is no entry.

    An entry would take as long to compile as most helpers.
    """
    return _compile(function, forceinline=True, no_cpython_wrapper=True)


def shared(function):
    """As `inlined`, for the few helpers that Python calls too."""
    return _compile(function, forceinline=True)


def _compile(function, **options):
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, FOLDER
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True,
                          **options)(function)
    finally:
        numba.config.CACHE_DIR = before


def is_warm():
    """Whether compiled kernels lie in the cache already."""
    return any(Path(FOLDER).rglob("*.nbi"))


def _writable_base():
    wanted = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(wanted) if wanted else Path(os.path.expanduser("~")) / ".cache"
    try:
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=base):
            return base
    except OSError:
        return Path(tempfile.gettempdir())


FOLDER = str(cache_folder())
