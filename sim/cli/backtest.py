"""`sim backtest`"""

import datetime
import json

import click

from sim.base.messages import _
from sim.cli import _console, _options, _warnings


@click.command("backtest")
@_options.scenario
@click.argument("series", type=click.Path(), required=False)
@_options.settings
@click.option("--fit-to", "origins", multiple=True, type=_options.Date(), metavar="DATE",
              help="Last day whose observations may be used; several make rolling origins. By default two years before "
              "the last observation.")
@click.option("--choices", multiple=True, type=click.Path(), metavar="FILE",
              help="Observed arrivals and moves (year, from, to, industry, kind, count), to be scored one by one; "
              "several files are taken together. Of the region's own series by default the region's.")
@click.option("--horizon", type=_options.Number(0.25, 50), default=6.0, show_default=True,
              help="Longest forecast horizon, in years.")
@click.option("--draws", type=click.IntRange(2), default=64, show_default=True,
              help="Draws of the parameters from their ranges.")
@click.option("--per-draw", type=click.IntRange(1), default=4, show_default=True, help="Replicates of every draw.")
@click.option("--variants/--no-variants", default=True, show_default=True,
              help="Run the scenario without peers and without policies too, as rivals.")
@click.option("--out", type=click.Path(), help="Folder of the results; by default outputs/NAME-backtest.")
@_options.force
@_options.threads
@click.option("-q", "--quiet", is_flag=True, help="No progress; print the folder only.")
@_options.as_json
@_options.languages
def command(scenario: str, series: str | None, settings: tuple[str, ...], origins: tuple[datetime.date, ...],
            choices: tuple[str, ...], horizon: float, draws: int, per_draw: int, variants: bool, out: str | None,
            force: bool, jobs: int | None, quiet: bool, as_json: bool, languages: tuple[str, ...]) -> None:
    """Forecast observed series and score the forecast.

    The forecast uses what was known at a given date, and is scored against simple alternatives.

    SERIES is a CSV file with the columns series, area, date, value and what_it_counts (stock, cumulative, arrivals or
    moves), and if need be measure, industry and to; by default that of the scenario's region. The forecast is written
    before anything is scored. Finished work is kept: the same command continues it, and a forecast that is there is
    not made again.

    \b
    Examples:
      sim backtest scenarios/baseline.toml --fit-to 2021-12-31
      sim backtest scenarios/regions/us-metros.toml --fit-to 2009-12-31 --fit-to 2012-12-31
      sim backtest scenarios/baseline.toml mine.csv --out mine --lang both
    """
    from sim.base.errors import SomeRunsFailed
    from sim.cli._interrupt import stoppable
    from sim.front_door import backtest

    with (stoppable(_("finished work is kept; run the same command again to continue")),
          _warnings.told(quiet or as_json)):
        found = backtest(scenario, series, settings=settings, fit_to=list(origins), horizon=horizon,
                         choices=choices, draws=draws, per_draw=per_draw, variants=variants, out=out, force=force,
                         jobs=jobs, languages=languages, quiet=quiet or as_json, command=_console.typed())
    if as_json:
        _console.print_json({"folder": str(found.folder), "finding": found.finding(),
                             "summary": json.loads(found.summary.to_json(orient="records")),
                             "choices": json.loads(found.choices.to_json(orient="records"))})
    else:
        click.echo(found.folder if quiet else f"{found.page(languages[0])}\n{found.folder}")
        if not quiet:
            _console.directions(found.pages[0], ["sim", "open", str(found.folder)], lang=languages[0])
    if found.failure:
        raise SomeRunsFailed(found.failure)
