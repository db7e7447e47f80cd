"""Rival forecasters: rules that know the past of the series alone. Every file adds one registered entry.

A rival is a function of a Past -> the Mixture it forecasts, or None where it has too little to go by. It sees what the
model's weights see: the observations up to the origin, and no later one.
"""

import datetime
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from sim.base.registry import Registry
from sim.experiments.backtest.definitions import Point
from sim.experiments.backtest.predictive import Mixture

YEAR = 365.25


class Past(NamedTuple):
    """What a rival may know."""

    points: tuple[Point, ...]                    # of the series, up to the origin, by date
    target: Point                                # its value is not to be read
    origin: datetime.date
    events: bool                                 # counts of events, not a stock
    siblings: tuple[tuple[Point, ...], ...]      # the same of all areas of the series, itself among them
    stock: float                                 # stock (or cumulative level) of the area at the origin, nan if unknown
    stocks: float                                # the sum of it over the siblings

    @property
    def length(self) -> float:
        """Years of the target's period, or of a stock from the last observation to it."""
        first = self.target.since if self.events else self.points[-1].date
        return years(first, self.target.date)


class Rival(Protocol):
    """A registered rival."""

    name: str
    title: str
    title_zh: str

    def __call__(self, past: Past, /) -> Mixture | None: ...


registry: Registry[Rival] = Registry("rival", "sim.experiments.backtest.rivals")


def register(name: str, *, title: str, title_zh: str) -> Callable[[Callable[[Past], Mixture | None]], Rival]:
    """File a rival and its name for readers in both languages."""
    return cast("Callable[[Callable[[Past], Mixture | None]], Rival]",
                registry.register(name, title=title, title_zh=title_zh))


def years(first: datetime.date, last: datetime.date) -> float:
    """Years between two days."""
    return (last - first).days / YEAR


def recent(past: Past, span: float = 5.0) -> list[Point]:
    """The points of the last years, at least the last one."""
    return [point for point in past.points if years(point.date, past.origin) < span - 1e-9] or [past.points[-1]]


def per_year(points: tuple[Point, ...] | list[Point]) -> NDArray[np.float64]:
    """(point,) events a year."""
    return np.array([point.value / max(years(point.since, point.date), 1e-9) for point in points])


def turnover(past: Past) -> float:
    """Births and deaths a year and enterprise, from the changes of stocks: mean of (d - g n t)^2 / (n t).

    The variance of a linear birth-death process of rates b and d grows by (b + d) n a year (Bailey 1964); g is the
    mean growth of all siblings. nan without two changes.
    """
    changes = [(b.value - a.value, a.value, years(a.date, b.date)) for points in past.siblings
               for a, b in zip(points, points[1:], strict=False) if a.value > 0]
    if len(changes) < 2:
        return float("nan")
    change, n, t = np.array(changes).T
    growth = change.sum() / (n * t).sum()
    return float(((change - growth * n * t) ** 2 / (n * t)).mean())
