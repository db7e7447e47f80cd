"""What coefficients forecast that are estimated before the origin: a logit of sector, firms and distance.

    python benchmarks/choice_forecast.py

Moves and arrivals of us-metros. Of each origin a conditional logit of ln(1 + firms of the sector), ln(1 + firms)
and, of movers, ln(1 + km) is estimated on choices up to the origin, under the stock of the year before each, and
forecasts the six years after it from the stock of the origin. It is scored beside the rivals of `sim backtest`, on
events whose sector is known. This is no simulation: it says what could be had from these regressors.
"""

from __future__ import annotations

import datetime
import functools

import numpy as np

from sim.base import package_data
from sim.experiments.backtest import choice_events, choice_rivals, scored
from sim.experiments.estimation import conditional_logit as logit
from sim.region import load
from sim.region.opening_stock import dated_stock

ORIGINS, YEARS, FIRST = range(2009, 2013), 6, 2005
REGION = load.load("us-metros")
KM = REGION.distances()


def observed() -> choice_events.Choices:
    """A row a choice; rivals see those of unknown sector too."""
    path = package_data.regions()["us-metros"].place / "choices.csv"
    found, _left = choice_events.of_bytes(path.read_bytes(), path.name, REGION)
    rows = np.repeat(np.arange(len(found.to)), found.times.astype(int))
    return choice_events.Choices(*(each[rows] for each in found[:-1]), np.ones(len(rows)))


@functools.cache
def stock(year: int) -> np.ndarray:
    """(site, sector + 1) firms at the end of a year."""
    return dated_stock(REGION, datetime.date(year + 1, 1, 1))


def choices(events: choice_events.Choices, year: int | None = None) -> logit.Choices:
    """Choices with their regressors, at the stock of a year or of the year before each."""
    years = events.year - 1 if year is None else np.full(len(events.year), year)
    own = np.stack([stock(y)[:, s] for y, s in zip(years, events.industry)])
    total = np.stack([stock(y).sum(axis=1) for y in years])
    moved = events.origin >= 0
    x = [np.log1p(own), np.log1p(total)] + ([np.log1p(KM[events.origin])] if moved.any() else [])
    available = np.ones(own.shape, bool)
    available[np.flatnonzero(moved), events.origin[moved]] = False
    return logit.choices(np.stack(x, axis=-1), events.to, available=available)


def of_origin(events: choice_events.Choices, every: choice_events.Choices, origin: int) -> tuple:
    """(coefficients, {rival: gains in nats of the logit over it}, destinations) of the events of one kind."""
    b = logit.fit(choices(events.only((events.year >= FIRST) & (events.year <= origin)))).point
    after = events.only((events.year > origin) & (events.year <= origin + YEARS))
    rows = np.arange(len(after.to))
    mine = np.log(logit.Likelihood(choices(after, origin)).point(b).probability[rows, after.to])
    known = choice_rivals.Known(every.only(every.year <= origin), stock(origin), KM, origin)
    gains = {name: mine - np.log(rival(known, after)[rows, after.to]) for name, rival in choice_rivals.RIVALS.items()}
    return b, gains, after.to


def main() -> None:
    """Print a line a kind of choice and rival: mean gain, its standard error clustered by destination."""
    every = observed()
    known, moved = every.industry >= 0, every.origin >= 0
    kinds = {"moves": every.only(known & moved), "arrivals": every.only(known & ~moved),
             "arrivals, re-registrations left out": every.only(known & ~moved & ~every.again)}
    for kind, events in kinds.items():
        found = [of_origin(events, every, origin) for origin in ORIGINS]
        to = np.concatenate([each[2] for each in found])
        print(kind, f"n = {len(to)}, coefficients to 2009 {np.round(found[0][0], 2)}")
        for name in choice_rivals.RIVALS:
            gain = np.concatenate([each[1][name] for each in found])
            print(f"  ahead of {name} by {gain.mean():.3f} ({scored.clustered(gain, to):.3f}) nats")


if __name__ == "__main__":
    main()
