"""Figures and pages of a finished run or comparison, from its folder alone."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sim.base.messages import _, in_locale
from sim.base.own_words import spoken


def redraw(folder: Path, languages: tuple[str, ...]) -> list[Path]:
    """Draw the pages of whatever the folder holds again, in these languages; their paths."""
    from sim.base import files
    from sim.plots.comparison import folder as comparison_folder
    from sim.runs import identity, limits

    files.check_folder(folder)
    if identity.is_sweep(folder):
        from sim.report import sweep_page

        return sweep_page.make(folder, languages)
    return (of_comparison if comparison_folder.manifest_of(folder) else of_run)(folder, languages, limits.processors())


def drawn(folder: Path, languages: tuple[str, ...], processes: int = 1, silent: bool = False) -> tuple[Path, ...]:
    """Draw what is missing of a finished run or comparison in these languages; the paths of its pages.

    With more processes than one others draw some of the figures.
    """
    from sim.plots.comparison import folder as comparison_folder
    from sim.report.render import NAMES

    if comparison_folder.manifest_of(folder):
        return tuple(of_comparison(folder, languages, processes, silent))
    if are_there(folder, languages):
        return tuple(folder / NAMES[lang] for lang in languages)
    return tuple(of_run(folder, languages, processes, silent))


def of_run(folder: Path, languages: tuple[str, ...], processes: int, silent: bool = False) -> list[Path]:
    """Draw the figures of a run that `undrawn` tells in these languages, and its pages; the paths of the pages.

    The folder is locked meanwhile; its manifest lists the figures and their hashes when all are there.
    """
    from sim.base import files as storage
    from sim.results import dataset, run_folder

    said = run_folder.finished(folder, _("run or comparison"))
    for name in {**said["sha256"], "results.nc": "", run_folder.RESOLVED: ""}:       # before anything is drawn
        run_folder.verified(folder, said, name)
    with storage.lock(folder), dataset.opened(folder / "results.nc") as data:
        from sim.report import run_page
        from sim.report.render import written_in

        shown = dataset.read(folder / "results.nc", data, run_page.SHOWN)
        there = written_in(folder, languages, spoken("", data.attrs).words)
        work = [functools.partial(run_page.text, folder, said, shown, lang) for lang in there]
        texts = _figures(folder, data.assign(shown.data_vars), work,             # what is in memory is not read again
                         (undrawn(folder, said, languages), processes, silent))
        return run_page.written(folder, shown, dict(zip(there, texts)).__getitem__, languages, processes)


def of_comparison(folder: Path, languages: tuple[str, ...], processes: int, silent: bool = False) -> list[Path]:
    """Draw the figures and pages of a comparison in these languages; the paths of the pages."""
    from sim.base import files as storage
    from sim.plots.comparison import folder as comparison_folder

    comparison_folder.load(folder)
    _say(_("drawing figures ..."), silent)
    with storage.lock(folder):
        from sim.report import comparison_page
        return comparison_page.make(folder, languages, processes)


def are_there(folder: Path, languages: tuple[str, ...]) -> bool:
    """Whether a run's folder has the figures, as they were drawn, and the pages of these languages."""
    from sim.base import files as storage
    from sim.report.render import NAMES

    said: Any = storage.read_manifest(folder)              # a finished run has one
    return not undrawn(folder, said, languages) and all((folder / NAMES[lang]).exists() for lang in languages)


def undrawn(folder: Path, said: Mapping[str, Any], languages: tuple[str, ...]) -> list[str]:
    """The languages in which figures are missing, are not as they were drawn, or were drawn by another program.

    `said` is the run's manifest.
    """
    from sim.base import provenance, stored

    hashes, by = _drawn(said), said.get("drawn_by", {})
    of = {lang: {name: digest for name, digest in hashes.items() if f".{lang}." in name} for lang in languages}
    there = lambda path, digest: stored.is_as_written(path, digest) if digest else path.is_file()      # noqa: E731
    return [lang for lang, each in of.items()
            if not each or by.get(lang) != provenance.drawing()
            or not all(there(folder / "figures" / name, digest) for name, digest in each.items())]


def _drawn(said):
    """Figure -> hash, as a run's manifest lists them; earlier versions kept no hashes."""
    return said.get("drawn") or dict.fromkeys(said.get("figures", []))


def _figures(folder, data, work, how):
    """Draw figures in languages that are missing while other work is done; what comes of that."""
    from sim.base import files as storage
    from sim.base import plain_files, provenance, stored
    from sim.plots.common import save
    from sim.plots.run.save import drawings

    missing, processes, silent = how
    with storage.writing(folder / "figures"):
        place = plain_files.made(folder, "figures")
    if missing:
        _say(_("drawing figures ..."), silent)
    found, paths = save.save_beside(work, drawings(data, missing) if missing else (), place, processes)
    if paths:
        new = {path.name: stored.sha256(path) for path in paths}
        said = storage.read_manifest(folder)
        kept = {name: digest for name, digest in _drawn(said).items()
                if not any(f".{lang}." in name for lang in missing)}
        for name in _drawn(said).keys() - kept.keys() - new.keys():          # what this program draws no more
            if stored.is_as_written(place / name, _drawn(said)[name]):
                (place / name).unlink()
        drawn, by = dict(sorted((kept | new).items())), dict.fromkeys(missing, provenance.drawing())
        storage.write_manifest(folder, {**said, "figures": list(drawn), "drawn": drawn,
                                        "drawn_by": {**said.get("drawn_by", {}), **by}})
    return found


def _say(text, silent):
    if not silent:
        click.echo(in_locale(text), err=True)
