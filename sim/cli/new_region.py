"""`sim new-region`"""

import pathlib

import click

from sim.base.errors import InputError, Problem, printable
from sim.base.messages import _, in_locale, joined
from sim.cli import _console, _options


@click.command("new-region")
@click.argument("places", type=click.Path())
@click.argument("folder", type=click.Path())
@_options.messages
def command(places: str, folder: str) -> None:
    """Make a region folder from a table of places.

    PLACES is a CSV file (UTF-8 or GB18030) or a workbook (XLSX) with the columns lon, lat (WGS84), headquarters
    and one of id, name_en and name_zh, and optionally jurisdiction, nest and in_zone (0 for places outside the zone
    whose headquarters are counted); names of columns may be Chinese.
    Whatever it does not give is set to a neutral value and marked as an assumption.

    \b
    Examples:
      sim new-region places.csv my-region
      sim list sites --region my-region
    """
    from sim.base import stored
    from sim.region import from_places

    out = pathlib.Path(folder)
    try:
        data = stored.content(places)
    except FileNotFoundError:
        raise InputError(Problem(places, "", _("file not found"), _("a table of places"))) from None
    region, files = from_places.region_of(data, places, out.name)
    from_places.write(files, out)
    click.echo(in_locale(_("{folder}: places: {count}; headquarters: {headquarters:g}", folder=folder,
                           count=len(region.sites), headquarters=region.stock["headquarters"].sum())))
    if odd := from_places.unread(data, places):
        said = _("columns that are not read: {columns}", columns=joined(_(", "), map(printable, odd)))
        click.echo(in_locale(said), err=True)
    _console.directions(None, ["sim", "list", "sites", "--region", folder], ["sim", "new", "demo", "--region", folder])
