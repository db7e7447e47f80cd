"""The folder of a comparison: tables, comparison.json, and the manifest that is written last."""

import dataclasses
import hashlib
import json
import math

import numpy as np

from sim import provenance, storage
from sim.errors import CorruptError, InputError, Problem
from sim.summary import csv_of

SCHEMA, KIND, CONTENT = 1, "comparison", "comparison.json"


def key_of(cases, options):
    """Equal keys mean equal comparisons: the runs, their order, and the options."""
    told = [(case.name, case.scenario.digest, case.region.digest) for case in cases]
    return hashlib.sha256(json.dumps([told, options], sort_keys=True).encode()).hexdigest()


def refuse_another(folder, key):
    """InputError if the folder holds something else than this comparison."""
    found = manifest_of(folder)
    if found is None and (folder / storage.MANIFEST).exists():
        why = "a run, or a manifest of something else"
    elif found and found["key"] != key:
        why = f"another comparison: {', '.join(found['scenarios'])}, or other settings"
    else:
        return
    raise InputError(Problem(str(folder), "", why, "", "choose another --out, or --force to replace"))


def manifest_of(folder):
    """The manifest of a comparison as a dict, None where there is none."""
    try:
        content = json.loads((folder / storage.MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, RecursionError) as error:
        raise CorruptError(f"{folder / storage.MANIFEST}: not readable as JSON: {error}") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        return None
    if not _is_sound(content):
        raise CorruptError(f"{folder / storage.MANIFEST}: not the manifest of a comparison; --force replaces it")
    return content


def _is_sound(content):
    """Whether what a manifest says can be used: a stranger may have written it."""
    texts, tables = ("key", "status", "command", "commit"), ("sha256", "versions")
    lists = {"scenarios": str, "runs": dict}
    return (all(isinstance(content.get(name), str) for name in texts)
            and all(isinstance(content.get(name), dict) for name in tables)
            and all(isinstance(content.get(name), list) and all(isinstance(each, kind) for each in content[name])
                    for name, kind in lists.items())
            and all(isinstance(run.get(name), str) for run in content["runs"] for name in ("scenario", "results")))


def load(folder):
    """comparison.json of a finished comparison, checked against the manifest's hash."""
    manifest = manifest_of(folder)
    if not manifest or manifest["status"] != "complete":
        raise InputError(Problem(str(folder), "", "no finished comparison", "the folder of a comparison"))
    if storage.sha256(folder / CONTENT) != manifest["sha256"].get(CONTENT):
        raise CorruptError(f"{folder / CONTENT}: changed since the comparison ended")
    return json.loads((folder / CONTENT).read_bytes())


def write(folder, tables, content, about):
    """Write tables (name -> DataFrame) as NAME.csv, comparison.json, and last the manifest."""
    files = {f"{name}.csv": csv_of(table) for name, table in tables.items()}
    files[CONTENT] = json_bytes({**content, "tables": {name: f"{name}.csv" for name in tables}})
    _remove_stale(folder, files)
    for name, raw in files.items():
        storage.write_bytes(folder / name, raw)
    hashes = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
    storage.write_manifest(folder, {"schema": SCHEMA, "kind": KIND, "status": "complete", **about,
                                    "sha256": hashes})


def about(cases, key, command):
    """Provenance of a comparison: enough to make it again."""
    return {"key": key, "command": command, "commit": provenance.commit(), "versions": provenance.versions(),
            "scenarios": [case.name for case in cases],
            "runs": [{"scenario": case.name, "folder": str(case.folder),
                      "scenario_digest": case.scenario.digest, "region_digest": case.region.digest,
                      "results": storage.sha256(case.folder / "results.nc")} for case in cases]}


def json_bytes(content):
    """JSON in UTF-8; what is no number becomes null."""
    text = json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "backslashreplace")


def plain(value):
    """Nested containers with Python's own numbers, nan and infinities as None."""
    if dataclasses.is_dataclass(value):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def records(frame):
    """A DataFrame as a list of dicts, for JSON."""
    return frame.to_dict("records")


def _remove_stale(folder, files):
    """Tables of an earlier comparison in this folder must not outlive it."""
    with storage.writing(folder):
        (folder / storage.MANIFEST).unlink(missing_ok=True)
        for path in folder.glob("*.csv"):
            if path.name not in files:
                path.unlink()
