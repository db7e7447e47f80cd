"""Tables of firms as people have them: CSV in UTF-8 with a mark or without, or in GB18030; XLSX; either gzipped.

Every cell becomes a text. Encodings are tried in the order mark, strict UTF-8, GB18030: a short Chinese text is
taken for Korean or Japanese by statistical detectors, and every GB18030 text of some length fails as UTF-8.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

MOST_BYTES = 2**30             # of a file, unpacked
MOST_LOOKED = 4096             # bytes at the beginning in which a text has no 0
ENCODINGS = ("utf-8", "gb18030")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")     # what XLSX and the older XLS begin with
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
    digest, raw = hashlib.sha256(packed).hexdigest(), unpacked(packed, path)
    frame, encoding = (of_workbook(raw, path, sheet), "xlsx") if raw.startswith(WORKBOOKS) else _csv(raw, path)
    if not len(frame):
        raise InputError(Problem(str(path), "", _("the table has no rows"), _("at least one")))
    return FirmTable(frame, str(path), encoding, digest)


def unpacked(raw: bytes, path: str | Path) -> bytes:
    """The bytes of a file, out of gzip if they are in it; InputError where that is broken, or they are too many."""
    if raw[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(raw)) as packed:
                raw = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error):
            raise InputError(Problem(str(path), "", _("the compressed file is damaged or not complete"),
                                     remedy=_("copy or download it again"))) from None
    if len(raw) > MOST_BYTES:
        raise InputError(Problem(str(path), "", _("the file is larger than {most:,} bytes", most=MOST_BYTES)))
    return raw


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
    wide = cells.str.contains("[\uff01-\uff5e\u3000]", regex=True)
    return cells.str.normalize("NFKC").str.strip() if wide.any() else cells


def decoded(raw: bytes, path: str | Path) -> tuple[str, str]:
    """(text, encoding) of bytes; InputError at the first byte that neither encoding knows."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise InputError(Problem(str(path), "", _("it begins as UTF-16 and is not"),
                                     remedy=_("save the file as UTF-8 (in Excel: 'CSV UTF-8')"))) from None
    if b"\0" in raw[:MOST_LOOKED] or raw.lstrip()[:1] == b"<":
        what = _("it is a web page, whatever its name says") if raw.lstrip()[:1] == b"<" else _("it is not a text file")
        raise InputError(Problem(str(path), "", what, _("a workbook (XLSX) or a CSV file"),
                                 _("open it in a spreadsheet and save it as a workbook")))
    for encoding in ENCODINGS:
        try:
            return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
        except UnicodeDecodeError as error:
            fault = error
    line = raw.count(b"\n", 0, fault.start) + 1
    raise InputError(Problem(f"{path}:{line}", "",
                             _("the byte 0x{byte:02x} is neither UTF-8 nor GB18030", byte=raw[fault.start]),
                             remedy=_("save the file as UTF-8 (in Excel: 'CSV UTF-8')")))


def _bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(Problem(str(path), "", _("the file cannot be read ({reason})",
                                                  reason=error.strerror or error))) from None


def _csv(raw, path):
    """(DataFrame, encoding): separated by commas, or by semicolons or tabs where the header has more of them."""
    import pandas as pd

    text, encoding = decoded(raw, path)
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


def of_workbook(raw: bytes, path: str | Path, sheet: str = "") -> pd.DataFrame:
    """The texts of a sheet of a workbook, by default its first; InputError if there is none."""
    import pandas as pd

    book = _opened(raw, path)
    name = sheet or book.sheet_names[0]
    if name not in book.sheet_names:
        raise InputError(Problem(str(path), "", _("there is no sheet {name}", name=repr(name)),
                                 one_of(book.sheet_names), near_miss(name, book.sheet_names)))
    header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True) or [[]]
    frame = pd.DataFrame([[text_of(cell) for cell in row] for row in rows], columns=range(len(header)), dtype=str)
    return _named(frame, [text_of(cell) for cell in header])


def _opened(raw, path):
    """The workbook in the bytes of an XLSX file."""
    try:
        import python_calamine
    except ModuleNotFoundError:
        raise InputError(Problem(str(path), "", _("reading XLSX needs python-calamine, which is not installed"),
                                 remedy=_("pip install \"cluster-formation-simulator[estimation]\", or save the table "
                                          "as CSV"))) from None
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except python_calamine.CalamineError as error:
        raise InputError(Problem(str(path), "", _("it cannot be read ({reason})", reason=error),
                                 _("a workbook (XLSX) or a CSV file"))) from None


def text_of(cell: object) -> str:
    """A cell of a workbook as a text; a whole number without its point.

    >>> text_of(310115.0), text_of(31.5), text_of("青浦 "), text_of(None)
    ('310115', '31.5', '青浦 ', '')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _named(frame: pd.DataFrame, header: Iterable[object]) -> pd.DataFrame:
    """The frame with trimmed names of columns."""
    frame.columns = [str(name).strip() for name in header]
    return frame
