"""`sim equilibria`"""

import json
import pathlib

import click

from sim.base.own_words import Language, own
from sim.base.word_tables import terminal
from sim.cli import _options

MOST_LINES = 12


@click.command("equilibria")
@_options.scenario
@_options.settings
@click.option("--over", "span", metavar="'KEY LOW:HIGH:NUMBER'",
              help="Go over the values of a parameter and draw the diagram.")
@click.option("--starts", type=click.IntRange(0), default=20, show_default=True,
              help="Random starts, besides the present counts, uniform ones and leading sites.")
@click.option("--out", type=click.Path(),
              help="Folder for tables and figures; by default outputs/<scenario>-equilibria.")
@click.option("--figures/--no-figures", default=True, help="Draw figures.", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@_options.as_json
@_options.languages
@_options.no_color
def command(scenario, settings, span, starts, out, figures, quiet, as_json, languages):
    """Find the stable and unstable equilibria of a scenario.

    They are the fixed points of the expected quarterly change under the last quarter's rules.

    \b
    Examples:
      sim equilibria scenarios/baseline.toml
      sim equilibria scenarios/baseline.toml --over 'terms.localisation.gamma 0:0.9:10'
      sim equilibria demo/policy.toml --set peers.form=linear --starts 50
    """
    from sim.experiments.compare.folder import plain
    from sim.experiments.equilibria import folder as equilibria_folder
    from sim.experiments.equilibria import search

    along = search.over(span) if span else None
    found = []
    for value, field, result in search.diagram(scenario, settings, along, starts):
        found.append((value, field, result))
        if not quiet and not as_json:
            _tell(along, value, field, result, terminal("equilibria", languages[0]))
    table = search.table(along.key if along else "", found)
    folder = pathlib.Path(out or pathlib.Path("outputs") / f"{pathlib.Path(scenario).stem}-equilibria")
    equilibria_folder.write(folder, (scenario, settings), along, found, languages if figures else ())
    if as_json:
        click.echo(json.dumps(plain(table.to_dict("records")), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        click.echo(folder)


def _tell(along, value, field, result, words):
    """What was found at one value, in lines on stderr."""
    stable = sum(e.stable for e in result.equilibria)
    head = f"{along.key} = {value:g}: " if along else ""
    click.echo(head + words["count"].format(n=len(result.equilibria), stable=stable, searches=result.searches,
                                            lost=result.lost), err=True)
    sites = field.world.region.sites
    zone, named = sites["in_zone"].to_numpy(dtype=bool), own(Language("zh", field.world.region.words), "zone")
    for e in result.equilibria[:MOST_LINES]:
        leader = int(e.shares.argmax())
        click.echo(f"  {words['stable' if e.stable else 'unstable']}: R_dyn {e.r_dyn:.3f}; {words['leader']} "
                   f"{sites.index[leader]} {e.shares[leader]:.3f}; "
                   f"{words['zone'].format(zone=named)} {e.shares[zone].sum():.3f}", err=True)
    if len(result.equilibria) > MOST_LINES:
        click.echo(f"  {words['more'].format(n=len(result.equilibria) - MOST_LINES)}", err=True)
    click.echo(f"  ({words['caution']})", err=True)
