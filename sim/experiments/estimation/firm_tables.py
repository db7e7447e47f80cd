"""Tables of firms as people have them, of every form that `base.table_files` takes; every cell becomes a text."""

import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.base import table_files
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss

TITLES = 10                    # rows below the first in which a header is looked for, to tell where it is
FIRST_ROW = 2                  # number of the first row below the header, as a spreadsheet counts


class FirmTable(NamedTuple):
    """A table of texts, and what file it came from."""

    frame: pd.DataFrame        # columns as in the header; row k is row k + FIRST_ROW of the file
    file: str
    encoding: str              # "xlsx" for a workbook
    sha256: str                # of the file


def read(path: str | Path, sheet: str = "") -> FirmTable:
    """The table in a file; InputError if there is none, or it is of no known kind."""
    packed = _bytes(path)
    digest, raw = hashlib.sha256(packed).hexdigest(), table_files.unpacked(packed, path)
    if raw.startswith(table_files.WORKBOOKS):
        header, rows = table_files.of_workbook(raw, path, sheet)
        frame, encoding = _named(pd.DataFrame(rows, columns=range(len(header)), dtype=str), header), "xlsx"
    else:
        frame, encoding = _csv(raw, path)
    if not len(frame):
        raise InputError(Problem(str(path), "", _("the table has no rows"), _("at least one")))
    return FirmTable(frame, str(path), encoding, digest)


def column(table: FirmTable, name: str, where: str, key: str) -> pd.Series:
    """The texts of a column, edges trimmed; InputError at the place `where` of the spec that asks for it."""
    if list(table.frame.columns).count(name) > 1:
        raise InputError(Problem(where, key, _("{file} has several columns {name}", file=table.file, name=repr(name)),
                                 remedy=_("give each column a name of its own")))
    if name not in table.frame:
        near = _further_down(table, name) or near_miss(name, table.frame.columns)
        expected = "" if near else one_of([str(each) for each in table.frame.columns if each])
        raise InputError(Problem(where, key, _("{file} has no column {name}", file=table.file, name=repr(name)),
                                 expected, near))
    return table.frame[name].str.strip()


def _further_down(table, name):
    """The remedy where the header stands below a title: the rows above it are to go."""
    rows = np.flatnonzero((table.frame.head(TITLES) == name).any(axis=1).to_numpy())
    return _("row {row} has it: delete the rows above that one", row=int(rows[0]) + FIRST_ROW) if len(rows) else ""


def plain_width(cells: pd.Series) -> pd.Series:
    """Cells with full-width digits, letters and signs in their plain form (Unicode NFKC), where there are any."""
    wide = cells.str.contains(table_files.WIDE)
    return cells.str.normalize("NFKC").str.strip() if wide.any() else cells


def _bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read(table_files.MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "", _("file not found"), _("a table of firms or of choices"))) from None
    except OSError as error:
        raise InputError(Problem(str(path), "", _("the file cannot be read ({reason})",
                                                  reason=error.strerror or error))) from None


def _csv(raw, path):
    """(DataFrame, encoding): separated by commas, or by semicolons or tabs where the header has more of them."""
    text, encoding = table_files.decoded(raw, path)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        rows = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_filter=False,
                           header=None)
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(_unreadable(path, str(error))) from None
    return _named(rows.iloc[1:].reset_index(drop=True).fillna(""), rows.iloc[0]), encoding


def _unreadable(path, reason):
    """The Problem of a CSV file that the library does not read; a row that is too long is told by its line."""
    ragged = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    expected = _("a header and rows with as many cells")
    if ragged:
        header, line, cells = map(int, ragged.groups())
        return Problem(f"{path}:{line}", "", _("cells in the row: {cells}; in the header: {header}", cells=cells,
                                               header=header), expected, _("put texts with commas in quotes"))
    return Problem(str(path), "", _("it cannot be read ({reason})", reason=reason.strip()), expected)


def _named(frame: pd.DataFrame, header: Iterable[object]) -> pd.DataFrame:
    """The frame with trimmed names of columns."""
    frame.columns = [str(name).strip() for name in header]
    return frame
