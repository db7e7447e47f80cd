"""`sim equilibria`"""

import pathlib

import click

from sim.base.messages import _, joined, translate, with_chinese
from sim.base.own_words import Language, own
from sim.cli import _console, _interrupt, _options

MOST_LINES = 12


@click.command("equilibria")
@_options.scenario
@_options.settings
@click.option("--over", "span", metavar="'KEY LOW:HIGH:NUMBER'",
              help="Vary a parameter and draw the bifurcation diagram.")
@click.option("--starts", type=click.IntRange(0), default=20, show_default=True,
              help="Random starts, besides the present counts, uniform ones and leading sites.")
@click.option("--out", type=click.Path(),
              help="Folder for tables and figures; by default outputs/<scenario>-equilibria.")
@_options.force
@click.option("--figures/--no-figures", default=True, help="Draw figures.", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@_options.as_json
@_options.languages
def command(scenario: str, settings: tuple[str, ...], span: str | None, starts: int, out: str | None, force: bool,
            figures: bool, quiet: bool, as_json: bool, languages: tuple[str, ...]) -> None:
    """Find the stable and unstable equilibria of a scenario.

    They are the fixed points of the expected quarterly change under the last quarter's rules.

    \b
    Examples:
      sim equilibria scenarios/baseline.toml
      sim equilibria scenarios/baseline.toml --over 'terms.localisation.gamma 0:0.9:10' --out over
      sim equilibria demo/policy.toml --set peers.form=linear --starts 50
    """
    from sim.base.json_values import plain
    from sim.experiments.equilibria import folder as equilibria_folder
    from sim.experiments.equilibria import search
    from sim.runs import output_folder

    along = search.over(span) if span else None
    folder = pathlib.Path(out or pathlib.Path("outputs") / f"{pathlib.Path(scenario).stem}-equilibria")
    loaded, region = _checked(scenario, settings, along)
    asked, found = equilibria_folder.request(loaded, region, along, starts), []
    with _interrupt.stoppable(_interrupt.ANEW), output_folder.claimed(folder, asked, force):
        for value, field, result in search.diagram(scenario, settings, along, starts):
            found.append((value, field, result))
            if not quiet and not as_json:
                for line in _told(along, value, field, result):
                    click.echo(translate(line, languages[0]), err=True)
        equilibria_folder.write(folder, loaded, asked, along, found, languages if figures else ())
    table = search.table(along.key if along else "", found)
    if as_json:
        _console.print_json(plain(table.to_dict("records")))
    else:
        click.echo(folder)
        if not quiet:
            drawn = sorted(folder.glob(f"*.{languages[0]}.png")) if figures else []
            seen = [["sim", "open", str(folder)]] if drawn else []
            _console.directions(drawn[0] if drawn else None, *seen, ["sim", "run", scenario], lang=languages[0])


def _checked(scenario, settings, along):
    """The loaded scenario and its region, once what is asked is known to be sound."""
    from sim.model.preflight import validation
    from sim.scenario import load as scenarios
    from sim.scenario import parameter_paths

    loaded = scenarios.load(scenario, settings)
    region = validation.region_of(loaded)
    if along:
        parameter_paths.asked(loaded, along.key, "--over")
    return loaded, region


def _told(along, value, field, result):
    """What was found at one value, in lines."""
    stable = sum(e.stable for e in result.equilibria)
    count = _("equilibria found: {n}, of them stable: {stable} (searches: {searches}; not converged: {lost})",
              n=len(result.equilibria), stable=stable, searches=result.searches, lost=result.lost)
    yield joined("", [f"{along.key} = {value:g}", _(": "), count]) if along else count
    sites = field.world.region.sites
    zone, named = sites["in_zone"].to_numpy(dtype=bool), own(Language("zh", field.world.region.words), "zone")
    called = [with_chinese(*each) for each in zip(sites["name_en"], sites["name_zh"])]
    for e in result.equilibria[:MOST_LINES]:
        leader = int(e.shares.argmax())
        yield _("  {kind}: R_dyn {r_dyn:.3f}; leader {leader} {share:.3f}; zone {in_zone:.3f}",
                kind=_("stable") if e.stable else _("unstable"), r_dyn=e.r_dyn, leader=called[leader],
                share=e.shares[leader], in_zone=e.shares[zone].sum(), zone=named)
    if len(result.equilibria) > MOST_LINES:
        yield _("  and {n} more in equilibria.csv", n=len(result.equilibria) - MOST_LINES)
    if result.alike:
        yield _("  and {n} more with equal sites exchanged", n=result.alike)
    if result.missing > 0:
        yield _("  further equilibria that were not found: at least {n:.0f} (the indices of those found do not sum to "
                "1)", n=result.missing)
    yield _("  (a search may miss equilibria)")
