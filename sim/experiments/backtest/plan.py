"""What a back-test is asked: which scenario, series and origins, which runs that takes, and the key of it all."""

import dataclasses
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.base import provenance
from sim.base.calendar import Calendar, first_day
from sim.base.errors import InputError, Problem
from sim.base.messages import Message, _, joined
from sim.experiments.backtest.choice_events import Choices
from sim.experiments.backtest.definitions import Left, Point
from sim.experiments.backtest.rivals import YEAR, years
from sim.experiments.backtest.series import Series
from sim.region.load import Region
from sim.region.opening_stock import group_counts
from sim.scenario.load import Scenario

LEAST_POINTS = 2               # observations up to the origin that every forecaster needs
FIT_YEARS = 4                  # of the run whose draws are weighed, where the region has dated stocks


@dataclass(frozen=True)
class Run:
    """A run that every draw and variant makes; `origins` forecast from it, `fits` says whether it is weighed."""

    scenario: Scenario
    origins: tuple[datetime.date, ...]
    fits: bool

    @property
    def calendar(self) -> Calendar:
        return Calendar.between(self.scenario.values.time.start, self.scenario.values.time.end)


@dataclass(frozen=True)
class Target:
    """One value that is to be forecast."""

    origin: datetime.date
    series: int
    point: Point

    @property
    def ahead(self) -> float:
        """Years from the origin to the end of what is forecast."""
        return years(self.origin, self.point.date)


@dataclass(frozen=True)
class Plan:
    """A back-test before anything is run."""

    scenario: Scenario
    region: Region
    series: tuple[Series, ...]
    left: tuple[Left, ...]
    origins: tuple[datetime.date, ...]
    targets: tuple[Target, ...]
    runs: tuple[Run, ...]
    draws: int
    per_draw: int
    variants: tuple[str, ...]
    jobs: int
    folder: Path
    given: str                   # the series file, as the user named it
    horizon: float
    choices_given: tuple[str, ...] = ()    # their files, as the user named them
    events: Choices | None = None    # choices that were observed, None without
    command: str = ""

    def notes(self) -> list[Message]:
        """What is left out, and where observations of the region stand before those of the file."""
        return [*(_("left out: {series}: {why}", series=each.series, why=each.why) for each in self.left),
                *self.earlier()]

    def earlier(self) -> list[Message]:
        """Series whose earlier observations are the region's own."""
        count = Counter(each.name for each in self.series if each.earlier)
        return [_("{series}: earlier observations are those of the region (areas: {count:,})", series=name, count=areas)
                for name, areas in count.items()]

    @property
    def restarts(self) -> bool:
        """Whether a run starts at every origin from the stock that was there, and another is weighed."""
        return len(self.runs) > 1

    def key(self) -> str:
        """Equal keys mean equal runs."""
        said = {"scenarios": [run.scenario.digest for run in self.runs], "region": self.region.digest,
                "series": [[each.name, each.area, each.industry, each.to, each.measure.name] for each in self.series],
                "draws": self.draws, "per_draw": self.per_draw, "versions": provenance.versions()}
        return _digest(said)

    def made_of(self) -> dict[str, object]:
        """What sets it apart from another back-test, by name."""
        observed = {"series": [[each.name, each.area, each.industry, each.to, each.measure.name, each.points,
                                each.levels] for each in self.series],
                    "choices": None if self.events is None else [each.tolist() for each in self.events]}
        return {"scenario": _digest(self.scenario.digest), "region": _digest(self.region.digest),
                "origins": [str(each) for each in self.origins], "horizon": self.horizon, "draws": self.draws,
                "per_draw": self.per_draw, "variants": list(self.variants),
                **{name: _digest(each) for name, each in observed.items()}}

    def forecast_key(self) -> str:
        """Equal keys mean equal forecasts, of the same observations and named alike."""
        events = [] if self.events is None else [each.tolist() for each in self.events]
        return _digest({"runs": self.key(), "observed": [[each.points, each.levels] for each in self.series],
                        "targets": [[each.origin, each.series, each.point] for each in self.targets],
                        "origins": self.origins, "variants": self.variants, "choices": events,
                        "names": [self.scenario.path, self.scenario.titles, self.given, self.choices_given]})


def _digest(said):
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def seen(series: Series, origin: datetime.date) -> tuple[Point, ...]:
    """The points of a series up to an origin."""
    return tuple(point for point in series.points if point.date <= origin)


