"""Figures and pages of a finished run, from its saved results alone."""

import click


def write(folder, silent=False):
    """Draw the figures that are missing and the pages; the paths of the pages.

    The folder is locked meanwhile; its manifest lists the figures when all are there.
    """
    from sim import storage
    from sim.errors import InputError, Problem

    found = storage.read_manifest(folder)
    if not found or found["status"] != "complete":
        raise InputError(Problem(str(folder), "", "no finished run", "the folder of a finished run"))
    with storage.lock(folder):
        _figures(folder, silent)
        from sim.report import run_page
        return run_page.write(folder)


def are_there(folder):
    """Whether the folder has the figures that its manifest lists, and both pages."""
    from sim import storage
    from sim.report.render import NAMES

    drawn = storage.read_manifest(folder).get("figures", [])
    return bool(drawn) and all((folder / name).exists()
                               for name in [*(f"figures/{one}" for one in drawn), *NAMES.values()])


def _figures(folder, silent):
    from sim import results, storage

    manifest = storage.read_manifest(folder)
    drawn = manifest.get("figures", [])
    if drawn and all((folder / "figures" / name).exists() for name in drawn):
        return
    if not silent:
        click.echo("drawing figures ...", err=True)
    from sim.plots import save
    with results.opened(folder / "results.nc") as data, storage.writing(folder / "figures"):
        paths = save.save_all(data, folder / "figures")
    storage.write_manifest(folder, {**manifest, "figures": sorted(path.name for path in paths)})
