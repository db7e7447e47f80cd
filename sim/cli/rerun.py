"""`sim rerun`"""

import pathlib

import click

from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _, in_locale, joined
from sim.cli import _console, _options

COMPARED = ("results.nc", "summary.csv")


@click.command("rerun")
@click.argument("folder", type=click.Path())
@click.option("--out", type=click.Path(), help="Folder for the new run; by default FOLDER-rerun.")
@_options.threads
@_options.messages
def command(folder: str, out: str | None, jobs: int | None) -> None:
    """Repeat a run from its own folder and compare the results.

    Uses resolved.toml and manifest.json in FOLDER. The exit code is 0 if results.nc and summary.csv are
    identical, 6 if they are not. Another processor may round the last bits differently: then counts are
    compared exactly and other numbers within 1e-9.

    \b
    Examples:
      sim rerun outputs/baseline
      sim rerun outputs/baseline --jobs 1 --out check
    """
    from sim.cli._interrupt import stoppable

    folder = pathlib.Path(folder)
    named = folder if folder.name not in ("", "..") else folder.resolve()          # of "." there is no name
    target = pathlib.Path(out or named.with_name(f"{named.name}-rerun"))
    with stoppable(_("go on with: {command}", command=_console.typed())):
        same = _again(folder, target, jobs)
    click.echo(in_locale(_("{same} in {folder} and {target}", same=same, folder=folder, target=target)))
    _console.directions(None, ["sim", "report", str(target)])


def _again(folder, target, jobs):
    """Make the run again and tell what was found to be the same; CorruptError if too little is."""
    from sim.base import files
    from sim.runs import manifest, run
    from sim.runs.progress import follow

    first = _finished(folder, target)
    job = _job(folder, first, target, jobs)
    manifest.refuse_another(job)
    follow(run.run(job), False)
    return _compared((folder, first), (target, files.read_manifest(target)))


def _compared(first, second):
    """What is the same in two runs, each a folder and its manifest; CorruptError if too little is."""
    from sim.runs import sameness

    (folder, there), (target, here) = first, second
    if all(here["sha256"][name] == there["sha256"].get(name) for name in COMPARED):
        return _("identical: {files}", files=", ".join(COMPARED))
    apart = sameness.processors(there, here)
    differing = sameness.differing(first, second, exactly=not apart)
    if differing:
        how = _(" by more than another processor ({apart}) explains", apart=apart) if apart else ""
        raise CorruptError(_("{target}: {files} differ from {folder}{how}{reasons}", target=target,
                             files=", ".join(differing), folder=folder, how=how, reasons=_reasons(there, here)))
    if not apart:
        return _("identical in every value, in files of another layout: {files}", files=", ".join(COMPARED))
    return _("the same on another processor ({apart}): all counts exactly, other numbers within 1e-9,", apart=apart)


def _finished(folder, target):
    """Manifest of the finished run in the folder, whose results are what it says."""
    from sim.base import files as storage
    from sim.base import plugins, stored
    from sim.results import run_folder

    storage.check_folder(folder)
    found = run_folder.finished(folder)
    if target.resolve() == folder.resolve():
        raise InputError(Problem(str(target), "", _("this is the folder of the run itself"),
                                 remedy=_("choose another --out")))
    here = plugins.versions()
    absent = [f"{name} {version}" for name, version in found.get("plugins", {}).items() if name not in here]
    if absent:
        raise InputError(Problem(str(folder), "", _("the run needs the package {names}", names=", ".join(absent)),
                                 remedy=_("install it and run the same command again")))
    harmed = [name for name in COMPARED if not stored.is_as_written(folder / name, found["sha256"].get(name))]
    if harmed:
        raise CorruptError(_("{folder}: {files} changed since the run ended", folder=folder, files=", ".join(harmed)))
    return found


def _job(folder, said, target, jobs):
    from sim.model.preflight import validation
    from sim.runs import limits, manifest
    from sim.runs.job import Job

    loaded, threads = manifest.scenario_of(folder, said), jobs or limits.processors()
    return Job(loaded, validation.region_of(loaded, threads=threads), target, threads, force=True,
               command=_console.typed())


def _reasons(first, second):
    """What else differs between two manifests and may be why."""
    inputs = {"scenario_digest": _("the scenario"), "region_digest": _("the files of the region")}
    reasons = [text for key, text in inputs.items() if first[key] != second[key]]
    reasons += [f"{name} ({first['versions'].get(name)}, {version})"
                for name, version in second["versions"].items() if first["versions"].get(name) != version]
    return _("; also different: {reasons}", reasons=joined(_(", "), reasons)) if reasons else ""
