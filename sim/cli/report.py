"""`sim report`"""

import pathlib

import click

from sim.cli import _options


@click.command("report")
@click.argument("folder", type=click.Path())
@_options.no_color
def command(folder):
    """Draw the pages report.html and report.zh.html of a finished run or comparison again.

    Everything comes from FOLDER: results, tables, inputs and figures; figures that are missing are
    drawn first.

    \b
    Examples:
      sim report outputs/baseline
    """
    from sim.cli import _pages

    for path in _pages.redraw(pathlib.Path(folder)):
        click.echo(click.format_filename(path))
