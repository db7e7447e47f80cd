"""Stocks of years after a region's last ones, from a user's series: what a run from a later origin opens with."""

import dataclasses
import datetime
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.experiments.backtest.series import Series
from sim.region.load import Region

STOCKS = ("headquarters", "enterprises")      # where stocks are dated, all firms are headquarters


def extended(region: Region, series: Sequence[Series]) -> Region:
    """The region with the stocks that series of single sites have after its own, yearly; itself if a site lacks one.

    A series has no sectors: a site keeps the mix of its last date, by largest remainders. A year without an observation
    has the one before, so that no stock knows of a later one.
    """
    last = max((_later(row["first"], len(row["headquarters"]) - 1) for row in region.stocks.to_dict("records")),
               default=None)
    totals = {site: each for each in series if (site := _site(region, each))} if last else {}
    if last is None or set(region.stocks["site"]) - set(totals):
        return region
    ends = min(each.levels[-1][0] for each in totals.values())
    days = [day for ahead in range(1, 100) if (day := _later(last, ahead)) <= ends]
    if not days:
        return region
    rows = region.stocks.to_dict("records")
    for site, each in totals.items():
        mine = [row for row in rows if row["site"] == site]
        mix = np.array([row["headquarters"][-1] for row in mine], float)
        for day in days:
            value = next((value for date, value in reversed(each.levels) if last < date <= day), mix.sum())
            for row, part in zip(mine, _split(value, mix), strict=True):
                row["headquarters"] = [*row["headquarters"], float(part)]
    return dataclasses.replace(region, stocks=region.stocks.assign(headquarters=[row["headquarters"] for row in rows]),
                               digest=_digest(region, totals))


def _site(region, series):
    """The one site of a stock of all industries; "" for any other series."""
    if series.measure.name in STOCKS and not series.industry and not series.to and series.where.sites.sum() == 1:
        return str(region.sites.index[series.where.sites.argmax()])
    return ""


def _split(value: float, mix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers that sum to a value, in the proportions of a mix, by largest remainders; of none to the last."""
    weight = mix if mix.sum() > 0 else np.eye(len(mix))[-1]
    exact = round(value) * weight / weight.sum()
    found = np.floor(exact)
    found[np.argsort(found - exact, kind="stable")[:round(round(value) - found.sum())]] += 1
    return found


def _later(day, years):
    """The same day some years later, the last of February for the 29th."""
    day = day.date() if isinstance(day, datetime.datetime) else day
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _digest(region, totals):
    levels = sorted((site, each.levels) for site, each in totals.items())
    return hashlib.sha256(f"{region.digest}{levels}".encode()).hexdigest()
