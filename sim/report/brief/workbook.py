"""All tables of a comparison as one workbook, a sheet a table; numbers are numbers, and no text is a formula."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from rich.cells import cell_len

from sim.base import files
from sim.base.errors import printable
from sim.report import render
from sim.report.tables import Table

FORBIDDEN = re.compile(r"[\\/*?:\[\]]")
AT_END, MARKS = re.compile(r" ?[(（][^()（）]*[)）]$"), " ,;，；：、"        # a file in brackets; ends of words
NOTHING = ("", "–")            # cells that say nothing of their column
LONGEST, WIDEST = 31, 60      # letters of a sheet's name, as the format allows; letters of a column's width


def write(path: Path, tables: Sequence[Table], about: str = "") -> Path:
    """Write the tables, each with what they are about under its title; the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, 1):
        _sheet(book.create_sheet(_name(number, table.title)), table, about)
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


def _sheet(sheet, table, about):
    """Title, head and rows; columns of texts stand left; printed, it is as wide as a page and each has the head."""
    _put(sheet.cell(1, 1), table.title).font = Font(bold=True, size=12)
    _put(sheet.cell(2, 1), about).font = Font(italic=True)
    texts = [any(not render.is_number(str(cell)) and str(cell) not in NOTHING for cell in column)
             for column in zip(*table.rows)] or [True] * len(table.head)
    for row, cells in enumerate([table.head, *table.rows], 3):
        for column, value in enumerate(cells, 1):
            cell = _put(sheet.cell(row, column), value)
            cell.alignment = Alignment(horizontal="left" if texts[column - 1] else "right", wrap_text=row == 3)
            cell.font = Font(bold=row == 3)
    for column, head in enumerate(table.head, 1):
        sheet.column_dimensions[get_column_letter(column)].width = _width(head, [row[column - 1] for row in table.rows])
    sheet.freeze_panes = "B4"
    sheet.auto_filter.ref = f"A3:{get_column_letter(len(table.head))}{3 + len(table.rows)}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "3:3"


def _width(head, cells):
    """Letters of a column: its cells in one line, Chinese signs twice as wide, its head in three."""
    wanted = [cell_len(printable(str(cell))) for cell in cells]
    return min(WIDEST, max(10, *wanted, cell_len(printable(str(head))) / 3 + 4) + 2)


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
