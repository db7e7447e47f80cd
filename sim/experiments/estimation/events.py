"""What firms do: who arrives where, who moves where, who stays; and who is there in each year.

An arrival is a firm's first year in the list, or its year of entry where the list has one. A move is a change of place
that holds for `confirm_years` running and does not lead back to where the firm was before: a flip A-B-A is a matter of
addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.messages import _
from sim.experiments.estimation.conditional_logit import Index
from sim.experiments.estimation.data_report import DataReport
from sim.experiments.estimation.firms import Firms

GAP = 2                        # years between two rows of a firm over which a move is still seen


class Stocks(NamedTuple):
    """Firms in each year by industry and place; the last industry is "unknown"."""

    years: Index               # (year,) without gaps
    counts: NDArray[np.float64]    # (year, industry + 1, place)

    def before(self, year: Index) -> NDArray[np.float64]:
        """(event, industry + 1, place) counts of the year before."""
        return self.counts[np.clip(year - 1 - self.years[0], 0, len(self.years) - 1)]


class Events(NamedTuple):
    """Arrivals or moves, or firm-years in which a firm may move."""

    firm: Index
    year: Index
    industry: Index            # -1 for unknown
    origin: Index              # place before, -1 of an arrival
    place: Index               # place after

    def at(self, rows: Index | NDArray[np.bool_]) -> Events:
        """Some of them."""
        return Events(*(each[rows] for each in self))


def stocks(firms: Firms, places: int) -> Stocks:
    """Counts by year, industry and place."""
    first, last = firms.year.min(), firms.year.max()
    known = len(firms.industries)
    industry = np.where(firms.industry < 0, known, firms.industry)
    shape = (int(last - first) + 1, known + 1, places)
    at = np.ravel_multi_index((firms.year - first, industry, firms.place), shape)
    counts = np.bincount(at, minlength=int(np.prod(shape))).reshape(shape).astype(float)
    return Stocks(np.arange(first, last + 1), counts)


def arrivals(firms: Firms) -> Events:
    """First years of firms, that of the list's own first year left out where the list says no entry."""
    first = np.append(True, firms.firm[1:] != firms.firm[:-1])
    if not firms.spells:
        first &= firms.year > firms.year.min()
    rows = np.flatnonzero(first)
    return Events(firms.firm[rows], firms.year[rows], firms.industry[rows], np.full(len(rows), -1), firms.place[rows])


def moves(firms: Firms, confirm_years: int, report: DataReport) -> Events:
    """Confirmed changes of place, dated at the first year of the new one."""
    changed = _changed(firms)
    rows = np.flatnonzero(changed) + 1                        # first row at the new place
    held = np.ones(len(rows), bool)
    for ahead in range(1, confirm_years):
        later = np.minimum(rows + ahead, len(firms.firm) - 1)
        held &= (firms.firm[later] == firms.firm[rows]) & (firms.place[later] == firms.place[rows]) & (later > rows)
    back = _leads_back(firms, rows)
    report.doubt(_("a change of place does not last for {years} consecutive years: no move", years=confirm_years),
                 int((~held).sum()))
    report.doubt(_("a change of place leads back to the place before: no move"), int((held & back).sum()))
    rows = rows[held & ~back]
    return Events(firms.firm[rows], firms.year[rows], firms.industry[rows], firms.place[rows - 1], firms.place[rows])


def at_risk(firms: Firms, moved: Events) -> tuple[Events, NDArray[np.bool_]]:
    """(firm-years of firms that were there the year before, whether they moved); `place` is the place of that year."""
    later = np.flatnonzero((firms.firm[1:] == firms.firm[:-1]) & (firms.year[1:] - firms.year[:-1] <= GAP)) + 1
    found = Events(firms.firm[later], firms.year[later], firms.industry[later], firms.place[later - 1],
                   firms.place[later])
    span = int(firms.year.max()) + 1
    return found, np.isin(found.firm * span + found.year, moved.firm * span + moved.year)


def between(events: Events, years: Sequence[int], stock: Stocks) -> NDArray[np.bool_]:
    """(event,) whether it is in the years asked for, and there is a year before."""
    first, last = (int(years[0]), int(years[-1])) if len(years) else (int(stock.years[0]), int(stock.years[-1]))
    return (events.year >= max(first, int(stock.years[0]) + 1)) & (events.year <= last)


def _changed(firms):
    """(row - 1,) whether the next row is the same firm at another place, soon enough."""
    return (firms.firm[1:] == firms.firm[:-1]) & (firms.place[1:] != firms.place[:-1]) \
        & (firms.year[1:] - firms.year[:-1] <= GAP)


def _leads_back(firms, rows):
    """Whether a move at these rows returns to where the firm was before its present place, or is undone by the next."""
    change = np.append(False, firms.firm[1:] == firms.firm[:-1])
    change[1:] &= firms.place[1:] != firms.place[:-1]
    of_change = np.flatnonzero(change)
    at = np.searchsorted(of_change, rows)
    ahead = of_change[np.minimum(at + 1, len(of_change) - 1)]
    behind = of_change[np.maximum(at - 1, 0)]
    same = lambda other: firms.firm[other] == firms.firm[rows]                                           # noqa: E731
    undone = (ahead > rows) & same(ahead) & (firms.place[ahead] == firms.place[rows - 1])
    returns = (behind < rows) & same(behind) & (firms.place[np.maximum(behind - 1, 0)] == firms.place[rows])
    return undone | returns
