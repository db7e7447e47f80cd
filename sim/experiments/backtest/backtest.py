"""A back-test from its plan to its folder.

read the series -> draw parameters -> run every draw (resumable) -> weigh the draws by what was known -> write the
forecast -> read it back and score it -> tables.
"""

import datetime
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.base import files, package_data
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.backtest import choice_events, choices, draws, folder, forecast, later_stocks, plan, runs, scored
from sim.experiments.backtest import series as series_file
from sim.experiments.backtest.plan import Plan
from sim.model.preflight import validation
from sim.runs import output_folder
from sim.scenario.load import Scenario

SERIES, CHOICES = "series.csv", "choices.csv"          # of a region's folder


@dataclass(frozen=True)
class Asked:
    """What a user sets; of no origins the last observation but those of two years is one."""

    series: str | None = None
    origins: tuple[datetime.date, ...] = ()
    horizon: float = 6.0
    draws: int = 64
    per_draw: int = 4
    variants: bool = True
    out: str | None = None
    jobs: int = 1
    command: str = ""
    choices: tuple[str, ...] = ()        # files of observed choices


def prepared(scenario: Scenario, asked: Asked) -> Plan:
    """The Plan of a back-test; InputError for series that cannot be read, or of which none can be scored."""
    region = validation.region_of(scenario)
    given = asked.series or _shipped(scenario)
    series, left = series_file.read(given, region, _own(scenario) if asked.series else None,
                                    min(asked.origins, default=None))
    region = later_stocks.extended(region, series)
    origins = asked.origins or _usual(series)
    targets, without = plan.targets_of(series, origins, asked.horizon)
    events, odd = _choices(scenario, asked, region, min(origins))
    left = [*left, *without, *odd]
    origins = tuple(sorted({*(target.origin for target in targets),
                            *plan.choices_from(events, origins, asked.horizon)}))
    if not origins:
        raise InputError([Problem(str(given), each.series, each.why) for each in left]
                         or [Problem(str(given), "", _("there is no series"), _("at least one"))])
    variants = draws.VARIANTS if asked.variants else draws.VARIANTS[:1]
    out = files.open_folder(Path(asked.out or Path("outputs") / f"{scenario.name}-backtest"))
    return plan.Plan(scenario, region, tuple(series), tuple(left), origins, tuple(targets),
                     tuple(plan.runs_of(scenario, region, targets, origins)), asked.draws,
                     asked.per_draw, variants, asked.jobs, out, asked.series or f"{region.name}/{SERIES}",
                     asked.horizon, asked.choices, events, asked.command)


def backtest(made: Plan, force: bool = False) -> Generator[tuple[int, int], None, pd.DataFrame]:
    """Generator of (runs done, in all); writes the folder and returns the summary.

    A forecast that is there already is only scored: with the same observations no other one could come out. InputError
    if the folder holds something else, which `force` replaces.
    """
    asked = folder.request(made)
    with output_folder.claimed(made.folder, asked, force):
        if folder.has_forecast(made):
            yield made.draws, made.draws
        else:
            yield from _forecast(made)
        table = scored.scored(made, folder.read_forecast(made))
        totals = scored.differences(table)
        folder.write_scores(made, table, totals)
        if made.events is not None:
            folder.write_choices(made, choices.scored(made, made.events, folder.read_laws(made)))
        files.remove_folder(made.folder / runs.FOLDER)       # of the stored runs, once everything is made of them
        output_folder.finish(made.folder, asked, command=made.command)
    return totals


def _forecast(made):
    """Generator of (runs done, in all); writes the forecast."""
    values = draws.drawn(made)
    series = (yield from runs.records(made, values)) if made.targets else None
    chances = (yield from choices.records(made, values)) if made.events is not None else None
    every = [each for each in (series, chances) if each is not None]
    for found in every:
        if not found.kept:
            raise InputError([Problem(made.scenario.path, "", each) for each in found.failed])
    forecasts = forecast.forecasts(made, series) if series else forecast.Forecasts([], {})
    laws = choices.laws(made, made.events, chances) if made.events is not None and chances else {}
    folder.write_forecast(made, forecasts, laws, every)


def _choices(scenario, asked, region, origin):
    """(choices of files, or, if the region's own series are scored, of its own; what is left out of them).

    None without dated stocks there. Files of later years alone have the region's own of earlier ones before them.
    """
    path = _place(scenario) / CHOICES
    own = choice_events.of_bytes(path.read_bytes(), f"{region.name}/{CHOICES}", region)[0] \
        if len(region.stocks) and path.is_file() else None
    if not asked.choices:
        return (None if asked.series else own), []
    if not len(region.stocks):
        raise InputError(Problem(asked.choices[0], "", _("the region {name} has no dated stocks to choose from",
                                                         name=repr(region.name)), _("a region with stocks.csv")))
    read = [choice_events.of_bytes(series_file.content(each), each, region) for each in asked.choices]
    found = choice_events.joined([each for each, _left in read])
    found = found if own is None else choice_events.with_own(found, own, origin.year)
    return found, [each for _found, left in read for each in left]


def _place(scenario):
    name = scenario.values.region
    return package_data.regions()[name].place if name in package_data.regions() else Path(name)


def _shipped(scenario):
    """The series in the folder of the scenario's region."""
    name, path = scenario.values.region, _place(scenario) / SERIES
    if not path.is_file():
        raise InputError(Problem("SERIES", "", _("the region {name} has no {file}", name=repr(name), file=SERIES),
                                 _("a CSV file of observed series")))
    return path


def _own(scenario):
    """The bytes of the series of the scenario's region, None where it has none."""
    path = _place(scenario) / SERIES
    return path.read_bytes() if path.is_file() else None


def _usual(series: Sequence[series_file.Series]) -> tuple[datetime.date, ...]:
    """The usual origin of the last observation."""
    last = max((each.points[-1].date for each in series if each.points), default=datetime.date(1, 1, 1))
    return (series_file.usual_origin(last),)
