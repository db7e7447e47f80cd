"""`sim backtest`"""

import datetime
import json
import shlex
import sys

import click

from sim.base.messages import _
from sim.cli import _console, _options


@click.command("backtest")
@_options.scenario
@click.argument("series", type=click.Path(), required=False)
@_options.settings
@click.option("--fit-to", "origins", multiple=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Last day whose observations may be used; several make rolling origins. By default two years before "
              "the last observation.")
@click.option("--horizon", type=click.FloatRange(0.25, 50), default=6.0, show_default=True,
              help="Years ahead that are forecast at most.")
@click.option("--draws", type=click.IntRange(2), default=64, show_default=True,
              help="Draws of the parameters from their ranges.")
@click.option("--per-draw", type=click.IntRange(1), default=4, show_default=True, help="Replicates of every draw.")
@click.option("--variants/--no-variants", default=True, show_default=True,
              help="Run the scenario without peers and without policies too, as rivals.")
@click.option("--out", type=click.Path(), help="Folder of the results; by default outputs/NAME-backtest.")
@click.option("--jobs", type=click.IntRange(1), help="Threads; by default one a processor.")
@click.option("-q", "--quiet", is_flag=True, help="No progress; print the folder only.")
@_options.as_json
@_options.languages
@_options.no_color
def command(scenario: str, series: str | None, settings: tuple[str, ...], origins: tuple[datetime.datetime, ...],
            horizon: float, draws: int, per_draw: int, variants: bool, out: str | None, jobs: int | None, quiet: bool,
            as_json: bool, languages: tuple[str, ...]) -> None:
    """Forecast observed series and score the forecast.

    The forecast is of what was known at a date, and stands beside simple rivals.

    SERIES is a CSV file with the columns series, area, date, value and what_it_counts (stock, cumulative, arrivals or
    moves), and if need be measure, industry and to; by default that of the scenario's region. The forecast is written
    before anything is scored. What is finished is kept, and the same command goes on.

    \b
    Examples:
      sim backtest scenarios/baseline.toml --fit-to 2021-12-31
      sim backtest scenarios/regions/us-metros.toml --fit-to 2009-12-31 --fit-to 2012-12-31
      sim backtest scenarios/baseline.toml mine.csv --draws 200 --lang both
    """
    from sim.cli._interrupt import stoppable
    from sim.experiments.backtest import backtest
    from sim.experiments.backtest.folder import choice_summary
    from sim.experiments.backtest.said import first_sentence, markdown
    from sim.model.preflight.validation import located
    from sim.report import backtest_page
    from sim.runs import limits
    from sim.runs.progress import follow
    from sim.scenario.load import load

    loaded = load(scenario, settings)
    asked = backtest.Asked(series, tuple(each.date() for each in origins), horizon, draws, per_draw, variants, out,
                           jobs or limits.processors(), shlex.join(["sim", *sys.argv[1:]]))
    plan = backtest.prepared(loaded, asked)
    with located(loaded), stoppable(_("what is finished is kept; the same command goes on")):
        totals = follow(backtest.backtest(plan), quiet or as_json, _("draws"))
    pages = backtest_page.write(plan.folder, languages)
    choices = choice_summary(plan.folder)
    if as_json:
        click.echo(json.dumps({"folder": str(plan.folder), "finding": first_sentence(totals, "en", choices),
                               "summary": json.loads(totals.to_json(orient="records")),
                               "choices": json.loads(choices.to_json(orient="records"))}, indent=2))
    else:
        click.echo(plan.folder if quiet else f"{markdown(totals, plan.left, choices, languages[0])}\n{plan.folder}")
        if not quiet:
            _console.directions(pages[0], ["sim", "open", str(plan.folder)], lang=languages[0])
