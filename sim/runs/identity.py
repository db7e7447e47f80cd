"""What a sweep's folder holds the results of: every value that they depend on, and the key made of it."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

from sim.base import files, provenance, shapes, stored
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _
from sim.config.differences import flat, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.experiments.sweep.sweep_file import Experiment, Sweep, SweptScenario

FILE, ANALYSIS = "sweep.json", "analysis.json"             # what a sweep, and what an analysis of one, says of itself
SILENT = ("title", "title_zh", "description", "description_zh", "region")     # keys of a scenario that change no result
LARGEST = 2**27                # bytes of sweep.json


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, or an analysis of one."""
    return (folder / ANALYSIS).is_file() or (folder / FILE).is_file()


def definition(sweep: Sweep) -> dict[str, Any]:
    """Every value that the results depend on, as plain tables."""
    return {"schema": 1, "versions": provenance.versions(),
            "experiments": {each.name: _experiment(each) for each in sweep.experiments}}


def key_of(defined: Mapping[str, Any]) -> str:
    """Equal keys mean equal results."""
    return hashlib.sha256(json.dumps(defined, sort_keys=True).encode()).hexdigest()


def read(folder: Path) -> tuple[str, dict[str, Any]] | None:
    """(key, definition) of the sweep in a folder, None where there is none."""
    said = _said(folder)
    return (said["key"], said["definition"]) if said else None


def sizes(folder: Path) -> dict[str, int]:
    """Experiment -> number of its runs, of the sweep in a folder; nothing where there is none."""
    found = read(folder)
    return {name: each["points"] * each["replicates"] * len(each["order_of_scenarios"])
            for name, each in (found[1]["experiments"] if found else {}).items()}


def write(folder: Path, defined: Mapping[str, Any], shard: Sequence[int], hashes: Mapping[str, str]) -> None:
    """Write sweep.json; hashes are those of the sweep file and the scenarios beside it, by their names."""
    files.write_json(folder / FILE, {"key": key_of(defined), "shard": list(shard), "definition": defined,
                                     "sha256": hashes})


def shard_of(folder: Path) -> tuple[int, int]:
    """(number, of how many) of the shard in a folder."""
    number, shards = _required(folder)["shard"]
    return number, shards


def file_of(folder: Path, name: str) -> Path | None:
    """Path of the sweep file or a scenario in a sweep's folder, which is as it was written; None without one.

    Earlier versions kept no hashes of them.
    """
    path, hashes = folder / name, _required(folder)["sha256"]
    if hashes:
        return stored.required(path, hashes.get(name)) if name in hashes else None
    return stored.regular(path) if path.exists() else None


def _required(folder: Path) -> dict[str, Any]:
    """What sweep.json says; InputError where there is none."""
    said = _said(folder)
    if said is None:
        raise InputError(Problem(str(folder), "", _("there is no sweep in this folder"), _("the folder of a sweep")))
    return said


def _said(folder: Path) -> dict[str, Any] | None:
    """What sweep.json says, None where there is none; CorruptError if it is not what was written."""
    path = folder / FILE
    try:
        said = {"shard": [1, 1], "sha256": {}} | stored.unsealed(path, LARGEST)
        shapes.required(shapes.SweepFile, said, path, "the definition of a sweep")
        if said["key"] != key_of(said["definition"]):
            raise CorruptError(_("{path}: changed since it was written: its key is not that of its content", path=path))
        _refuse_no_text(path, said["definition"])
        return said
    except FileNotFoundError:
        return None
    except CorruptError as error:
        raise CorruptError(_("{error}; --force begins anew", error=error.args[0])) from None


def _refuse_no_text(path: Path, defined: Mapping[str, Any]) -> None:
    """CorruptError for a definition with halves of characters, which can be neither written nor shown."""
    try:
        json.dumps(defined, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise CorruptError(_("{path}: not the definition of a sweep: not all of it is text", path=path)) from None


def refuse_another(folder: Path, found: Mapping[str, Any], defined: Mapping[str, Any]) -> None:
    """InputError that names the keys in which a folder's sweep differs."""
    differences = told(flat(found), flat(defined), functools.partial(json.dumps, ensure_ascii=False))
    if differences:
        raise InputError(Problem(str(folder), "", _("the folder holds another sweep: {differences}",
                                                    differences=differences), "",
                                 _("choose another --out, or --force to replace")))


def _experiment(each: Experiment) -> dict[str, Any]:
    settings = each.settings
    said: dict[str, Any] = {"design": settings.design, "points": each.points, "replicates": each.replicates,
            "axes": {axis.name: axis.described() for axis in each.axes},
            "order": [axis.name for axis in each.axes], "outputs": dict(each.kept),
            "scenarios": {swept.label: _scenario(swept) for swept in each.scenarios},
            "order_of_scenarios": [swept.label for swept in each.scenarios]}
    if settings.design not in ("grid", "list"):
        said |= {"seed": settings.seed, "levels": settings.levels}
    if settings.design == "list":
        said["rows"] = _digest(each.columns)
    return said


def _scenario(swept: SweptScenario) -> dict[str, Any]:
    tables = {key: value for key, value in swept.scenario.tables().items() if key not in SILENT}
    tables["run"] = {key: value for key, value in tables["run"].items() if key != "replicates"}   # the sweep's
    named = {"region": swept.region.name, "region_digest": swept.region.digest}
    plain: dict[str, Any] = json.loads(json.dumps(tables, default=str))
    return plain | named


def _digest(columns: Mapping[str, NDArray[Any]]) -> str:
    said = hashlib.sha256()
    for name, column in columns.items():
        said.update(json.dumps([name, [str(value) for value in column.tolist()]]).encode())
    return said.hexdigest()
