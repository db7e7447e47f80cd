"""CSV files read into typed tables.

Reading never stops at the first fault: a bad cell becomes a Problem and an empty value.
"""

import csv
import datetime
import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.registry import near_miss
from sim.config.parameters import MARKS, interval
from sim.region.columns import Column

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
FLAGS = {"0": False, "1": True, "false": False, "true": True}
EMPTY = {"id": "", "text": "", "mark": "", "number": np.nan, "count": np.nan, "flag": False, "date": "",
         "ids": [], "numbers": []}


@dataclass(frozen=True)
class Sheet:
    """A file as read: one row of `frame` per record, `lines` its line in the file."""

    file: str
    frame: pd.DataFrame
    lines: list
    problems: list

    def problem(self, row, column, found, allowed="", remedy=""):
        """A Problem at a row (counted from 0) and column of this file."""
        return Problem(f"{self.file} row {self.lines[row]}", column, str(found), allowed, remedy)


def read_sheet(file, data, table):
    """Bytes of a CSV file (None when absent) as a Sheet with every problem of its own cells."""
    if data is None:
        problems = [Problem(file, "", "no such file", remedy="add it")] if table.required else []
        return Sheet(file, _frame([], [], table, Sheet(file, None, [], [])), [], problems)
    header, records, lines, problems = _records(file, data)
    if header:
        problems += _header_problems(file, header, table)
    if table.rows and not records and not problems:
        problems.append(Problem(file, "", "no rows", "at least one"))
    sheet = Sheet(file, None, lines, problems)
    frame = _frame(header, records, table, sheet)
    return Sheet(file, frame, lines, problems + _key_problems(sheet, frame, table))


def _records(file, data):
    """Header, records, their line numbers and the problems of form; blank lines are skipped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [], [], [Problem(file, "", f"byte {error.start} is not UTF-8", "UTF-8",
                                    "save the file as UTF-8 (in Excel: 'CSV UTF-8')")]
    records, lines, problems, start = [], [], [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append([cell.strip() for cell in record])
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(f"{file} row {reader.line_num}", "", str(error), "comma-separated cells"))
    header, records, lines = (records[0], records[1:], lines[1:]) if records else ([], [], [])
    problems += [Problem(f"{file} row {line}", "", f"{len(record)} cells", f"{len(header)}, as in the header")
                 for record, line in zip(records, lines) if len(record) != len(header)]
    if not header and not problems:
        problems = [Problem(file, "", "an empty file", "a header and rows")]
    return header, records, lines, problems


def _header_problems(file, header, table):
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [Problem(f"{file} row 1", name or "(no name)", "the column twice", "once") for name in twice]
    problems += [Problem(f"{file} row 1", "", repr(name), ONE_LINE) for name in header if has_control(name)]
    unknown = [name for name in header if name not in table.columns]
    for name, column in table.columns.items():
        if name in header:
            continue
        close = near_miss(name, unknown)
        if column.required:
            problems.append(Problem(f"{file} row 1", name, "no such column", "", close or "add it"))
        elif close:
            problems.append(Problem(f"{file} row 1", name, "no such column but a similar one", "", close))
    return problems


def _key_problems(sheet, frame, table):
    if not table.key:
        return []
    again = frame[table.key].duplicated() & (frame[table.key] != "")
    return [sheet.problem(row, table.key, f"{frame[table.key][row]!r} again", "each id once")
            for row in np.flatnonzero(again)]


def _frame(header, records, table, sheet):
    """Typed columns in the table's order, then the file's further columns as text."""
    cells = {name: [record[k] if k < len(record) else "" for record in records]
             for k, name in enumerate(header)}
    columns = {}
    for name, column in table.columns.items():
        given = cells.get(name)
        if given is None:
            columns[name] = _absent(column, columns, len(records))
        else:
            columns[name] = _typed(given, name, column, columns, sheet)
    extra = {name: _typed(given, name, Column("text", required=False), {}, sheet) for name, given in cells.items()
             if name not in table.columns and name}
    return pd.DataFrame({**columns, **extra})


def _absent(column, columns, rows):
    """A column that is not in the file: its default, which may be the name of another column."""
    if column.default in columns:
        return columns[column.default].copy()
    empty = EMPTY[column.kind] if column.default is None else column.default
    return _series([empty] * rows, column.kind)


def _typed(cells, name, column, columns, sheet):
    values = []
    for row, cell in enumerate(cells):
        value, fault = _value(cell, column, columns, row)
        if fault:
            found, allowed, remedy = fault
            sheet.problems.append(sheet.problem(row, name, found, allowed, remedy))
        values.append(value)
    return _series(values, column.kind)


def _series(values, kind):
    if kind in ("number", "count"):
        return pd.Series(values, dtype="float64")
    if kind == "date":
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="str"), format="%Y-%m-%d"), dtype="datetime64[s]")
    dtype = {"flag": "bool", "ids": "object", "numbers": "object"}.get(kind, "str")
    return pd.Series(values, dtype=dtype)


def _value(cell, column, columns, row):
    """(value, None), or (empty, (found, allowed, remedy)) for a bad cell."""
    if not cell:
        if column.required:
            return EMPTY[column.kind], ("an empty cell", "", "fill it in")
        if column.default in columns:
            return columns[column.default][row], None
        return (EMPTY[column.kind] if column.default is None else column.default), None
    try:
        return PARSERS[column.kind](cell, column.allowed), None
    except ValueError as error:
        allowed, _, remedy = str(error).partition("|")
        return EMPTY[column.kind], (repr(cell), allowed, remedy)


def _parse_number(cell, allowed):
    if not NUMBER.fullmatch(cell):
        raise ValueError("a number such as 12.5")
    value = float(cell)
    if value not in interval(allowed) or not np.isfinite(value):
        swapped = "|are lon and lat swapped?" if allowed == "[-90, 90]" and abs(value) <= 180 else ""
        raise ValueError(allowed + swapped)
    return value


def _parse_count(cell, allowed):
    value = _parse_number(cell, allowed)
    if value != int(value):
        raise ValueError("a whole number")
    return value


def _parse_flag(cell, _):
    if cell.lower() not in FLAGS:
        raise ValueError("0, 1, false, true")
    return FLAGS[cell.lower()]


def _parse_date(cell, _):
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII):
            raise ValueError
        datetime.date.fromisoformat(cell)
    except ValueError:
        raise ValueError("a date written YYYY-MM-DD") from None
    return cell


def _parse_id(cell, _):
    if not cell.isprintable() or len(cell) > 64 or re.search(r"[\s;]", cell):
        raise ValueError("up to 64 visible characters without spaces and ';'")
    return cell


def _parse_text(cell, _):
    if has_control(cell):
        raise ValueError(ONE_LINE)
    return cell


def _parse_mark(cell, _):
    if cell not in MARKS:
        raise ValueError(f"{', '.join(MARKS)}|{near_miss(cell, MARKS)}")
    return cell


PARSERS = {
    "id": _parse_id, "text": _parse_text, "mark": _parse_mark, "number": _parse_number,
    "count": _parse_count, "flag": _parse_flag, "date": _parse_date,
    "ids": lambda cell, _: [_parse_id(part.strip(), _) for part in cell.split(";")],
    "numbers": lambda cell, allowed: [_parse_number(part.strip(), allowed) for part in cell.split(";")],
}
