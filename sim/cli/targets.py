"""`sim targets`"""

import click

from sim.base.messages import _
from sim.cli import _console, _options


@click.command("targets")
@click.argument("scenario", type=click.Path(), default="scenarios/baseline.toml")
@_options.settings
@click.option("--replicates", type=click.IntRange(2), default=100, show_default=True,
              help="Replicates to run.")
@click.option("--draws", type=click.IntRange(0), default=0, show_default=True,
              help="Draws of the parameters whose feedback is shown too.")
@click.option("--out", type=click.Path(), help="Folder of the tables; by default outputs/NAME-targets.")
@_options.force
@_options.threads
@click.option("-q", "--quiet", is_flag=True, help="Print the folder only.")
@_options.lang
def command(scenario: str, settings: tuple[str, ...], replicates: int, draws: int, out: str | None,
            force: bool, jobs: int | None, quiet: bool, lang: str) -> None:
    """Compare runs with their targets and with observed data.

    Survival by age, spin-offs, moves, entries, exits, growth and the tail of sizes, each with its
    target, range and source; then patterns observed elsewhere, and of each whether anything was
    fitted to it; then how concentrated each industry and its entrants are; then the growth of
    observed series that are not inputs. Writes targets.csv, patterns.csv, concentration.csv,
    heldout.csv and targets.md.

    \b
    Examples:
      sim targets
      sim targets scenarios/baseline.toml --replicates 20 --out check
      sim targets --set spinoff.share=0.35 --replicates 10 --out later
      sim targets --draws 50 --out draws
    """
    from sim.cli._interrupt import stoppable
    from sim.front_door import targets

    with stoppable(_("nothing was written; the same command starts again")):
        found = targets(scenario, settings=settings, replicates=replicates, draws=draws, out=out, force=force,
                        jobs=jobs, lang=lang, quiet=quiet)
    click.echo(found.folder if quiet else f"{found.page}\n{found.folder}")
    if not quiet:
        _console.directions(found.folder / "targets.md", ["sim", "run", scenario], lang=lang)
