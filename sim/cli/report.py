"""`sim report`"""

import pathlib

import click

from sim.cli import _console, _options


@click.command("report")
@click.argument("folder", type=click.Path())
@click.option("--brief", is_flag=True, help="Write the briefs of a comparison: two pages for all, one a jurisdiction.")
@_options.languages
def command(folder: str, brief: bool, languages: tuple[str, ...]) -> None:
    """Draw the pages of a finished run or comparison again.

    Everything comes from FOLDER: results, tables and inputs. Figures of a run that are missing, or that another
    version drew, and those of a comparison are drawn first. A language that the folder does not have yet is added.

    \b
    Examples:
      sim report outputs/baseline
      sim report outputs/baseline --lang zh
      sim report outputs/compare-baseline-shanghai-ftz
      sim report outputs/compare-baseline-shanghai-ftz --brief --lang both
    """
    from sim.report import drawing

    found = _briefs(folder, languages) if brief else drawing.redraw(pathlib.Path(folder), languages)
    for path in found:
        click.echo(click.format_filename(path))
    _console.directions(found[0] if found else None, *_next(folder, brief), lang=languages[0])


def _next(folder, brief):
    """The page of what was drawn; then its brief if it is a comparison, a comparison if it is a run."""
    from sim.plots.comparison import folder as comparison_folder
    from sim.runs import identity

    seen, place = ["sim", "open", folder], pathlib.Path(folder)
    if brief:
        return [["sim", "open", str(place / "brief")]]
    if identity.is_sweep(place):
        return [seen]
    if comparison_folder.manifest_of(place):
        return [seen, ["sim", "report", folder, "--brief"]]
    return [seen, ["sim", "compare", folder, "ANOTHER.toml"]]


def _briefs(folder, languages):
    """The files of the briefs; what could not be written is told."""
    from sim.report.brief import write

    found = write.write(pathlib.Path(folder), languages)
    _console.tell("note", found.missing)
    return found.paths
