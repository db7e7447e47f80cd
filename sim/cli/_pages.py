"""Figures and pages of a finished run or comparison, from its folder alone."""

import click


def redraw(folder):
    """Draw the pages of whatever the folder holds again; their paths."""
    from sim import comparison_folder, storage

    storage.check_folder(folder)
    return of_comparison(folder) if comparison_folder.manifest_of(folder) else of_run(folder)


def of_run(folder, silent=False):
    """Draw the figures of a run that are missing, and its pages; the paths of the pages.

    The folder is locked meanwhile; its manifest lists the figures and their hashes when all are there.
    """
    from sim import manifest, storage

    said = manifest.finished(folder, "run or comparison")
    for name in {**said["sha256"], "results.nc": "", manifest.RESOLVED: ""}:       # before anything is drawn
        manifest.verified(folder, said, name)
    with storage.lock(folder):
        _figures(folder, silent)
        from sim.report import run_page
        return run_page.write(folder)


def of_comparison(folder, silent=False):
    """Draw the figures and pages of a comparison; the paths of the pages."""
    from sim import comparison_folder, run, storage

    comparison_folder.load(folder)
    _say("drawing figures ...", silent)
    with storage.lock(folder):
        from sim.report import comparison_page
        return comparison_page.make(folder, run.processors())


def are_there(folder):
    """Whether a run's folder has the figures that its manifest lists, and both pages."""
    from sim import storage
    from sim.report.render import NAMES

    return (are_drawn(folder, storage.read_manifest(folder))
            and all((folder / name).exists() for name in NAMES.values()))


def _figures(folder, silent):
    from sim import manifest, plain_files, results, storage, stored

    said = storage.read_manifest(folder)
    if are_drawn(folder, said):
        return
    from sim.plots import save
    with results.opened(manifest.verified(folder, said, "results.nc")) as data, storage.writing(folder / "figures"):
        _say("drawing figures ...", silent)
        paths = save.save_all(data, plain_files.made(folder, "figures"))
        drawn = {path.name: stored.sha256(path) for path in sorted(paths)}
    storage.write_manifest(folder, {**said, "figures": list(drawn), "drawn": drawn})


def are_drawn(folder, said):
    """Whether the figures that a manifest lists are there as they were drawn; earlier versions kept no hashes."""
    from sim import stored

    drawn = said.get("figures", [])
    hashes = said.get("drawn") or dict.fromkeys(drawn)
    return bool(drawn) and set(hashes) == set(drawn) and all(
        stored.is_as_written(path, digest) if digest else path.is_file()
        for path, digest in ((folder / "figures" / name, digest) for name, digest in hashes.items()))


def _say(text, silent):
    if not silent:
        click.echo(text, err=True)
