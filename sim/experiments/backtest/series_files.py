"""Names of columns, days and units of files of series as people save them.

Days are such as 2021-12-31, 2021/12/31 or 2021年12月31日, months, quarters and years.
"""

import datetime
import re
from collections.abc import Mapping

from sim.base import table_files

COLUMNS = {"系列": "series", "序列": "series", "指标名称": "series", "地区": "area", "区域": "area", "日期": "date",
           "时间": "date", "年份": "date", "数值": "value", "值": "value", "统计口径": "what_it_counts",
           "口径": "what_it_counts", "计数方式": "what_it_counts", "度量": "measure", "指标": "measure",
           "地点": "places", "行业": "industry", "产业": "industry", "目的地": "to", "起始日期": "since",
           "开始日期": "since", "单位": "unit", "来源": "source"}
UNIT = re.compile(r"(百万|百|千|万|million|thousand|hundred)?", re.I)
SCALES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "hundred": 1e2, "thousand": 1e3, "million": 1e6}
NO_COUNT = re.compile(r"[%％‰元率比亩]|人[次员]?$|平方|\b(yuan|rmb|cny|usd|dollars?|eur|per ?cent|share|index|persons?|"
                      r"people|employees|km2?)\b", re.I)
NUMBERS = ("date", "since", "value", "year", "count")      # columns in which full-width digits are plain ones
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?", re.ASCII)
QUARTER = re.compile(r"(\d{4})[-年 ]?(?:[Qq]([1-4])|第?([一二三四1-4])季度)", re.ASCII)
YEAR = re.compile(r"(\d{4})(?:年|\.0)?", re.ASCII)
YEAR_OF_COLUMN = re.compile(r"(?<!\d)(19|20)\d\d年?$", re.ASCII)      # end of the names where each year has a column
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


def plain(raw: bytes, label: str, names: Mapping[str, str] = COLUMNS) -> bytes:
    """The bytes of a file with English names of columns and plain digits (`table_files.plain`)."""
    return table_files.plain(raw, label, names, NUMBERS)


def scale(unit: str) -> float | None:
    """How many enterprises one of a unit is; None for a unit of something else.

    >>> scale("家"), scale("千家"), scale("thousand firms"), scale("HQs"), scale("万元"), scale("%")
    (1.0, 1000.0, 1000.0, 1.0, None, None)
    """
    found = UNIT.match(unit.strip())
    return None if NO_COUNT.search(unit) else SCALES[found[0].lower() if found else ""]


def last_day(text: str) -> datetime.date | None:
    """The last day of a year, quarter, month or day; None for anything else.

    >>> [str(last_day(text)) for text in ("2021", "2021Q2", "2021年11月", "2021/2/3", "soon")]
    ['2021-12-31', '2021-06-30', '2021-11-30', '2021-02-03', 'None']
    """
    text = text.strip()
    try:
        if found := DAY.fullmatch(text):
            return datetime.date(*map(int, found.groups()))
        if found := QUARTER.fullmatch(text):
            return _end(int(found[1]), 3 * int(found[2] or QUARTERS.get(found[3]) or found[3]))
        if found := YEAR.fullmatch(text):
            return _end(int(found[1]), 12)
        if found := MONTH.fullmatch(text):
            return _end(int(found[1]), int(found[2]))
    except ValueError:
        return None
    return None


def first_day(text: str) -> datetime.date | None:
    """The last day before a year or quarter that a date names; None for months and days, which name an end alone.

    >>> str(first_day("2021")), str(first_day("2021Q2")), first_day("2021-06")
    ('2020-12-31', '2021-03-31', None)
    """
    last, text = last_day(text), text.strip()
    months = 12 if YEAR.fullmatch(text) else 3 if QUARTER.fullmatch(text) else 0
    if last is None or not months:
        return None
    month = last.year * 12 + last.month - 1 - months
    return _end(month // 12, month % 12 + 1)


def _end(year, month):
    """The last day of a month; ValueError for a month that there is not."""
    datetime.date(year, month, 1)
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)
