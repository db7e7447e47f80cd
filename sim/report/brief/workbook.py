"""All tables of a comparison as one workbook, a sheet a table; numbers are numbers, and no text is a formula."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sim.base import files
from sim.base.errors import printable
from sim.report import render
from sim.report.tables import Table

FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
AT_END, MARKS = re.compile(r" ?[(（][^()（）]*[)）]$"), " ,;，；：、"        # a file in brackets; ends of words
LONGEST, WIDEST = 31, 60      # letters of a sheet's name, as the format allows; letters of a column's width


def write(path: Path, tables: Sequence[Table]) -> Path:
    """Write the tables; the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        _sheet(book.create_sheet(_name(number, table.title)), table)
    book.save(made := io.BytesIO())
    files.write_bytes(path, made.getvalue())
    return path


def _name(number, title):
    """A name that the format allows and that no other sheet has: without the file, and cut between words.

    >>> _name(4, "Headquarters in the zone by industry (effects.csv)")
    '4 Headquarters in the zone by'
    >>> _name(7, "示范区增量中由他处所失：取决于进入企业的区域外比例，该比例为输入")
    '7 示范区增量中由他处所失：取决于进入企业的区域外比例'
    """
    name = f"{number} {FORBIDDEN.sub(' ', printable(AT_END.sub('', title)))}"
    cut = max(name.rfind(mark, LONGEST // 2, LONGEST + 1) for mark in MARKS) if len(name) > LONGEST else -1
    return name[:cut if cut > 0 else LONGEST].strip()


def _sheet(sheet, table):
    """Title, head and rows."""
    _put(sheet.cell(1, 1), table.title).font = Font(bold=True, size=12)
    for row, cells in enumerate([table.head, *table.rows], 3):
        for column, value in enumerate(cells, 1):
            cell = _put(sheet.cell(row, column), value)
            cell.alignment = Alignment(horizontal="left" if column == 1 else "right", wrap_text=row == 3)
            cell.font = Font(bold=row == 3)
    for column in range(1, len(table.head) + 1):
        longest = max([len(str(row[column - 1])) for row in table.rows], default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(10, 2 * longest))
    sheet.freeze_panes = "B4"


def _put(cell, value):
    """Write a number as a number, a percentage as one, and any other text as a text."""
    text = str(value).replace("−", "-").replace(",", "")
    if render.is_number(str(value)):
        percent = text.endswith("%")
        cell.value = float(text.rstrip("%")) / (100 if percent else 1)
        cell.number_format = _format(text, percent)
        return cell
    cell.value = printable(str(value))
    cell.data_type = "s"
    return cell


def _format(text, percent):
    """The format that shows a number with the decimals and the sign that it has on the page."""
    decimals = len(text.rstrip("%").partition(".")[2])
    shown = "#,##0" + ("." + "0" * decimals if decimals else "") + ("%" if percent else "")
    return f"+{shown};-{shown};{shown}" if text.startswith(("+", "-")) else shown