def choices_from(events: Choices | None, origins: Sequence[datetime.date], horizon: float) -> list[datetime.date]:
    """The origins after which there are choices that can be scored."""
    return [origin for origin in origins if events is not None and len(after(events, origin, horizon).year)]


def after(events: Choices, origin: datetime.date, horizon: float) -> Choices:
    """The choices of the years after an origin, up to the horizon."""
    return events.only((events.year > origin.year) & (events.year <= origin.year + horizon))


def targets_of(series: Sequence[Series], origins: Sequence[datetime.date],
               horizon: float) -> tuple[list[Target], list[Left]]:
    """(targets, series left out): points that begin at an origin or later, at most `horizon` years ahead."""
    found, left = [], []
    for number, each in enumerate(series):
        mine: list[Target] = []
        for origin in origins:
            after = [point for point in each.points if origin < point.date
                     and (each.counts == "stock" or point.since >= origin)
                     and years(origin, point.date) <= horizon + 0.01]
            if len(seen(each, origin)) >= LEAST_POINTS:
                mine += [Target(origin, number, point) for point in after]
        if not mine:
            left.append((each.name, each.area, _few(each, origins[0])))
        found += mine
    return found, _together(left)


def _together(left):
    """A Left for all areas of a series that lack the same."""
    areas: dict[tuple[str, str], list[str]] = {}
    for name, area, why in left:
        areas.setdefault((name, str(why)), []).append(area)
    first = {(name, str(why)): why for name, _area, why in reversed(left)}
    more = {key: f" (+{len(names) - 1})" if len(names) > 1 else "" for key, names in areas.items()}
    return [Left(joined(_(", "), [key[0], names[0] + more[key]]), first[key])
            for key, names in areas.items()]


def _few(series, origin):
    """Why a series has no target."""
    before = len(seen(series, origin))
    return _("it has too few observations to be scored: {before} up to {origin} and {after} that begin after it; "
             "{least} and 1 are needed", before=before, origin=origin, least=LEAST_POINTS,
             after=sum(point.date > origin and (series.counts == "stock" or point.since >= origin)
                       for point in series.points))


def runs_of(scenario: Scenario, region: Region, targets: Sequence[Target],
            origins: Sequence[datetime.date]) -> list[Run]:
    """The Runs: one from the scenario's own start, or, where stocks are dated, one from every origin and one to fit."""
    if not len(region.stocks):
        _refuse_late(scenario, origins)
        last = max(target.point.date for target in targets)
        return [Run(_between(scenario, scenario.values.time.start, last), tuple(origins), True)]
    first = origins[0] - datetime.timedelta(days=round(FIT_YEARS * YEAR) - 1)
    fit = _at_real_scale(_between(scenario, _next_quarter(first), origins[-1]), region)
    ahead = [_between(scenario, _next_quarter(origin), last_of(targets, origin)) for origin in origins]
    return [Run(fit, (), True), *(Run(_at_real_scale(each, region), (origin,), False)
                                  for each, origin in zip(ahead, origins, strict=True))]


def last_of(targets: Sequence[Target], origin: datetime.date) -> datetime.date:
    """The last day that is forecast from an origin; a year later where only choices are."""
    return max((target.point.date for target in targets if target.origin == origin),
               default=origin + datetime.timedelta(days=366))


def _at_real_scale(scenario, region):
    """With a candidate for every headquarters of the dated stock, and the one more that the criteria need."""
    population = scenario.values.population
    count = int(group_counts(region, population.headquarters, scenario.values.time.start).sum()) + 1
    values = scenario.values.model_copy(update={"population": population.model_copy(update={"candidates": count})})
    return dataclasses.replace(scenario, values=values)


def _between(scenario, start, end):
    time = scenario.values.time.model_copy(update={"start": start, "end": end})
    return dataclasses.replace(scenario, values=scenario.values.model_copy(update={"time": time}))


def _next_quarter(day):
    """The first day of the quarter that begins nearest to the day after a day."""
    return first_day(np.round((day.year * 12 + day.month - 1 + day.day / 31.0) / 3.0))


def _refuse_late(scenario, origins):
    start = scenario.values.time.start
    if origins[0] < start - datetime.timedelta(days=1):
        raise InputError(Problem("--fit-to", "", _("{origin} is before the start of the scenario, {start}",
                                                    origin=origins[0], start=start),
                                 _("an origin from the start on: the region has stocks of one date alone")))
