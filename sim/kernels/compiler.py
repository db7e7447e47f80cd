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
    """Compile on first call, without Python's lock and with IEEE division instead of exceptions."""
    return _compile(function)


def inlined(function):
    """As `compiled`, for helpers that kernels call in a loop: pasted into the caller, and bare.

    Otherwise a call counts a reference to every array of every tuple that it is given, and a slice
    one more, which costs more than most of these helpers do. Bare functions (numba's `_nrt=False`)
    count none; in return they can neither make an array nor return one.
    """
    return _compile(function, forceinline=True, _nrt=False)


def _compile(function, **options):
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, FOLDER
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
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
