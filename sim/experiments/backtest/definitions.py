"""What the rows of a series count, whether they can be held against the model, and the points that they make."""

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sim.base.messages import _, one_of
from sim.experiments.backtest.measures import COUNTS, registry
from sim.experiments.backtest.series_files import first_day, last_day, scale

CHINESE = {"存量": "stock", "期末": "stock", "年末": "stock", "累计": "cumulative", "新增": "arrivals",
           "新设": "arrivals", "迁移": "moves"}
MOST = 100_000                 # of a number: laws are written out value by value
FLOWS = ("arrivals", "moves")
Level = tuple[datetime.date, float]


class Point(NamedTuple):
    """What was observed over (since, date], or at `date` if it is a stock."""

    since: datetime.date
    date: datetime.date
    value: float


class Left(NamedTuple):
    """A series, or rows of one, that is not scored, and why."""

    series: str
    why: str


def word_of(text: object) -> str:
    """The first word of what a row counts, if it is one of COUNTS or of their Chinese names."""
    for name, word in CHINESE.items():
        if str(text).startswith(name) and not re.search("[:：]", str(text)):
            return word
    first = re.match(r"[a-z]+", str(text).lower())
    return first[0] if first and first[0] in COUNTS and ":" not in str(text) else ""


def one_definition(name: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Left]]:
    """The rows that count what most rows of the series count, and the others as Left."""
    words = rows["what_it_counts"].map(word_of)
    main = words[words != ""].mode()
    kept = words == (main.iloc[0] if len(main) else "?")
    texts = dict.fromkeys(rows["what_it_counts"][~kept])
    return rows[kept], [Left(name, _("“{text}” is not the definition {words}", text=text,
                                     words=main.iloc[0] if len(main) else one_of(COUNTS))) for text in texts]


def unfit(rows: pd.DataFrame, given: bool) -> str:
    """Why the rows of a series cannot be held against the model; empty if they can."""
    word, measures = word_of(rows.iloc[0]["what_it_counts"]), list(dict.fromkeys(rows["measure"]))
    if given and len(measures) > 1:
        return _("its rows name different measures")
    if given and not measures[0]:
        return _("no measure of the model counts it")
    if given and registry.get(measures[0]).counts != word:
        return _("it is {word}, and the measure {name} counts {counts}", word=word, name=measures[0],
                 counts=registry.get(measures[0]).counts)
    if rows["date"].map(last_day).duplicated().any():
        return _("two rows have the same date")
    if word in FLOWS and _overlap(rows):
        return _("its periods overlap: a row begins (since) before the row before it ends")
    if rows["value"].max() > MOST:
        return _("its numbers are above {most:,}: give smaller areas", most=MOST)
    if word == "cumulative" and rows.sort_values("date", key=lambda days: days.map(last_day))["value"].diff().min() < 0:
        return _("it falls, which a cumulative count cannot do: declare it as a stock")
    if strange := [unit for unit in rows["unit"] if scale(unit) is None]:
        return _("its unit {unit} is no number of enterprises", unit=repr(strange[0]))
    if word == "cumulative" and len(rows) < 2 or word in FLOWS and not begun(rows):
        return _("it has too few observations to be scored")
    return ""


def _overlap(rows):
    """Whether a row's period begins before the end of the row before."""
    spans = sorted((last_day(row.date), last_day(row.since) if row.since else None) for row in rows.itertuples())
    return any(begun is not None and begun < end for (end, _since), (_end, begun) in itertools.pairwise(spans))


def begun(rows: pd.DataFrame) -> dict[datetime.date, datetime.date]:
    """Date -> first day of the period of a row: as it says, or that of the year or quarter that its date names.

    A row before it that ends inside that year or quarter is where it begins; so is the row before a month or a day.
    """
    found: dict[datetime.date, datetime.date] = {}
    before = None
    for date, since in sorted(zip(rows["date"], rows["since"], strict=True), key=lambda row: str(last_day(row[0]))):
        day = last_day(date)
        if day is None:
            continue
        start = last_day(since) if since else max((each for each in (first_day(date), before) if each), default=None)
        if start is not None:
            found[day] = start
        before = day
    return found


def points(word: str, levels: Sequence[Level], since: Mapping[datetime.date, datetime.date]) -> list[Point]:
    """The Points of levels by date; `since` as `begun` finds it."""
    if word == "cumulative":
        return [Point(a, b, y - x) for (a, x), (b, y) in zip(levels, levels[1:], strict=False)]
    if word == "stock":
        before = [None, *(day for day, _ in levels)]
        return [Point(start or day, day, value) for start, (day, value) in zip(before, levels, strict=False)]
    return [Point(since[day], day, value) for day, value in levels if day in since]
