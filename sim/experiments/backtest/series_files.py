"""A file of series as people save it, in the form that the reader of tables takes: UTF-8, commas, names of columns.

Read are CSV in UTF-8, UTF-16 and GB18030 with commas, semicolons or tabs, and XLSX; names of columns in English or
Chinese; numbers with thousands apart; days such as 2021-12-31, 2021/12/31 or 2021年12月31日, months, quarters
and years.
"""

import csv
import datetime
import io
import re

from sim.experiments.estimation import firm_tables

COLUMNS = {"系列": "series", "序列": "series", "指标名称": "series", "地区": "area", "区域": "area", "日期": "date",
           "时间": "date", "年份": "date", "数值": "value", "值": "value", "统计口径": "what_it_counts",
           "口径": "what_it_counts", "计数方式": "what_it_counts", "度量": "measure", "指标": "measure",
           "地点": "places", "行业": "industry", "产业": "industry", "目的地": "to", "起始日期": "since",
           "开始日期": "since"}
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?", re.ASCII)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?", re.ASCII)
QUARTER = re.compile(r"(\d{4})[-年 ]?(?:[Qq]([1-4])|第?([一二三四1-4])季度)", re.ASCII)
YEAR = re.compile(r"(\d{4})(?:年|\.0)?", re.ASCII)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


def plain(raw: bytes, label: str) -> bytes:
    """The bytes of a CSV file in UTF-8 with commas and English names of columns; a row keeps its number.

    What cannot be taken apart is handed on as it is: the reader of tables says what is wrong. InputError for bytes of
    no known encoding and for a workbook that cannot be opened.
    """
    if raw.startswith(firm_tables.WORKBOOKS):
        frame = firm_tables.of_workbook(raw, label)
        return _written([list(frame.columns), *frame.to_numpy().tolist()])
    text, _encoding = firm_tables.decoded(raw, label)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        return _written(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except csv.Error:
        return text.encode()


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


def _end(year, month):
    """The last day of a month; ValueError for a month that there is not."""
    datetime.date(year, month, 1)
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def _written(rows):
    """Rows as a CSV file: the header's names in English, thousands of the values together. Empty rows stay."""
    first = next((k for k, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is not None:
        rows[first] = [COLUMNS.get(name.strip(), name) for name in rows[first]]
        at = rows[first].index("value") if "value" in rows[first] else None
        rows[first + 1:] = [_together(row, at) for row in rows[first + 1:]]
    out = io.StringIO(newline="")
    for row in rows:
        if row:
            csv.writer(out, lineterminator="\n").writerow(row)
        else:
            out.write("\n")
    return out.getvalue().encode()


def _together(row, at):
    if at is None or at >= len(row) or not THOUSANDS.fullmatch(row[at].strip()):
        return row
    return [*row[:at], re.sub("[,，]", "", row[at]), *row[at + 1:]]
