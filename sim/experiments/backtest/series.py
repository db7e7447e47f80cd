"""Series of observations as their file tells them: area, date, value, and what the value counts.

One row an observation. `what_it_counts` begins with stock, cumulative, arrivals or moves; arrivals and moves count what
happened after the row before (or after `since`). What cannot be held against the model is left out, by name and with
the reason: that is a Left, not an error. What cannot be read, or names what the region does not have, is an error.
"""

import datetime
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.base import stored
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.experiments.backtest import series_files
from sim.experiments.backtest.areas import Areas
from sim.experiments.backtest.measures import COUNTS, Measure, Where, registry
from sim.experiments.backtest.series_files import last_day
from sim.region.columns import Column, Table
from sim.region.csv_tables import Sheet, read_sheet
from sim.region.load import Region

TABLE = Table(columns={
    "series": Column("id"), "area": Column("text"), "date": Column("text"),
    "value": Column("number", True, "[0, inf)"), "what_it_counts": Column("text"),
    "measure": Column("text", False, default=""), "places": Column("ids", False),
    "industry": Column("text", False, default=""), "to": Column("text", False, default=""),
    "since": Column("text", False, default="")})
DEFAULT = {"stock": "headquarters", "cumulative": "headquarters_recognised", "arrivals": "headquarters_entries",
           "moves": "moves"}       # where the file has no column `measure`
CHINESE = {"存量": "stock", "期末": "stock", "年末": "stock", "累计": "cumulative", "新增": "arrivals",
           "新设": "arrivals", "迁移": "moves"}
LARGEST = 50_000_000
MOST = 100_000                 # of a number: laws are written out value by value


class Point(NamedTuple):
    """What was observed over (since, date], or at `date` if it is a stock."""

    since: datetime.date
    date: datetime.date
    value: float


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
    levels: tuple[tuple[datetime.date, float], ...]    # as the file has them

    @property
    def counts(self) -> str:
        return self.measure.counts


class Left(NamedTuple):
    """A series, or rows of one, that is not scored, and why."""

    series: str
    why: str


def read(path: str | Path, region: Region) -> tuple[list[Series], list[Left]]:
    """(the series of a file, what is left out of it); InputError with every fault, by file and row."""
    return of_bytes(content(path), str(path), region)


def content(path: str | Path) -> bytes:
    """The bytes of a file of the user; InputError if it cannot be read."""
    try:
        return stored.content(path, LARGEST)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "", _("file not found"), _("a CSV file of observed series"))) from None
    except OSError as error:
        raise InputError(Problem(str(path), "", _("it cannot be read ({reason})",
                                                  reason=error.strerror or str(error)))) from error


def of_bytes(data: bytes, label: str, region: Region) -> tuple[list[Series], list[Left]]:
    """The same from the bytes of a file."""
    sheet = read_sheet(label, series_files.plain(data, label), TABLE)
    problems, reader = list(sheet.problems), _Reader(sheet, region)
    if not problems:
        problems = reader.problems()
    if problems:
        raise InputError(problems)
    return reader.read()


class _Reader:
    """A sheet of series against a region."""

    def __init__(self, sheet: Sheet, region: Region) -> None:
        self.sheet, self.region, self.areas = sheet, region, Areas(region)
        for column, ids in (("industry", _industries(region)), ("measure", _measures())):
            sheet.frame[column] = [ids.get(name, name) for name in sheet.frame[column]]

    def problems(self) -> list[Problem]:
        """What the rows name and the region, or the registry of measures, does not have, each name once."""
        found: list[Problem] = []
        for row, each in enumerate(self.sheet.frame.to_dict("records")):
            found += self.areas.unknown(self.sheet, row, "places" if each["places"] else "area", _areas(each))
            found += self.areas.unknown(self.sheet, row, "to", [each["to"]] if each["to"] else [])
            found += self._industry(row, each["industry"]) + self._measure(row, each["measure"])
            found += [self._bad_date(row, column, each[column]) for column in ("date", "since")
                      if last_day(each[column]) is None and (each[column] or column == "date")]
        return list({(each.key, each.wrong): each for each in reversed(found)}.values())[::-1]

    def _bad_date(self, row, column, text):
        return self.sheet.problem(row, column, _("{cell} is not a date", cell=repr(text)),
                                  _("a year, quarter, month or day, e.g. 2021, 2021Q4, 2021-12 or 2021-12-31, the end "
                                    "of the period"))

    def _industry(self, row, name):
        known = self.region.industries.index
        return [self.sheet.problem(row, "industry", _("the id {name} is unknown", name=repr(name)), one_of(known),
                                   near_miss(name, known))] if name and name not in known else []

    def _measure(self, row, name):
        return [self.sheet.problem(row, "measure", _("{name} is unknown", name=repr(name)), one_of(registry.names()),
                                   near_miss(name, registry.names()))] if name and name not in registry else []

    def read(self) -> tuple[list[Series], list[Left]]:
        """(series, left out)."""
        given, series, left = "measure" in _header(self.sheet), [], []
        frame = self.sheet.frame
        meant = [self._meant(row) for row in frame.to_dict("records")]
        for (name, _area, _industry, _to), rows in frame.assign(meant=meant).groupby(
                ["series", "meant", "industry", "to"], sort=False):
            rows, odd = _one_definition(str(name), rows)
            left += odd
            why = _unfit(rows, given) if len(rows) else ""
            if why:
                left.append(Left(str(name), why))
            elif len(rows):
                series.append(self._series(str(name), rows, given))
        return series, list(dict.fromkeys(left))

    def _meant(self, row):
        """The sites of a row's area as a text: an area may be called by several names."""
        return str(self.areas.mask(_areas(row)).nonzero()[0].tolist())

    def _series(self, name, rows, given):
        first = rows.iloc[0]
        word = _word(first["what_it_counts"])
        measure = registry.get(first["measure"] if given else DEFAULT[word])
        sites = self.areas.mask(_areas(first))
        to = np.append(self.areas.mask([first["to"]]), False) if first["to"] else np.ones(len(sites) + 1, bool)
        industries = np.ones(len(self.region.industries), bool) if not first["industry"] else \
            self.region.industries.index.to_numpy() == first["industry"]
        levels = sorted((last_day(row.date), float(row.value)) for row in rows.itertuples())
        since = {last_day(row.date): last_day(row.since) for row in rows.itertuples() if row.since}
        return Series(name, first["area"], first["industry"], first["to"], measure, Where(sites, industries, to),
                      tuple(_points(word, levels, since)), tuple(levels))


