"""Where results come from: versions, source code, commit."""

import functools
import hashlib
import platform
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from sim.base import plugins

PACKAGE = "cluster-formation-simulator"
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "xarray", "h5netcdf", "h5py")
LOOKING = ("cli/", "plots/", "metrics/", "experiments/compare/", "experiments/estimation/",
           "experiments/paired_statistics.py", "report/", "verification/")              # read results and change none
DRAWING = ("plots/**/*.py", "metrics/*.py", "base/*.py", "data/words/*.toml", "data/locale/**/*.mo")  # make figures
SOURCES = Path(__file__).parent.parent


@functools.cache
def versions() -> dict[str, str]:
    """Name -> version of all that results depend on, the source code of this program and its additions included."""
    found = {"python": platform.python_version(), "machine": platform.machine(), "sources": _sources()}
    return found | {name: _version(name) for name in (PACKAGE, *LIBRARIES)} | plugins.stamps()


def program(versions_then: Mapping[str, str]) -> str:
    """Version of this program among the versions of a manifest, "" where it is not said."""
    return versions_then.get(PACKAGE, "")


def changed(versions_then: Mapping[str, str]) -> list[str]:
    """Names of what was of another version then, or is gone, or was not there."""
    now = versions()
    return [name for name in {**now, **versions_then} if now.get(name) != versions_then.get(name)]


@functools.cache
def commit() -> str:
    """The commit that this program is run from, with "+" where files differ; "" if not from a clone.

    Git is asked once a process: what runs is what was imported, whatever the clone is turned to later.
    """
    if not (SOURCES.parent / ".git").exists():
        return ""
    try:
        said = [subprocess.run(["git", "-C", str(SOURCES.parent), *arguments], capture_output=True, text=True,
                               timeout=10, check=True).stdout.strip()
                for arguments in (["rev-parse", "HEAD"], ["status", "--porcelain", "--", "sim"])]
    except (OSError, subprocess.SubprocessError):
        return ""
    return said[0] + ("+" if said[1] else "")


@functools.cache
def drawing() -> str:
    """Digest of what draws figures: those that another program drew may look, and say, otherwise."""
    versions_now = ",".join(_version(name) for name in (PACKAGE, "matplotlib"))
    return _digest((path for pattern in DRAWING for path in SOURCES.glob(pattern)), versions_now, *plugins.stamps())


def _sources() -> str:
    """Digest of the code that computes: with an edited program, results are another program's."""
    return _digest(path for path in SOURCES.rglob("*.py")
                   if not path.relative_to(SOURCES).as_posix().startswith(LOOKING))


def _digest(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("".join(more).encode())
    for path in sorted(paths):
        digest.update(path.relative_to(SOURCES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
