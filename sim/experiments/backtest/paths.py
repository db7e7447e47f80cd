"""Runs followed by the measures of series: what the model gives at the close of every quarter."""

import datetime
import itertools
from collections.abc import Sequence, Sized
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import Calendar, first_day, quarter_of
from sim.base.helpers import ALONE, Helpers
from sim.experiments.backtest import earlier
from sim.experiments.backtest.definitions import Point
from sim.experiments.backtest.measures import Look, Measure, Where
from sim.experiments.backtest.series import Series
from sim.model import assemble, initialise
from sim.model.ensemble import Member
from sim.model.simulate import quarters
from sim.model.step import measure
from sim.model.world import World
from sim.region.load import Region


class Counted(NamedTuple):
    """What is counted where; a Series is one too."""

    measure: Measure
    where: Where


def numbers(region: Region, members: Sequence[Member], series: Sequence[Series | Counted],
            helpers: Helpers = ALONE, last: int | None = None) -> NDArray[np.float64]:
    """(series, member, entry): stocks as they stand, everything else added up since the opening, which is entry 0.

    Of a cumulative measure entry 0 is the number at the opening, those who qualified earlier among them. With `last` no
    further entry is made.
    """
    world = assemble.build(region, members)
    fixed, economy, _ = initialise.prepare(world, helpers=helpers)
    _counts, _employees, enterprises, headquarters = measure(world, fixed, economy.state)
    look = Look(fixed, economy.state, headquarters, enterprises, None, None)
    seen = seen_before(world, look, series)
    found = [[number(each, look, known, nothing_yet(members)) for each, known in zip(series, seen, strict=True)]]
    for _quarter, after, info in itertools.islice(quarters(world, fixed, economy), last):
        helpers.refuse_stopped()
        look = Look(fixed, after.state, info.headquarters, info.enterprises, info.events, info.of_headquarters.entries)
        found.append([number(each, look, known, before)
                      for each, known, before in zip(series, seen, found[-1], strict=True)])
    return np.moveaxis(np.array(found), 0, -1)


def seen_before(world: World, opening: Look, counted: Sequence[Series | Counted]) -> list[list[set[int]]]:
    """[[ids that qualified before the opening] by member] of every series; empty where it is not cumulative."""
    seen: list[list[set[int]]] = [[set() for _ in range(world.members)] for _ in counted]
    cumulative = [pair for pair in zip(counted, seen, strict=True) if pair[0].measure.counts == "cumulative"]
    for look in earlier.looks(world, opening) if cumulative else ():
        for each, known in cumulative:
            number(each, look, known, np.zeros(world.members))
    return seen


def nothing_yet(members: Sized) -> NDArray[np.float64]:
    """(member,) what a flow has brought before the opening."""
    return np.zeros(len(members))


def number(series: Series | Counted, look: Look, seen: list[set[int]],
           before: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member,) the number of a series at a close; `seen` are the ids that a cumulative one has counted.

    `before` is what a flow had brought by the close before.
    """
    counts = series.measure.counts
    if counts == "cumulative":
        for m, (ids, there) in enumerate(zip(look.state.id, series.measure(look, series.where), strict=True)):
            seen[m].update(ids[there].tolist())
        return np.array([float(len(each)) for each in seen])
    if counts == "stock":
        return np.asarray(series.measure(look, series.where), float)
    return before if look.events is None else before + np.asarray(series.measure(look, series.where), float)


def entry_of(day: datetime.date, calendar: Calendar) -> float:
    """Where a day's close lies among the entries of a record: 0 the opening, q + 1 the close of quarter q.

    >>> entry_of(datetime.date(2021, 11, 30), Calendar(2021 * 4, 8))
    3.66...
    """
    after = day + datetime.timedelta(days=1)
    quarter = quarter_of(after)
    first = first_day(quarter)
    return quarter - calendar.first + (after - first).days / (first_day(quarter + 1) - first).days


def over(found: NDArray[np.float64], point: Point, stock: bool, calendar: Calendar) -> NDArray[np.float64]:
    """(..., member) what a record (..., member, entry) gives for a point, by linear interpolation within quarters."""
    end = _at(found, entry_of(point.date, calendar))
    return end if stock else end - _at(found, entry_of(point.since, calendar))


def _at(found: NDArray[np.float64], entry: float) -> NDArray[Any]:
    low = min(max(int(np.floor(entry)), 0), found.shape[-1] - 1)
    high = min(low + 1, found.shape[-1] - 1)
    part = entry - low
    return found[..., low] * (1.0 - part) + found[..., high] * part


def is_within(point: Point, stock: bool, calendar: Calendar) -> bool:
    """Whether a run covers a point: all of its period, or its day."""
    start = entry_of(point.date if stock else point.since, calendar)
    return start >= 0.0 and entry_of(point.date, calendar) <= calendar.length
