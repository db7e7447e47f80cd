"""Whose run a folder holds: the manifest's content, and what sets another run apart from a job."""

import contextlib

from sim import parts, provenance, storage, toml_source
from sim.errors import CorruptError, InputError, Problem

TABLES = ("results.nc", "summary.csv", "assumed.csv", "ledger.csv")
RESOLVED = "resolved.toml"


def content(job, status, **more):
    """What manifest.json says of a job, enough to make the run again."""
    scenario = job.scenario
    title, title_zh = scenario.titles
    return {"schema": storage.SCHEMA, "status": status, "key": job.key, "scenario": scenario.name,
            "title_en": title, "title_zh": title_zh,
            "scenario_digest": scenario.digest,
            "region": job.region.name, "region_digest": job.region.digest,
            "seed": scenario.values.run.seed, "replicates": len(job.replicates),
            "files": [name for name, _ in scenario.files], "warnings": list(job.warnings),
            "command": job.command, "commit": provenance.commit(), "versions": provenance.versions(),
            "sha256": {}, **more}


def is_complete(job):
    """Whether the folder holds this very job, finished and unharmed."""
    found = storage.read_manifest(job.folder)
    if not found or found["status"] != "complete" or found["key"] != job.key:
        return False
    return all(storage.sha256(job.folder / name) == found["sha256"].get(name) for name in TABLES)


def refuse_another(job):
    """InputError if the folder holds another run, or results of unknown origin."""
    found, why = storage.read_manifest(job.folder), ""
    if found and found["key"] != job.key:
        why = f"results of another run: {_difference(job, found)}"
    elif not found and any((job.folder / name).exists() for name in (*TABLES, RESOLVED)):
        why = f"results without a {storage.MANIFEST}"
    if why:
        raise InputError(Problem(str(job.folder), "", why, "", "choose another --out, or --force to replace"))


def claim(job):
    """Make the folder this job's; of another job's nothing stays."""
    folder, scenario = job.folder, job.scenario
    with contextlib.suppress(CorruptError):
        found = storage.read_manifest(folder)
        if found and found["key"] == job.key and (folder / RESOLVED).exists():
            return
    parts.remove(folder)
    with storage.writing(folder):
        drawn = [*(folder / "figures").glob("*.??.*"), *folder.glob("report*.html")]
        for path in [*(folder / name for name in (*TABLES, RESOLVED)), *drawn]:
            path.unlink(missing_ok=True)
    storage.write_manifest(folder, content(job, "running"))
    storage.write_bytes(folder / "scenario.toml", scenario.text.encode("utf-8", "surrogateescape"))
    storage.write_bytes(folder / RESOLVED, scenario.resolved_toml().encode())


def _difference(job, found):
    """What sets the folder's run apart from the job, as its user would put it."""
    if found["scenario_digest"] != job.scenario.digest:
        there, here = _stored_values(job.folder), _flat(job.scenario.tables())
        keys = [key for key in sorted(there | here) if there.get(key) != here.get(key)]
        named = [f"{key} is {_of(there, key)} there and {_of(here, key)} now" for key in keys[:3]]
        more = [f"and {len(keys) - 3} more keys differ"] if len(keys) > 3 else []
        return "; ".join(named + more)
    if found["region_digest"] != job.region.digest:
        return f"the files of region {job.region.name} were others"
    now = provenance.versions()
    changed = [name for name in now if now[name] != found["versions"].get(name)]
    return f"made with another {', '.join(changed)}" if changed else f"of scenario {found['scenario']}"


def _of(values, key):
    return toml_source.format_value(values[key]) if key in values else "not set"


def _stored_values(folder):
    try:
        return _flat(toml_source.read(str(folder / RESOLVED)).data)
    except InputError:
        return {}


def _flat(table, prefix=()):
    """Dotted key -> value of nested tables."""
    found = {}
    for key, value in table.items():
        path = (*prefix, key)
        found |= _flat(value, path) if isinstance(value, dict) else {toml_source.dotted(path): value}
    return found
