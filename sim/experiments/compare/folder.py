"""The folder of a comparison: tables, comparison.json, and the manifest that is written last."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sim.base import files as storage
from sim.base import provenance, stored
from sim.base.json_values import plain
from sim.base.messages import _
from sim.plots.comparison.folder import CONTENT, EFFECTS, KIND, SCHEMA, finished, load, manifest_of
from sim.results import dataset, run_folder
from sim.runs import output_folder, processor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.experiments.compare.compare import Analysed
    from sim.experiments.compare.scenarios import ComparedScenario

__all__ = ["about", "finished", "json_bytes", "key_of", "load", "manifest_of", "records", "refuse_another", "write"]

TABLES = ("effects", "event_study", "decomposition", "leakage", "ranking", "pairwise", "reversals", "assumed",
          "per_unit", "did", "checks", "channels", "leave_one_out", "persistence", "welfare", "costs", "fiscal",
          "feedback", "tipping", "uncertainty", "draws", "value_of_information")
NAMES = (CONTENT, EFFECTS, *(f"{name}.csv" for name in TABLES), *output_folder.PAGES)      # of all that it writes


def key_of(cases: Sequence[ComparedScenario], options: Mapping[str, Any]) -> str:
    """Equal keys mean equal comparisons: the runs, their order, and the options."""
    told = [(case.name, case.scenario.digest, case.region.digest) for case in cases]
    return hashlib.sha256(json.dumps([told, options], sort_keys=True).encode()).hexdigest()


def refuse_another(folder: Path, key: str) -> None:
    """InputError if the folder holds something else than this comparison."""
    output_folder.refuse_others(folder, KIND, NAMES)
    found = manifest_of(folder)
    if found and found["key"] != key:
        output_folder.refuse(folder, _("the folder holds another comparison, of {names}, or one with other settings",
                                       names=", ".join(found["scenarios"])))


def write(folder: Path, found: Analysed, about: Mapping[str, Any]) -> None:
    """Write tables as NAME.csv, comparison.json, effects.nc, and last the manifest."""
    files: dict[str, bytes | memoryview] = {found.content["tables"][name]: raw for name, raw in found.csv.items()}
    files[EFFECTS] = dataset.netcdf_of(found.effects.by_member)
    files[CONTENT] = json_bytes(found.content)
    if not stored.is_as_written(folder / CONTENT, hashlib.sha256(files[CONTENT]).hexdigest()):
        output_folder.clear(folder, NAMES)       # of an earlier comparison neither tables nor pages outlive it
    storage.write_manifest(folder, {"schema": SCHEMA, "kind": KIND, "status": "running", **about, "sha256": {}})
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
