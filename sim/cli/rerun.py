"""`sim rerun`"""

import dataclasses
import pathlib

import click

from sim.cli import _options


@click.command("rerun")
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
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
    from sim import run, storage
    from sim.cli.run import _follow
    from sim.errors import CorruptError, InputError, Problem
    from sim.scenario import load
    from sim.validation import region_of

    manifest = storage.read_manifest(folder)
    if not manifest or manifest.get("status") != "complete":
        raise InputError(Problem(str(folder), storage.MANIFEST, "no finished run",
                                 "the folder of a finished run"))
    loaded = load(str(pathlib.Path(folder) / "resolved.toml"))
    loaded = dataclasses.replace(loaded, path=f"{manifest['scenario']}.toml")
    target = pathlib.Path(out or f"{pathlib.Path(folder)}-rerun")
    job = run.Job(loaded, region_of(loaded), target, jobs or run.processors(), force=True)
    _follow(run.run(job), False)
    new = storage.read_manifest(target)
    names = ("results.nc", "summary.csv")
    different = [name for name in names if new["sha256"][name] != manifest["sha256"][name]]
    if different:
        versions = {name: (manifest["versions"].get(name), new["versions"].get(name))
                    for name in new["versions"] if manifest["versions"].get(name) != new["versions"][name]}
        raise CorruptError(f"{target}: {', '.join(different)} differ from {folder}"
                           + (f"; versions differ: {versions}" if versions else ""))
    click.echo(f"identical: {', '.join(names)} in {folder} and {target}")
