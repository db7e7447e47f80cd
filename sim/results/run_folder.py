"""The folder of a finished run, read only if its files are as its manifest says. No engine is imported here."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base import files, stored
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _

if TYPE_CHECKING:
    import xarray as xr

RESOLVED = "resolved.toml"
_RUN = _("run")


def load(path: str | Path) -> xr.Dataset:
    """The dataset of a run, from its folder or its results.nc, fully read.

    CorruptError unless the file has the hash that the manifest beside it says; a warning without a manifest.
    """
    from sim.results import dataset  # its libraries take a quarter of a second, and are seldom needed here

    path = Path(path)
    file = path / "results.nc" if path.is_dir() else path
    if not file.exists():
        raise InputError(Problem(str(path), "", _("there is no results.nc"), _("the folder of a finished run")))
    if file.name == "results.nc" and files.read_manifest(file.parent):
        return dataset.load(verified(file.parent, finished(file.parent), file.name))
    data = dataset.load(file)
    warnings.warn(_("{path}: there is no {name} beside it, so it cannot be checked whether the file was changed",
                    path=file, name=files.MANIFEST),
                  stacklevel=4)              # who called sim.load
    return data


def finished(folder: str | Path, what: str = _RUN) -> dict[str, Any]:
    """The manifest of the finished run in a folder; InputError if it holds none."""
    found = None if is_of_something_else(folder) else files.read_manifest(folder)
    if not os.path.exists(folder):
        raise InputError(Problem(str(folder), "", _("there is no such folder"),
                                 _("the folder of a finished {what}", what=what)))
    if not found or found["status"] != "complete":
        raise InputError(Problem(str(folder), "", _("there is no finished {what} in this folder", what=what),
                                 _("the folder of a finished {what}", what=what)))
    return found


def is_of_something_else(folder: str | Path) -> bool:
    """Whether a folder is of a comparison, a search or an estimation, whose manifest says so."""
    try:
        return "kind" in stored.unsealed(Path(folder) / files.MANIFEST)
    except (FileNotFoundError, CorruptError):
        return False


def verified(folder: Path, said: Mapping[str, Any], name: str) -> Path:
    """Path of a run's file that is as its manifest says; CorruptError naming it if it is not."""
    path = folder / name
    if name == RESOLVED and name not in said["sha256"]:           # of earlier versions
        return stored.regular(path)
    return stored.required(path, said["sha256"].get(name))


def content(folder: Path, said: Mapping[str, Any], name: str) -> bytes:
    """Bytes of a run's file that is as its manifest says; CorruptError naming it if it is not."""
    if name == RESOLVED and name not in said["sha256"]:
        return stored.content(stored.regular(folder / name))
    return stored.required_content(folder / name, said["sha256"].get(name))
