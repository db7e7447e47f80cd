"""`sim rerun`"""

import pathlib
import shlex
import sys

import click

from sim.cli import _options

COMPARED = ("results.nc", "summary.csv")


@click.command("rerun")
@click.argument("folder", type=click.Path())
@click.option("--out", type=click.Path(), help="Folder for the new run; by default FOLDER-rerun.")
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@_options.no_color
def command(folder, out, jobs):
    """Make a run again from its own folder and compare the bytes.

    Uses resolved.toml and manifest.json in FOLDER; ends with 0 if results.nc and summary.csv are
    identical, with 6 if they are not.

    \b
    Examples:
      sim rerun outputs/baseline
      sim rerun outputs/baseline --jobs 1 --out check
    """
    from sim.cli._interrupt import stoppable

    folder = pathlib.Path(folder)
    target = pathlib.Path(out or folder.with_name(f"{folder.name}-rerun"))
    with stoppable(f"go on with: sim {shlex.join(sys.argv[1:])}"):
        _again(folder, target, jobs)
    click.echo(f"identical: {', '.join(COMPARED)} in {folder} and {target}")


def _again(folder, target, jobs):
    from sim import manifest, run, storage
    from sim.cli._progress import follow
    from sim.errors import CorruptError

    first = _finished(folder, target)
    job = _job(folder, first, target, jobs)
    manifest.refuse_another(job)
    follow(run.run(job), False)
    second = storage.read_manifest(target)
    different = [name for name in COMPARED if second["sha256"][name] != first["sha256"].get(name)]
    if different:
        raise CorruptError(f"{target}: {', '.join(different)} differ from {folder}{_reasons(first, second)}")


def _finished(folder, target):
    """Manifest of the finished run in the folder, whose results are what it says."""
    from sim import storage
    from sim.errors import CorruptError, InputError, Problem

    storage.check_folder(folder)
    found = storage.read_manifest(folder)
    if not found or found["status"] != "complete":
        raise InputError(Problem(str(folder), "", "no finished run", "the folder of a finished run"))
    if target.resolve() == folder.resolve():
        raise InputError(Problem(str(target), "", "the folder of the run itself", "another --out"))
    harmed = [name for name in COMPARED if storage.sha256(folder / name) != found["sha256"].get(name)]
    if harmed:
        raise CorruptError(f"{folder}: {', '.join(harmed)} changed since the run ended")
    return found


def _job(folder, manifest, target, jobs):
    import dataclasses

    from sim import run, scenario, validation

    loaded = scenario.load(str(folder / "resolved.toml"))
    loaded = dataclasses.replace(loaded, path=str(folder / f"{manifest['scenario']}.toml"))
    return run.Job(loaded, validation.region_of(loaded), target, jobs or run.processors(), force=True,
                   command=f"sim {shlex.join(sys.argv[1:])}")


def _reasons(first, second):
    """What else differs between two manifests and may be why."""
    inputs = {"scenario_digest": "the scenario", "region_digest": "the files of the region"}
    reasons = [text for key, text in inputs.items() if first[key] != second[key]]
    reasons += [f"{name} ({first['versions'].get(name)}, {version})"
                for name, version in second["versions"].items() if first["versions"].get(name) != version]
    return f"; also different: {', '.join(reasons)}" if reasons else ""
