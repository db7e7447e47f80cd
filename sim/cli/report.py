"""`sim report`"""

import pathlib

import click

from sim.cli import _options


@click.command("report")
@click.argument("folder", type=click.Path())
@_options.languages
@_options.no_color
def command(folder: str, languages: tuple[str, ...]) -> None:
    """Draw the pages of a finished run or comparison again.

    Everything comes from FOLDER: results, tables and inputs. Figures of a run that are missing and
    those of a comparison are drawn first. A language that the folder does not have yet is added.

    \b
    Examples:
      sim report outputs/baseline
      sim report outputs/baseline --lang zh
      sim report outputs/compare-baseline-shanghai-ftz
    """
    from sim.report import drawing

    for path in drawing.redraw(pathlib.Path(folder), languages):
        click.echo(click.format_filename(path))
