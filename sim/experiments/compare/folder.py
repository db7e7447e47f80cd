"""The folder of a comparison: tables, comparison.json, and the manifest that is written last."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sim.base import files as storage
from sim.base import provenance, stored
from sim.base.errors import InputError, Problem
from sim.base.json_values import plain
from sim.base.messages import _
from sim.plots.comparison.folder import CONTENT, EFFECTS, KIND, SCHEMA, finished, load, manifest_of
from sim.results import dataset, run_folder
from sim.runs import processor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.experiments.compare.compare import Analysed
    from sim.experiments.compare.scenarios import ComparedScenario

__all__ = ["about", "finished", "json_bytes", "key_of", "load", "manifest_of", "records", "refuse_another", "write"]


def key_of(cases: Sequence[ComparedScenario], options: Mapping[str, Any]) -> str:
    """Equal keys mean equal comparisons: the runs, their order, and the options."""
    told = [(case.name, case.scenario.digest, case.region.digest) for case in cases]
    return hashlib.sha256(json.dumps([told, options], sort_keys=True).encode()).hexdigest()


def refuse_another(folder: Path, key: str) -> None:
    """InputError if the folder holds something else than this comparison."""
    found = manifest_of(folder)
    if found is None and (folder / storage.MANIFEST).exists():
        why = _("the folder holds a run, or something else with a manifest")
    elif found and found["key"] != key:
        why = _("the folder holds another comparison, of {names}, or one with other settings",
                names=", ".join(found["scenarios"]))
    else:
        return
    raise InputError(Problem(str(folder), "", why, "", _("choose another --out, or --force to replace")))


def write(folder: Path, found: Analysed, about: Mapping[str, Any]) -> None:
    """Write tables as NAME.csv, comparison.json, effects.nc, and last the manifest."""
    files: dict[str, bytes | memoryview] = {found.content["tables"][name]: raw for name, raw in found.csv.items()}
    files[EFFECTS] = dataset.netcdf_of(found.effects.by_member)
    files[CONTENT] = json_bytes(found.content)
    _remove_stale(folder, files)
    hashes = {name: storage.write_checked(folder / name, raw) for name, raw in files.items()}
    storage.write_manifest(folder, {"schema": SCHEMA, "kind": KIND, "status": "complete", **about, "sha256": hashes})
    for name, digest in hashes.items():
        storage.required_back(folder / name, digest)


def about(cases: Sequence[ComparedScenario], key: str, command: str) -> dict[str, Any]:
    """Provenance of a comparison: enough to make it again."""
    return {"key": key, "command": command, "commit": provenance.commit(), "versions": provenance.versions(),
            "processor": processor.used(), "scenarios": [case.name for case in cases],
            "runs": [{"scenario": case.name, "folder": str(case.folder),
                      "scenario_digest": case.scenario.digest, "region_digest": case.region.digest,
                      "results": run_folder.finished(case.folder)["sha256"]["results.nc"]} for case in cases]}


def json_bytes(content: Any) -> bytes:
    """JSON in UTF-8; what is no number becomes null."""
    text = json.dumps(plain(content), indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8", "backslashreplace")


def records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """A DataFrame as a list of dicts, for JSON."""
    return frame.to_dict("records")


def _remove_stale(folder, files):
    """Tables of an earlier comparison in this folder must not outlive it, nor its figures and pages."""
    same = stored.is_as_written(folder / CONTENT, hashlib.sha256(files[CONTENT]).hexdigest())
    drawn = [] if same else [*(folder / "figures").glob("*.??.*"), *folder.glob("report*.html")]
    with storage.writing(folder):
        (folder / storage.MANIFEST).unlink(missing_ok=True)
        for path in [*(path for path in folder.glob("*.csv") if path.name not in files), *drawn]:
            path.unlink()
