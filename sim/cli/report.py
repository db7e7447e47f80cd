"""`sim report`"""

import pathlib

import click

from sim.cli import _console, _options


@click.command("report")
@click.argument("folder", type=click.Path())
@click.option("--brief", is_flag=True, help="Write the briefs of a comparison: two pages for all, one a jurisdiction.")
@_options.languages
@_options.no_color
def command(folder: str, brief: bool, languages: tuple[str, ...]) -> None:
    """Draw the pages of a finished run or comparison again.

    Everything comes from FOLDER: results, tables and inputs. Figures of a run that are missing and
    those of a comparison are drawn first. A language that the folder does not have yet is added.

    \b
    Examples:
      sim report outputs/baseline
      sim report outputs/baseline --lang zh
      sim report outputs/compare-baseline-shanghai-ftz
      sim report outputs/compare-baseline-shanghai-ftz --brief --lang both
    """
    for path in _briefs(folder, languages) if brief else _pages(folder, languages):
        click.echo(click.format_filename(path))


def _pages(folder, languages):
    from sim.report import drawing

    return drawing.redraw(pathlib.Path(folder), languages)


def _briefs(folder, languages):
    """The files of the briefs; what could not be written is told."""
    from sim.report.brief import write

    found = write.write(pathlib.Path(folder), languages)
    _console.tell("note", found.missing)
    return found.paths
