"""Choices that were observed: who came or moved in a year, from where, to which site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import InputError
from sim.base.messages import _, listed, one_of
from sim.base.registry import near_miss
from sim.experiments.backtest import series_files
from sim.experiments.backtest.areas import Areas
from sim.experiments.backtest.definitions import Left
from sim.region.columns import Column, Table
from sim.region.csv_tables import read_sheet
from sim.region.load import Region

TABLE = Table(columns={
    "year": Column("text"), "from": Column("text", False, default=""), "to": Column("text"),
    "industry": Column("text", False, default=""), "kind": Column("text", False, default=""),
    "count": Column("count", False, "[1, inf)", default=1.0)})
COLUMNS = {"sector": "industry", "origin": "from", "destination": "to", "date": "year", "年份": "year", "年": "year",
           "日期": "year", "迁出地": "from", "原址": "from", "迁入地": "to", "目的地": "to", "选址": "to",
           "行业": "industry", "产业": "industry", "类型": "kind", "数量": "count", "企业数": "count"}
AGAIN = "re-registration"      # arrivals that a second score leaves out
NO_SECTOR = ("", "na", "n/a", "nan", "null", "unknown", "none", "不详", "未知")
SHORTEST = 3                   # of an industry's id, cut short


class Choices(NamedTuple):
    """Events, (event,) each; `times` says how often it happened."""

    year: NDArray[np.int64]
    origin: NDArray[np.int64]      # site, -1 for an arrival
    to: NDArray[np.int64]          # site
    industry: NDArray[np.int64]    # -1 where it is unknown
    again: NDArray[np.bool_]       # an arrival that is a re-registration
    times: NDArray[np.float64]

    def only(self, wanted: NDArray[np.bool_]) -> Choices:
        """The events of a mask."""
        return Choices._make(each[wanted] for each in self)


def of_bytes(data: bytes, label: str, region: Region) -> tuple[Choices, list[Left]]:
    """(the Choices of a file, what of it names places that the region lacks); InputError with every fault, by row.

    A row is an event, or as many as its count; without a place that was left it is an arrival.
    """
    sheet = read_sheet(label, series_files.plain(data, label, COLUMNS), TABLE)
    frame, areas = sheet.frame, Areas(region)
    days = [series_files.last_day(text) for text in frame["year"]]
    industry = _industries(region, frame["industry"])
    place = {column: _sites(areas, frame[column]) for column in ("from", "to")}
    known = (place["to"] >= 0) & ((place["from"] >= 0) | (frame["from"] == "").to_numpy())
    problems = [*sheet.problems, *_faults(sheet, region, days, industry),
                *(_same_place(sheet, place, known) if known.any() else _no_place(sheet, areas, place))]
    if problems:
        raise InputError(list({(each.key, each.wrong): each for each in reversed(problems)}.values())[::-1])
    found = Choices(np.array([day.year for day in days if day]), place["from"], place["to"],
                    np.array(industry, np.int64), (frame["kind"] == AGAIN).to_numpy(),
                    frame["count"].to_numpy(float))
    return found.only(known), _without(label, frame, place, known)


def _faults(sheet, region, days, industry):
    """Problems of years that are none and of industries that the region does not have."""
    ids = region.industries.index
    return [sheet.problem(row, "year", _("{cell} is not a date", cell=repr(text)), _("a year, e.g. 2019"))
            for row, text in enumerate(sheet.frame["year"]) if text and days[row] is None] + [
        sheet.problem(row, "industry", _("the id {name} is unknown", name=repr(name)), one_of(ids),
                      near_miss(name, ids))
        for row, name in enumerate(sheet.frame["industry"]) if industry[row] is None]


def _same_place(sheet, place, known):
    """Problems of moves that end where they begin."""
    return [sheet.problem(row, "to", _("{name} is at both ends", name=repr(sheet.frame["to"][row])),
                          _("two different sites")) for row in np.flatnonzero(known & (place["to"] == place["from"]))]


def _no_place(sheet, areas, place):
    """Problems of all places, where no event has any of the region's."""
    return [sheet.problem(row, column, _("the id {name} is unknown", name=repr(name)), "", near_miss(name, areas.known))
            for column in ("from", "to") for row, name in enumerate(sheet.frame[column])
            if name and place[column][row] < 0]


def joined(parts: Sequence[Choices]) -> Choices:
    """All of them, one after another."""
    return Choices(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def with_own(given: Choices, own: Choices, year: int) -> Choices:
    """The choices, with a region's own of earlier years before them where they have none of a kind up to a year."""
    parts = [given]
    for moved in (True, False):
        mine = given.year[(given.origin >= 0) == moved]
        if len(mine) and mine.min() > year:
            parts.insert(0, own.only((own.year < mine.min()) & ((own.origin >= 0) == moved)))
    return joined(parts)


def _industries(region, names):
    """Number of each name's industry, by id, name or an id cut short: -1 if it is unknown, None if there is none such.
    """
    ids = [str(each) for each in region.industries.index]
    number = {name: k for column in ("name_en", "name_zh") for k, name in enumerate(region.industries[column])} | {
        name: k for k, name in enumerate(ids)} | dict.fromkeys(NO_SECTOR, -1)
    for name in set(names) - set(number):
        begins = [k for k, each in enumerate(ids) if len(name) >= SHORTEST and each.startswith(name)]
        number[name] = number.get(name.lower(), begins[0] if len(begins) == 1 else None)
    return [number[name] for name in names]


def _sites(areas, names):
    """(row,) number of the one site that a name means, -1 where there is none."""
    number = {name: int(mask.argmax()) if name and (mask := areas.mask([name])) is not None and mask.sum() == 1 else -1
              for name in set(names)}
    return np.array([number[name] for name in names], np.int64)


def _without(label, frame, place, known):
    """Left of the events that are left out, with the places that the region lacks."""
    if known.all():
        return []
    lacking = {name for column in ("from", "to") for name, at in zip(frame[column], place[column], strict=True)
               if name and at < 0}
    return [Left(label, _("{count:,} of {all:,} events have a place that is none of the region: {names}",
                          count=int(frame["count"][~known].sum()), all=int(frame["count"].sum()),
                          names=listed(sorted(lacking))))]
