"""What a sweep's folder holds the results of: every value that they depend on, and the key made of it."""

import functools
import hashlib
import json

from sim.base import files, provenance, shapes, stored
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _
from sim.config.differences import flat, told

FILE = "sweep.json"
SILENT = ("title", "title_zh", "description", "description_zh", "region")     # keys of a scenario that change no result
LARGEST = 2**27                # bytes of sweep.json


def definition(sweep):
    """Every value that the results depend on, as plain tables."""
    return {"schema": 1, "versions": provenance.versions(),
            "experiments": {each.name: _experiment(each) for each in sweep.experiments}}


def key_of(defined):
    """Equal keys mean equal results."""
    return hashlib.sha256(json.dumps(defined, sort_keys=True).encode()).hexdigest()


def read(folder):
    """(key, definition) of the sweep in a folder, None where there is none."""
    said = _said(folder)
    return said and (said["key"], said["definition"])


def sizes(folder):
    """Experiment -> number of its runs, of the sweep in a folder; nothing where there is none."""
    found = read(folder)
    return {name: each["points"] * each["replicates"] * len(each["order_of_scenarios"])
            for name, each in (found[1]["experiments"] if found else {}).items()}


def write(folder, defined, shard, hashes):
    """Write sweep.json; hashes are those of the sweep file and the scenarios beside it, by their names."""
    files.write_json(folder / FILE, {"key": key_of(defined), "shard": list(shard), "definition": defined,
                                     "sha256": hashes})


def shard_of(folder):
    """(number, of how many) of the shard in a folder."""
    return tuple(_said(folder)["shard"])


def file_of(folder, name):
    """Path of the sweep file or a scenario in a sweep's folder, which is as it was written; None without one.

    Earlier versions kept no hashes of them.
    """
    path, hashes = folder / name, _said(folder)["sha256"]
    if hashes:
        return stored.required(path, hashes.get(name)) if name in hashes else None
    return stored.regular(path) if path.exists() else None


def _said(folder):
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


def _refuse_no_text(path, defined):
    """CorruptError for a definition with halves of characters, which can be neither written nor shown."""
    try:
        json.dumps(defined, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise CorruptError(_("{path}: not the definition of a sweep: not all of it is text", path=path)) from None


def refuse_another(folder, found, defined):
    """InputError that names the keys in which a folder's sweep differs."""
    differences = told(flat(found), flat(defined), functools.partial(json.dumps, ensure_ascii=False))
    if differences:
        raise InputError(Problem(str(folder), "", _("the folder holds another sweep: {differences}",
                                                    differences=differences), "",
                                 _("choose another --out, or --force to replace")))


def _experiment(each):
    settings = each.settings
    said = {"design": settings.design, "points": each.points, "replicates": each.replicates,
            "axes": {axis.name: axis.described() for axis in each.axes},
            "order": [axis.name for axis in each.axes], "outputs": dict(each.kept),
            "scenarios": {base.label: _scenario(base) for base in each.bases},
            "order_of_scenarios": [base.label for base in each.bases]}
    if settings.design not in ("grid", "list"):
        said |= {"seed": settings.seed, "levels": settings.levels}
    if settings.design == "list":
        said["rows"] = _digest(each.columns)
    return said


def _scenario(base):
    tables = {key: value for key, value in base.scenario.tables().items() if key not in SILENT}
    tables["run"] = {key: value for key, value in tables["run"].items() if key != "replicates"}   # the sweep's
    named = {"region": base.region.name, "region_digest": base.region.digest}
    return json.loads(json.dumps(tables, default=str)) | named


def _digest(columns):
    said = hashlib.sha256()
    for name, column in columns.items():
        said.update(json.dumps([name, [str(value) for value in column.tolist()]]).encode())
    return said.hexdigest()
