"""CSV files read into typed tables.

Reading never stops at the first fault: a bad cell becomes a Problem and an empty value.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.base.errors import ONE_LINE, Problem, has_control, row_of
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.config.fault_wording import RENAMED
from sim.config.parameters import EVIDENCE, interval
from sim.region.columns import Column, Table

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
NEAR = 0.75                    # of an optional column to what a header has: a missing one is no fault by itself
FLAGS = {"0": False, "1": True, "false": False, "true": True}


@dataclass(frozen=True)
class Sheet:
    """A file as read: one row of `frame` per record, `lines` its line in the file."""

    file: str
    frame: pd.DataFrame
    lines: list
    problems: list

    def problem(self, row: int, column: str, wrong: str, expected: str = "", remedy: str = "") -> Problem:
        """A Problem at a row (counted from 0) and column of this file."""
        return Problem(row_of(self.file, self.lines[row]), column, wrong, expected, remedy)


def read_sheet(file: str, data: bytes | None, table: Table) -> Sheet:
    """Bytes of a CSV file (None when absent) as a Sheet with every problem of its own cells."""
    if data is None:
        problems = [Problem(file, "", _("file not found"), remedy=_("add it"))] if table.required else []
        return Sheet(file, _frame([], [], table, Sheet(file, None, [], [])),  # type: ignore[arg-type]  # no frame yet
                     [], problems)
    header, records, lines, problems = _records(file, data)
    if header:
        problems += _header_problems(file, header, table)
    if table.rows and not records and not problems:
        problems.append(Problem(file, "", _("the table has no rows"), _("at least one")))
    if table.most and len(records) > table.most:
        problems.append(Problem(file, "", _("the number of rows is {count}", count=len(records)),
                                _("at most {most}", most=table.most)))
    sheet = Sheet(file, None, lines, problems)  # type: ignore[arg-type]  # it has its frame below
    frame = _frame(header, records, table, sheet)
    return Sheet(file, frame, lines, problems + _key_problems(sheet, frame, table))


def _records(file, data):
    """Header, records, their line numbers and the problems of form; blank lines are skipped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [], [], [Problem(file, "", _("the byte at {place} is not UTF-8", place=error.start),
                                    remedy=_("save the file as UTF-8 (in Excel: 'CSV UTF-8')"))]
    records, lines, problems, start = [], [], [], 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append([cell.strip() for cell in record])
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(row_of(file, reader.line_num), "", _("it cannot be read ({reason})", reason=error),
                                _("cells separated by commas")))
    header, records, lines = (records[0], records[1:], lines[1:]) if records else ([], [], [])
    problems += [Problem(row_of(file, line), "", _("the number of cells is {count}", count=len(record)),
                         _("{count}, as in the header", count=len(header)))
                 for record, line in zip(records, lines) if len(record) != len(header)]
    if not header and not problems:
        problems = [Problem(file, "", _("the file is empty"), _("a header and rows"))]
    return header, records, lines, problems


def _header_problems(file, header, table):
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [Problem(row_of(file, 1), name or _("(no name)"), _("the column is there twice"),
                        remedy=_("remove one of the two")) for name in twice]
    problems += [Problem(f"{file} row 1", "", _("{value} holds control characters", value=repr(name)), ONE_LINE)
                 for name in header if has_control(name)]
    unknown = [name for name in header if name not in table.columns]
    for name, column in table.columns.items():
        if name in header:
            continue
        earlier = [old for old in unknown if RENAMED.get(old) == name]
        close = _("{old} is called {name} now", old=earlier[0], name=name) if earlier else near_miss(
            name, unknown, 0.6 if column.required else NEAR)
        if column.required:
            problems.append(Problem(row_of(file, 1), name, _("the column is missing"), "", close or _("add it")))
        elif close:
            problems.append(Problem(row_of(file, 1), name, _("the column is missing, but there is a similar one"), "",
                                    close))
    return problems


def _key_problems(sheet, frame, table):
    if not table.key:
        return []
    again = frame[table.key].duplicated() & (frame[table.key] != "")
    return [sheet.problem(row, table.key, _("{id} already exists", id=repr(frame[table.key][row])),
                          _("each id once"))
            for row in np.flatnonzero(again)]


