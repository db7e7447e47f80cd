"""`sim targets`"""

import pathlib

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
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("-q", "--quiet", is_flag=True, help="Print the folder only.")
@_options.lang
@_options.no_color
def command(scenario: str, settings: tuple[str, ...], replicates: int, draws: int, out: str | None,
            jobs: int | None, quiet: bool, lang: str) -> None:
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
      sim targets --set spinoff.share=0.35 --replicates 10
      sim targets --draws 50
    """
    from sim.base import files
    from sim.cli._interrupt import stoppable
    from sim.experiments.empirical import (
        concentration,
        demographic_history,
        demographic_targets,
        held_out_series,
        patterns,
        prior_feedback,
    )
    from sim.model.preflight.validation import located, region_of
    from sim.results import summary
    from sim.runs import limits
    from sim.runs.progress import follow
    from sim.scenario.load import load

    loaded = load(scenario, settings)
    folder = files.open_folder(pathlib.Path(out or pathlib.Path("outputs") / f"{loaded.name}-targets"))
    region, threads = region_of(loaded), jobs or limits.processors()
    with located(loaded), stoppable(_("nothing was written; the same command starts again")):
        parts = follow(demographic_history.histories(region, loaded, replicates, threads), quiet)
        drawn = follow(prior_feedback.draws(region, loaded, draws), quiet) if draws else None
        unused = held_out_series.table(region, loaded, replicates, threads)
    table = demographic_targets.table(loaded.values, parts)
    files.write_checked(folder / "targets.csv", summary.csv_of(table))
    found = patterns.table(parts, [] if drawn is None else prior_feedback.rows(drawn))
    files.write_checked(folder / "patterns.csv", summary.csv_of(found))
    by_industry = concentration.table(region, parts)
    files.write_checked(folder / "concentration.csv", summary.csv_of(by_industry))
    files.write_checked(folder / "heldout.csv", summary.csv_of(unused))
    tables = [demographic_targets.heading(loaded, replicates, lang), demographic_targets.markdown(table, lang),
              patterns.markdown(found, lang), concentration.markdown(by_industry, lang)]
    tables += [held_out_series.markdown(unused, lang)] if len(unused) else []
    text = "\n".join(tables)
    files.write_checked(folder / "targets.md", text.encode())
    click.echo(folder if quiet else f"{text}\n{folder}")
    if not quiet:
        _console.directions(folder / "targets.md", ["sim", "run", scenario], lang=lang)
