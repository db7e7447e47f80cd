"""Reading the folder of a comparison: its manifest, and its files as that says they are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.base import provenance, shapes, stored
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _

MANIFEST, KIND, CONTENT, EFFECTS = "manifest.json", "comparison", "comparison.json", "effects.nc"
SCHEMA = 2                     # version of the layout


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """The manifest of a comparison as a dict, None where there is none."""
    path = folder / MANIFEST
    try:
        content = stored.unsealed(path)
    except FileNotFoundError:
        return None
    except CorruptError as error:
        raise CorruptError(_("{error}; --force replaces the folder", error=error.args[0])) from error
    if content.get("kind") != KIND:
        return None
    return shapes.required(shapes.OfComparison, content, path, "the manifest of a comparison")


def load(folder: Path) -> dict[str, Any]:
    """comparison.json of a finished comparison, as its manifest says."""
    path, raw = folder / CONTENT, content_of(folder, finished(folder), CONTENT)
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CorruptError(_("{path}: not readable as JSON: {error}", path=path, error=str(error))) from error
    return shapes.required(shapes.Told, said, path, "what a comparison says")


def finished(folder: Path) -> dict[str, Any]:
    """The manifest of the finished comparison in a folder; InputError if it holds none."""
    manifest = manifest_of(folder)
    if not manifest or manifest["status"] != "complete":
        raise InputError(Problem(str(folder), "", _("there is no finished comparison in this folder"),
                                 _("the folder of a finished comparison")))
    if manifest["schema"] != SCHEMA:
        raise InputError(Problem(str(folder), "", _(
            "this comparison is from version {version}, whose tables have other names",
            version=provenance.program(manifest["versions"])), "",
            _("run the same `sim compare` command again, or read it with that version")))
    return manifest


def content_of(folder: Path, manifest: Mapping[str, Any], name: str) -> bytes:
    """Bytes of a file of a comparison that is as its manifest says; CorruptError naming it if it is not."""
    return stored.required_content(folder / name, manifest["sha256"].get(name))


def source_of(folder: Path, manifest: Mapping[str, Any], name: str) -> Path:
    """Path of what a comparison keeps of its runs; earlier versions kept no hashes of it."""
    if "sources" not in manifest:
        return stored.regular(folder / name)
    return stored.required(folder / name, manifest["sources"].get(name))
