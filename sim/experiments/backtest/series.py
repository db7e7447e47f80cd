"""Series of observations as their file tells them: area, date, value, and what the value counts.

One row an observation. `what_it_counts` begins with stock, cumulative, arrivals or moves; arrivals and moves count what
happened after the row before (or after `since`). What cannot be held against the model is left out, by name and with
the reason: that is a Left, not an error. What cannot be read, or names what the region does not have, is an error.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.base import stored
from sim.base.errors import InputError, Problem
from sim.base.messages import _, joined, one_of
from sim.base.registry import near_miss
from sim.experiments.backtest import series_files
from sim.experiments.backtest.areas import Areas
from sim.experiments.backtest.definitions import Left, Level, Point, begun, one_definition, points, unfit, word_of
from sim.experiments.backtest.measures import Measure, Where, registry
from sim.experiments.backtest.series_files import last_day, scale
from sim.region.columns import Column, Table
from sim.region.csv_tables import Sheet, read_sheet
from sim.region.load import Region

TABLE = Table(columns={
    "series": Column("id"), "area": Column("text"), "date": Column("text"),
    "value": Column("number", True, "[0, inf)"), "what_it_counts": Column("text"),
    "measure": Column("text", False, default=""), "places": Column("ids", False),
    "industry": Column("text", False, default=""), "to": Column("text", False, default=""),
    "since": Column("text", False, default=""),
    **{name: Column("text", False, default="") for name in ("unit", "metric", "source", "confidence")}})
DEFAULT = {"stock": "headquarters", "cumulative": "headquarters_recognised", "arrivals": "headquarters_entries",
           "moves": "moves"}       # where the file has no column `measure`
KEY = ("series", "meant", "industry", "to")     # rows that are of one series
LARGEST = 50_000_000
FEW = 3                        # observations up to the origin with fewer of which the region's own go before them


@dataclass(frozen=True)
class Series:
    """A series that the model can be held against."""

    name: str
    area: str
    industry: str
    to: str
    measure: Measure
    where: Where
    points: tuple[Point, ...]      # by date; of what is cumulative, its increments
    levels: tuple[Level, ...]      # as the file has them
    earlier: int = 0               # observations of the region's own that stand before those of the file

    @property
    def counts(self) -> str:
        return self.measure.counts


def read(path: str | Path, region: Region, own: bytes | None = None,
         origin: datetime.date | None = None) -> tuple[list[Series], list[Left]]:
    """(the series of a file, what is left out of it); InputError with every fault, by file and row.

    `own` is the region's own file: a series of the same name that has no measure, or too few observations up to the
    origin, has them from there.
    """
    return of_bytes(content(path), str(path), region, own, origin)


def content(path: str | Path) -> bytes:
    """The bytes of a file of the user; InputError if it cannot be read."""
    try:
        return stored.content(path, LARGEST)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "", _("file not found"), _("a CSV file of observed series"))) from None
    except OSError as error:
        raise InputError(Problem(str(path), "", _("it cannot be read ({reason})",
                                                  reason=error.strerror or str(error)))) from error


def of_bytes(data: bytes, label: str, region: Region, own: bytes | None = None,
             origin: datetime.date | None = None) -> tuple[list[Series], list[Left]]:
    """The same from the bytes of a file."""
    sheet = _sheet(data, label)
    problems = list(sheet.problems)
    reader = _Reader(sheet, region, None if own is None else _sheet(own, label), origin)
    if not problems:
        problems = reader.problems()
    if problems:
        raise InputError(problems)
    return reader.read()


def usual_origin(last: datetime.date) -> datetime.date:
    """Two years before the end of the year of the last observation."""
    return datetime.date(max(last.year - 2, 1), 12, 31)


def _sheet(data, label):
    sheet = read_sheet(label, series_files.plain(data, label), TABLE)
    missing = {each.key for each in sheet.problems}
    years = [name for name in sheet.frame if series_files.YEAR_OF_COLUMN.search(str(name))]
    if len(years) > 1 and {"date", "value"} <= missing:
        raise InputError(Problem(label, "", _("it has a column for each year ({first}, {second}, ...)", first=years[0],
                                              second=years[1]),
                                 _("a row for each observation: columns series, area, date, value, what_it_counts")))
    return sheet


class _Reader:
    """A sheet of series against a region."""

    def __init__(self, sheet: Sheet, region: Region, own: Sheet | None, origin: datetime.date | None) -> None:
        self.sheet, self.region, self.areas, self.origin = sheet, region, Areas(region), origin
        titled = {title: entry.name for entry in registry.entries() for title in (entry.title, entry.title_zh)}
        for each in (sheet, own) if own else (sheet,):
            for column, ids in (("industry", _industries(region)), ("measure", titled)):
                each.frame[column] = [ids.get(name, name) for name in each.frame[column]]
        self.own = own.frame.assign(meant=self._meant(own.frame)) if own else None
        self.given = bool((sheet.frame["measure"] != "").any())

    def problems(self) -> list[Problem]:
        """What the rows name and the registries do not have, each name once; areas if the region has none of them."""
        found: list[Problem] = []
        known = (("industry", list(self.region.industries.index), _("the id {name} is unknown")),
                 ("measure", registry.names(), _("{name} is unknown")))
        for row, each in enumerate(self.sheet.frame.to_dict("records")):
            found += [self.sheet.problem(row, column, _(wrong, name=repr(each[column])), one_of(names),
                                         near_miss(each[column], names))
                      for column, names, wrong in known if each[column] and each[column] not in names]
            found += [self._bad_date(row, column, each[column]) for column in ("date", "since")
                      if last_day(each[column]) is None and (each[column] or column == "date")]
        if not any(self._meant(self.sheet.frame)):
            for row, each in enumerate(self.sheet.frame.to_dict("records")):
                found += self.areas.unknown(self.sheet, row, "places" if each["places"] else "area", _areas(each))
                found += self.areas.unknown(self.sheet, row, "to", [each["to"]] if each["to"] else [])
        return list({(each.key, each.wrong): each for each in reversed(found)}.values())[::-1]

    def _bad_date(self, row, column, text):
        return self.sheet.problem(row, column, _("{cell} is not a date", cell=repr(text)),
                                  _("a year, quarter, month or day, e.g. 2021, 2021Q4, 2021-12 or 2021-12-31, the end "
                                    "of the period"))

    def read(self) -> tuple[list[Series], list[Left]]:
        """(series, left out)."""
        frame = self.sheet.frame.assign(meant=self._meant(self.sheet.frame), earlier=False)
        series, left = [], self._without(frame[frame["meant"] == ""])
        for (name, meant, industry, to), rows in frame[frame["meant"] != ""].groupby(list(KEY), sort=False):
            rows, odd = one_definition(str(name), rows)
            rows, given = self._with_own(rows, (name, meant, industry, to))
            why = unfit(rows, given) if len(rows) else ""
            left += [*odd, Left(str(name), why)] if why else odd
            if len(rows) and not why:
                series.append(self._series(str(name), rows, given))
        return series, list(dict.fromkeys(left))

    def _without(self, rows):
        """Left of the areas that the region does not have, with what may be meant."""
        names = [(row["series"], name) for row in rows.to_dict("records")
                 for name in (*_areas(row), *([row["to"]] if row["to"] else [])) if self.areas.meant(name) is None]
        return [Left(series, joined("", [_("the region has no area {name}", name=repr(name)),
                                         *([_("; "), near] if (near := near_miss(name, self.areas.known)) else [])]))
                for series, name in dict.fromkeys(names)]

    def _with_own(self, rows, key):
        """(the rows of a series, with the region's own before them where they are too few; whether a measure is given).

        The measure of the region's own series of the same name stands for one that the file does not have.
        """
        same = [] if self.own is None or not len(rows) else self.own[
            np.logical_and.reduce([self.own[name] == wanted for name, wanted in zip(KEY, key, strict=True)])
            & (self.own["what_it_counts"].map(word_of) == word_of(rows.iloc[0]["what_it_counts"]))]
        if not len(same):
            return rows, self.given
        if not self.given:
            rows = rows.assign(measure=same["measure"].iloc[0])
        days = rows["date"].map(last_day)
        if (days <= (self.origin or usual_origin(days.max()))).sum() < FEW:
            before = same[same["date"].map(last_day) < days.min()].assign(
                measure=rows["measure"].iloc[0], earlier=True)
            rows = pd.concat([before, rows], ignore_index=True)
        return rows, True

    def _meant(self, frame):
        """The sites of each row's area as a text, for an area may be called by several names; "" for an unknown one."""
        masks = [self.areas.mask(_areas(row)) if not row["to"] or self.areas.meant(row["to"]) else None
                 for row in frame.to_dict("records")]
        return ["" if each is None else str(each.nonzero()[0].tolist()) for each in masks]

    def _series(self, name, rows, given):
        first = rows.iloc[-1]
        word = word_of(first["what_it_counts"])
        measure = registry.get(first["measure"] if given else DEFAULT[word])
        sites = self.areas.mask(_areas(first))
        to = np.append(self.areas.mask([first["to"]]), False) if first["to"] else np.ones(len(sites) + 1, bool)
        industries = np.ones(len(self.region.industries), bool) if not first["industry"] else \
            self.region.industries.index.to_numpy() == first["industry"]
        levels = sorted((last_day(row.date), float(row.value) * scale(row.unit)) for row in rows.itertuples())
        return Series(name, first["area"], first["industry"], first["to"], measure, Where(sites, industries, to),
                      tuple(points(word, levels, begun(rows))), tuple(levels), int(rows["earlier"].sum()))


def _industries(region):
    """Name of an industry -> its id."""
    table = region.industries
    return {str(name): str(key) for column in ("name_zh", "name_en") for key, name in table[column].items()}


def _areas(row):
    return list(row["places"]) if len(row["places"]) else [row["area"]]