def _frame(header, records, table, sheet):
    """Typed columns in the table's order, then the file's further columns as text."""
    cells = {name: [record[k] if k < len(record) else "" for record in records] for k, name in enumerate(header)}
    wanted, columns = {name: Column("text", required=False) for name in cells if name} | table.columns, {}
    for name in dict.fromkeys([*table.columns, *wanted]):
        columns[name] = _typed(cells.get(name), name, wanted[name], columns, sheet, len(records))
    return pd.DataFrame(columns)


def _typed(cells, name, column, columns, sheet, rows):
    """One column as a Series; one that is not in the file was told of with the header."""
    kind, values = KINDS[column.kind], []
    for row, cell in enumerate([""] * rows if cells is None else cells):
        value, *fault = _value(cell, column, columns, row)
        if fault and cells is not None:
            sheet.problems.append(sheet.problem(row, name, *fault))
        values.append(value)
    series = pd.Series(values, dtype=kind.dtype)
    return pd.to_datetime(series, format="%Y-%m-%d").astype("datetime64[s]") if column.kind == "date" else series


def _value(cell, column, columns, row):
    """(value,), or (empty, wrong, expected, remedy) for a bad cell; a default may be another column's name."""
    kind = KINDS[column.kind]
    if not cell and column.required:
        return kind.empty, _("the cell is empty"), "", _("fill it in")
    if not cell:
        default = columns[column.default][row] if column.default in columns else column.default
        return (kind.empty if default is None else default,)
    try:
        return (kind.parse(cell, column.allowed),)
    except ValueError as error:
        return kind.empty, *error.args


def _bad(wrong, cell, expected, remedy=""):
    """The error of a cell: what is wrong with it, what is expected and a remedy."""
    return ValueError(_(wrong, cell=repr(cell)), expected, remedy)


def _parse_number(cell, allowed):
    if not NUMBER.fullmatch(cell):
        raise _bad(_("{cell} is not a number"), cell, _("a number such as 12.5"))
    value = float(cell)
    if value not in interval(allowed) or not np.isfinite(value):
        swapped = allowed == "[-90, 90]" and abs(value) <= 180
        raise _bad(_("{cell} is out of range"), cell, _("a number in {interval}", interval=allowed),
                   _("are lon and lat swapped?") if swapped else "")
    return value


def _parse_count(cell, allowed):
    value = _parse_number(cell, allowed)
    if value != int(value):
        raise _bad(_("{cell} is not a whole number"), cell, _("a whole number"))
    return value


def _parse_flag(cell, _allowed):
    if cell.lower() not in FLAGS:
        raise _bad(_("{cell} is not a switch"), cell, one_of(FLAGS))
    return FLAGS[cell.lower()]


def _parse_date(cell, _allowed):
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII):
            raise ValueError
        datetime.date.fromisoformat(cell)
    except ValueError:
        raise _bad(_("{cell} is not a date"), cell, _("a date written YYYY-MM-DD")) from None
    return cell


def _parse_id(cell, _allowed):
    if not cell.isprintable() or len(cell) > 64 or re.search(r"[\s;]", cell):
        raise _bad(_("{cell} cannot be an id"), cell, _("up to 64 visible characters without spaces and ';'"))
    return cell


def _parse_text(cell, _allowed):
    if has_control(cell):
        raise _bad(_("{cell} holds control characters"), cell, ONE_LINE)
    return cell


def _parse_word(cell, words):
    if cell not in words:
        raise _bad(_("{cell} is unknown"), cell, one_of(words), near_miss(cell, words))
    return cell


class Kind(NamedTuple):
    """How cells of a kind are read, (cell, interval) -> value; what stands for a bad or empty one."""

    parse: Callable
    empty: object
    dtype: str


KINDS = {
    "id": Kind(_parse_id, "", "str"), "text": Kind(_parse_text, "", "str"),
    "evidence": Kind(lambda cell, _allowed: _parse_word(cell, EVIDENCE), "", "str"),
    "word": Kind(lambda cell, allowed: _parse_word(cell, allowed.split(", ")), "", "str"),
    "number": Kind(_parse_number, np.nan, "float64"), "count": Kind(_parse_count, np.nan, "float64"),
    "flag": Kind(_parse_flag, False, "bool"), "date": Kind(_parse_date, "", "str"),
    "ids": Kind(lambda cell, allowed: [_parse_id(part.strip(), allowed) for part in cell.split(";")], [], "object"),
    "numbers": Kind(lambda cell, allowed: [_parse_number(part.strip(), allowed) for part in cell.split(";")],
                    [], "object"),
}
