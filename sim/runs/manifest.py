"""Whose run a folder holds: the manifest's content, and what sets another run apart from a job."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from sim.base import files, plugins, provenance, stored
from sim.base.errors import CorruptError, InputError
from sim.base.messages import _
from sim.config import toml_file
from sim.config.differences import flat, told
from sim.results.run_folder import RESOLVED, verified
from sim.runs import output_folder, processor
from sim.scenario import load as scenario_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.runs.job import Job
    from sim.scenario.load import Scenario

TABLES = ("results.nc", "summary.csv", "assumed.csv", "ledger.csv")


def of_job(job: Job, status: str, **more: object) -> dict[str, Any]:
    """What manifest.json says of a job, enough to make the run again."""
    values = job.scenario.values
    title, title_zh = job.scenario.titles
    return {"schema": files.SCHEMA, "status": status, "key": job.key, "scenario": job.scenario.name,
            "title_en": title, "title_zh": title_zh, "scenario_digest": job.scenario.digest,
            "region": job.region.name, "region_digest": job.region.digest,
            "seed": values.run.seed, "replicates": len(job.replicates),
            "files": [name for name, _ in job.scenario.files],
            "warnings": [warning.texts() for warning in job.warnings],
            "command": job.command, "commit": provenance.commit(), "versions": provenance.versions(),
            "plugins": plugins.versions(), "processor": job.processor or processor.used(), "sha256": {}, **more}


def is_complete(job: Job) -> bool:
    """Whether the folder holds this very job, finished and unharmed."""
    found = files.read_manifest(job.folder) if output_folder.may_be(job.folder, output_folder.RUN) else None
    if not found or found["status"] != "complete" or found["key"] != job.key:
        return False
    hashes = dict.fromkeys(TABLES) | found["sha256"]
    return all(stored.is_as_written(job.folder / name, digest) for name, digest in hashes.items())


def scenario_of(folder: Path, said: Mapping[str, Any]) -> Scenario:
    """The scenario of a finished run, from its resolved.toml, under its own name."""
    loaded = scenario_files.load(str(verified(folder, said, RESOLVED)))
    if loaded.digest != said["scenario_digest"]:
        raise CorruptError(_("{path}: changed since it was written: it is not the scenario of the run",
                             path=folder / RESOLVED))
    return dataclasses.replace(loaded, path=str(folder / f"{said['scenario']}.toml"))


def refuse_another(job: Job) -> None:
    """InputError if the folder holds another run, other results, or files of the user's that it would replace."""
    output_folder.refuse_others(job.folder, output_folder.RUN, output_folder.OF_RUN,
                                {"scenario.toml": _text(job), RESOLVED: _resolved(job)})
    found = files.read_manifest(job.folder)
    if found and found["key"] != job.key and not _is_empty(job.folder, found):
        output_folder.refuse(job.folder, _("the folder holds another run: {difference}",
                                           difference=_difference(job, found)))


def _is_empty(folder: Path, found: Mapping[str, Any]) -> bool:
    """Whether a run has begun in the folder and left nothing: its scenario was refused, or it was stopped at once."""
    names = (*TABLES, *output_folder.PARTS, *output_folder.PAGES)
    work = itertools.chain.from_iterable(map(folder.glob, names))
    return found["status"] == "running" and not any(path.is_file() for path in work)


def claim(job: Job) -> None:
    """Make the folder this job's; of another job's nothing stays."""
    folder = job.folder
    with contextlib.suppress(CorruptError):
        found = files.read_manifest(folder)
        if found and found["key"] == job.key and (folder / RESOLVED).exists():
            return
    output_folder.clear(folder, output_folder.OF_RUN)
    files.write_manifest(folder, of_job(job, "running"))
    files.write_bytes(folder / "scenario.toml", _text(job))
    files.write_bytes(folder / RESOLVED, _resolved(job))


def _text(job: Job) -> bytes:
    return job.scenario.text.encode("utf-8", "surrogateescape")


def _resolved(job: Job) -> bytes:
    return job.scenario.resolved_toml().encode()


def _difference(job: Job, found: Mapping[str, Any]) -> str:
    """What sets the folder's run apart from the job, as its user would put it."""
    if found["scenario_digest"] != job.scenario.digest:
        there, here = _stored_values(job.folder), flat(job.scenario.tables())
        return told(there, here, toml_file.format_value)
    if found["region_digest"] != job.region.digest:
        return _("the files of region {region} have changed since", region=job.region.name)
    changed = provenance.changed(found["versions"])
    if changed:
        return _("it was made with another version of {names}", names=", ".join(changed))
    return _("that of scenario {name}", name=found["scenario"])


def _stored_values(folder: Path) -> dict[str, object]:
    try:
        return flat(toml_file.read(str(stored.regular(folder / RESOLVED))).data)
    except (InputError, CorruptError):
        return {}