def _industries(region):
    """Name of an industry -> its id."""
    table = region.industries
    return {str(name): str(key) for column in ("name_zh", "name_en") for key, name in table[column].items()}


def _measures():
    """Name of a measure in either language -> its id."""
    return {title: entry.name for entry in registry.entries() for title in (entry.title, entry.title_zh)}


def _header(sheet):
    return [name for name in sheet.frame if (sheet.frame[name] != "").any()]


def _areas(row):
    return list(row["places"]) if len(row["places"]) else [row["area"]]


def _word(text):
    """The first word of what a row counts, if it is one of COUNTS or of their Chinese names."""
    for name, word in CHINESE.items():
        if str(text).startswith(name) and not re.search("[:：]", str(text)):
            return word
    first = re.match(r"[a-z]+", str(text).lower())
    return first[0] if first and first[0] in COUNTS and ":" not in str(text) else ""


def _one_definition(name: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Left]]:
    """The rows that count what most rows of the series count, and the others as Left."""
    words = rows["what_it_counts"].map(_word)
    main = words[words != ""].mode()
    kept = words == (main.iloc[0] if len(main) else "?")
    texts = dict.fromkeys(rows["what_it_counts"][~kept])
    return rows[kept], [Left(name, _("what is counted, “{text}”, is not {words}", text=text,
                                     words=main.iloc[0] if len(main) else one_of(COUNTS))) for text in texts]


def _unfit(rows: pd.DataFrame, given: bool) -> str:
    """Why the rows of a series cannot be held against the model; empty if they can."""
    word, measures = _word(rows.iloc[0]["what_it_counts"]), list(dict.fromkeys(rows["measure"]))
    if given and len(measures) > 1:
        return _("its rows name different measures")
    if given and not measures[0]:
        return _("no measure of the model counts it")
    if given and registry.get(measures[0]).counts != word:
        return _("it is {word}, and the measure {name} counts {counts}", word=word, name=measures[0],
                 counts=registry.get(measures[0]).counts)
    if rows["date"].map(last_day).duplicated().any():
        return _("two rows have the same date")
    if word in ("arrivals", "moves") and _overlap(rows):
        return _("its periods overlap: a row begins (since) before the row before it ends")
    if rows["value"].max() > MOST:
        return _("its numbers are above {most:,}: give smaller areas", most=MOST)
    if word == "cumulative" and rows.sort_values("date", key=lambda days: days.map(last_day))["value"].diff().min() < 0:
        return _("it falls, which a cumulative count cannot do: declare it as a stock")
    if word != "stock" and len(rows) < 2 and not (rows["since"] != "").any():
        return _("it has too few observations to be scored")
    return ""


def _overlap(rows):
    """Whether a row's period begins before the end of the row before."""
    spans = sorted((last_day(row.date), last_day(row.since) if row.since else None) for row in rows.itertuples())
    return any(begun is not None and begun < end for (end, _since), (_end, begun) in itertools.pairwise(spans))


def _points(word: str, levels: Sequence[tuple[datetime.date, float]],
            since: dict[datetime.date, datetime.date]) -> list[Point]:
    if word == "cumulative":
        return [Point(a, b, y - x) for (a, x), (b, y) in zip(levels, levels[1:], strict=False)]
    before = [None, *(day for day, _ in levels)]
    if word == "stock":
        return [Point(start or day, day, value) for start, (day, value) in zip(before, levels, strict=False)]
    return [Point(begun, day, value) for start, (day, value) in zip(before, levels, strict=False)
            if (begun := since.get(day, start))]
