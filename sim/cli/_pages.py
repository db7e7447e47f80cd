"""Figures and pages of a finished run or comparison, from its folder alone."""

import click

from sim.errors import InputError, Problem


def redraw(folder):
    """Draw the pages of whatever the folder holds again; their paths."""
    from sim import storage
    from sim.experiment.comparison import files

    storage.check_folder(folder)
    return of_comparison(folder) if files.manifest_of(folder) else of_run(folder)


def of_run(folder, silent=False):
    """Draw the figures of a run that are missing, and its pages; the paths of the pages.

    The folder is locked meanwhile; its manifest lists the figures when all are there.
    """
    from sim import storage

    found = storage.read_manifest(folder)
    if not found or found["status"] != "complete":
        raise InputError(Problem(str(folder), "", "no finished run or comparison",
                                 "the folder of a finished one"))
    with storage.lock(folder):
        _figures(folder, silent)
        from sim.report import run_page
        return run_page.write(folder)


def of_comparison(folder, silent=False):
    """Draw the figures and pages of a comparison; the paths of the pages."""
    from sim import run, storage

    _say("drawing figures ...", silent)
    with storage.lock(folder):
        from sim.report import comparison_page
        return comparison_page.make(folder, run.processors())


def are_there(folder):
    """Whether a run's folder has the figures that its manifest lists, and both pages."""
    from sim import storage
    from sim.report.render import NAMES

    drawn = storage.read_manifest(folder).get("figures", [])
    return bool(drawn) and all((folder / name).exists()
                               for name in [*(f"figures/{one}" for one in drawn), *NAMES.values()])


def _figures(folder, silent):
    from sim import plain_files, results, storage

    manifest = storage.read_manifest(folder)
    drawn = manifest.get("figures", [])
    if drawn and all((folder / "figures" / name).exists() for name in drawn):
        return
    _say("drawing figures ...", silent)
    from sim.plots import save
    with results.opened(folder / "results.nc") as data, storage.writing(folder / "figures"):
        paths = save.save_all(data, plain_files.made(folder, "figures"))
    storage.write_manifest(folder, {**manifest, "figures": sorted(path.name for path in paths)})


def _say(text, silent):
    if not silent:
        click.echo(text, err=True)
