"""How kernels are compiled, and where the compiled code is kept.

numba's cache does not notice an edit in a helper of another file, so the folder is named by a hash
of all kernel sources. What lies in it is run: it is this user's alone, or none is used. Kernels
release Python's lock: threads of the runner then work in parallel, each on members of its own, which
needs no parallel loop and no threading layer.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

import numba
from numba.core.compiler import Compiler


def cache_folder():
    """Folder of the compiled kernels of exactly these sources under this numba, "" where none is this user's alone."""
    kernels = Path(__file__).parent.parent
    sources = sorted(kernels.rglob("*.py"))
    stamp = hashlib.sha256(numba.__version__.encode())
    for source in sources:
        stamp.update(source.relative_to(kernels).as_posix().encode() + source.read_bytes())
    wanted = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(wanted or os.path.join(os.path.expanduser("~"), ".cache")).absolute()
    folder = base / f"cluster-formation-simulator-{stamp.hexdigest()[:16]}"
    return str(folder) if _is_ours_alone(folder) else ""


def compiled(function):
    """A kernel: compiled on first call, without Python's lock, with IEEE division instead of exceptions.

    It stays a function of its own where an inlined helper calls it, which would hand down its own options otherwise.
    It makes no arrays and returns none: callers bring them, scratch included. So nothing in it counts
    references (numba's `_nrt=False`): a count for every array of every tuple that a helper is given
    would cost more than most helpers do, and more time to compile.
    """
    return _compile(function)


def drawing(function):
    """A kernel that is given generators of numpy: they are Python's objects, and references to them are counted."""
    return _compile(function, _nrt=True)


def inlined(function):
    """A helper of kernels, pasted into its callers; from Python a call would crash, for there is no entry.

    An entry would take as long to compile as most helpers.
    """
    return _compile(function, forceinline=True, no_cpython_wrapper=True)


def called(function):
    """A helper that stays a function of its own: one copy for all who call it from a kernel.

    For what is called in several places, but not for every number, and is given few arrays.
    """
    return _compile(function, no_cpython_wrapper=True)


def apart(function):
    """As `inlined`, for a loop none of whose arrays that it writes to overlaps another that it is given.

    LLVM is told so, and needs not compare where they lie before every loop that vectorises.
    """
    return _compile(function, forceinline=True, no_cpython_wrapper=True, pipeline_class=_Apart)


class _Apart(Compiler):
    """Compiles functions whose arrays do not overlap."""

    def define_pipelines(self):
        self.state.flags.noalias = True
        return super().define_pipelines()


def shared(function):
    """As `inlined`, for the few helpers that Python calls too."""
    return _compile(function, forceinline=True)


def pasted(function):
    """A helper whose text is pasted into its callers, before types are known; it is compiled nowhere else.

    Of one expression that may be a part of an array, which without counts no compiled helper returns. Or a step of one
    kernel, given many arrays: handing them on takes longer to compile than the step does. Elsewhere `inlined` is
    quicker, because pasting goes through the whole caller every time.
    """
    return numba.njit(inline="always")(function)


def _compile(function, **options):
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, FOLDER
    try:
        return numba.njit(cache=bool(FOLDER), nogil=True, error_model="numpy", no_cfunc_wrapper=True,
                          **{"_nrt": False, "forceinline": False, **options})(function)
    finally:
        numba.config.CACHE_DIR = before


def _is_ours_alone(folder):
    """Whether a folder, made if need be, is this user's, open to no other, and can be written to."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if hasattr(os, "getuid") and not _is_private(folder.lstat(), folder.parent.stat()):
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _is_private(folder, base):
    """By their stat: ours, no link, mode 0700; and in a base where nobody can put another in its place."""
    exchanged = base.st_mode & stat.S_IWOTH and not base.st_mode & stat.S_ISVTX
    mine = stat.S_ISDIR(folder.st_mode) and folder.st_uid == os.getuid()
    return mine and not stat.S_IMODE(folder.st_mode) & 0o077 and not exchanged


FOLDER = cache_folder()
