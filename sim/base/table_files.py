"""Tables as people save them, in the form that the readers take: UTF-8, commas, names of columns that are known.

Read are CSV in UTF-8, UTF-16 and GB18030 with commas, semicolons or tabs, and XLSX, each also in gzip. Encodings are
tried in the order mark, strict UTF-8, GB18030: a short Chinese text is taken for Korean or Japanese by statistical
detectors, and every GB18030 text of some length fails as UTF-8.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from python_calamine import CalamineWorkbook

MOST_BYTES = 2**30             # of a file, unpacked
MOST_LOOKED = 4096             # bytes at the beginning in which a text has no 0
ENCODINGS = ("utf-8", "gb18030")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")     # what XLSX and the older XLS begin with
FLAGS = {"是": "1", "否": "0"}     # in cells that are 1 or 0
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
WIDE = re.compile("[\uff01-\uff5e\u3000]")


def plain(raw: bytes, label: str, names: Mapping[str, str], numbers: Collection[str] = (),
          flags: Collection[str] = ()) -> bytes:
    """The bytes of a table as CSV in UTF-8 with commas and the names of columns that `names` gives.

    A row keeps its number. Cells of the columns `numbers` lose full-width forms and the commas between thousands; those
    of `flags` may be 是 and 否. What cannot be taken apart is handed on as it is: the reader of tables says what is
    wrong. InputError for bytes of no known encoding and for a workbook that cannot be opened.
    """
    raw = unpacked(raw, label)
    if raw.startswith(WORKBOOKS):
        header, rows = of_workbook(raw, label)
        return _written([header, *rows], names, numbers, flags)
    text, _encoding = decoded(raw, label)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return text.encode()
    return _written(rows, names, numbers, flags)


def as_number(text: str) -> str:
    """A text with full-width forms plain and no commas between thousands.

    >>> as_number("１，２３４．５"), as_number("18,255.20"), as_number("1,5")
    ('1234.5', '18255.20', '1,5')
    """
    text = unicodedata.normalize("NFKC", text).strip() if WIDE.search(text) else text
    return text.replace(",", "") if "," in text and THOUSANDS.fullmatch(text.strip()) else text


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


def of_workbook(raw: bytes, path: str | Path, sheet: str = "") -> tuple[list[str], list[list[str]]]:
    """(header, rows) of a sheet of a workbook as texts, by default of its first; InputError if there is none."""
    book = _opened(raw, path)
    name = sheet or book.sheet_names[0]
    if name not in book.sheet_names:
        raise InputError(Problem(str(path), "", _("there is no sheet {name}", name=repr(name)),
                                 one_of(book.sheet_names), near_miss(name, book.sheet_names)))
    header, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True) or [[]]
    return [text_of(cell) for cell in header], [[text_of(cell) for cell in row] for row in rows]


def _opened(raw: bytes, path: str | Path) -> CalamineWorkbook:
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


def _written(rows: list[list[str]], names: Mapping[str, str], numbers: Collection[str],
             flags: Collection[str]) -> bytes:
    """Rows as a CSV file, with names and numbers as they are wanted. Empty rows stay."""
    first = next((k for k, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is not None:
        rows[first] = _renamed([name.strip() for name in rows[first]], names)
        at = [(k, FLAGS if name in flags else {}) for k, name in enumerate(rows[first]) if name in (*numbers, *flags)]
        for row in rows[first + 1:]:
            for k, words in at:
                row[k:k + 1] = [words.get(cell.strip(), as_number(cell)) for cell in row[k:k + 1]]
    out = io.StringIO(newline="")
    for row in rows:
        if row:
            csv.writer(out, lineterminator="\n").writerow(row)
        else:
            out.write("\n")
    return out.getvalue().encode()


def _renamed(header: list[str], names: Mapping[str, str]) -> list[str]:
    """The header with the names that the reader knows, each in place of the first that stands for it."""
    taken = set(header)
    found = []
    for name in header:
        known = names.get(name) or names.get(name.lower()) or name
        found.append(name if name != known and known in taken else known)
        taken.add(known)
    return found
