"""A saved page, from what was typed to the file."""

from collections.abc import Generator
from pathlib import Path

from sim.base import files
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.explorer import design, opening
from sim.experiments.explorer.opening import Asked
from sim.experiments.explorer.parts import Parts
from sim.report.explorer import page

REPLICATES = 20
PARTS = ".parts"               # after the name of the page
START, INSIDE = b"<!doctype html>", b'id="app"'      # of every page of the explorer


def save(asked: Asked, path: Path, lang: str, replicates: int | None = None,
         jobs: int = 1) -> Generator[tuple[int, int], None, Path]:
    """Generator of (pairs done, in all); when it ends, the page is written; returns its path.

    What is simulated is kept beside the page until then, so that the same call goes on after a stop.
    """
    refuse_others(path)
    if len(asked.opened) > 1:
        raise InputError(Problem("", "scenarios", _("{count} scenarios beside the baseline", count=len(asked.opened)),
                                 _("one in a saved page"), _("compare them, and explore the comparison instead")))
    one = opening.with_values(asked.opened[0])
    number = replicates or asked.replicates or min(REPLICATES, one.scenario.values.run.replicates)
    parts = Parts(path.with_name(f"{path.name}{PARTS}"))
    designed = yield from design.run(one, number, jobs, parts)
    with files.writing(path):
        files.write_checked(path, page.saved(designed, asked, lang))
    parts.clear()
    return path


def refuse_others(path: Path) -> None:
    """InputError, before anything runs, for a folder and for a file that is no page of the explorer."""
    if path.is_dir():
        raise InputError(Problem(str(path), "", _("it is a folder"), _("the name of a page, such as page.html")))
    with files.writing(path):
        there = path.read_bytes() if path.exists() else START + INSIDE
    if not (there.startswith(START) and INSIDE in there):
        raise InputError(Problem(str(path), "", _("it already exists, and is no page of the explorer"), "",
                                 _("choose another name")))
