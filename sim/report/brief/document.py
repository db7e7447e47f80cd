"""Briefs as Word documents."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from sim.base import files
from sim.base.errors import printable
from sim.report.brief.sheet import Sheet
from sim.report.tables import Faint
from sim.report.words import word

INK, MUTED = RGBColor(0x12, 0x3F, 0x6B), RGBColor(0x70, 0x70, 0x70)
FONTS = {"zh": "宋体", "en": "Calibri"}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}      # for the spelling, and for programs that read aloud
WIDE = Mm(174)


def write(path: Path, sheets: Sequence[Sheet], lang: str) -> Path:
    """Write sheets as one document, each from a new page; the path."""
    found = docx.Document()
    _plain(found, lang)
    found.core_properties.title = printable(sheets[0].title)
    for number, sheet in enumerate(sheets):
        if number:
            found.add_page_break()
        _sheet(found, sheet, lang)
    found.save(made := io.BytesIO())
    files.write_bytes(path, made.getvalue())
    return path


def _plain(found, lang):
    """Paper, margins and font."""
    section = found.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(15)
    style = found.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(9.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONTS[str(lang)])
    style.paragraph_format.space_after = Pt(3)
    spoken = found.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    for side in ("w:val", "w:eastAsia"):
        spoken.set(qn(side), LANGUAGES[str(lang)])
    found.core_properties.language = LANGUAGES[str(lang)]


def _sheet(found, sheet, lang):
    _line(found, sheet.kicker, 8.5, colour=MUTED)
    _line(found, sheet.title, 17, bold=True, colour=INK, level=1)
    _line(found, sheet.answer, 11.5, bold=True)
    if sheet.cards:
        told = [f"{one.label} {one.sure}".strip() for one in sheet.cards]
        _table(found, [[one.number for one in sheet.cards], told], lang)
    _line(found, sheet.doubts, 9, colour=MUTED)
    for block in (block for page in sheet.pages for block in page):
        _block(found, block, lang)
    _line(found, sheet.foot, 7.5, colour=MUTED)


def _block(found, block, lang):
    _line(found, block.heading, 12, bold=True, colour=INK, level=2)
    for text in block.sentences:
        found.add_paragraph(printable(text + word("stop", lang)).rstrip(), style="List Bullet")
    for table in block.tables:
        _line(found, table.title + word("faint_is", lang) * table.has_faint, 9, bold=True)
        _table(found, [table.head, *table.rows], lang)
    if block.figure:
        shown = found.add_picture(str(block.figure), width=WIDE)
        shown._inline.docPr.set("descr", printable(block.figure_alt))


def _line(found, text, size, bold=False, colour=None, level=0):
    """A paragraph of its own; with a level, a heading by which a reader finds the way."""
    if text:
        paragraph = found.add_paragraph()
        if level:
            outline = OxmlElement("w:outlineLvl")
            outline.set(qn("w:val"), str(level - 1))
            paragraph._p.get_or_add_pPr().append(outline)
        run = paragraph.add_run(printable(text))
        run.font.size, run.bold = Pt(size), bold
        if colour is not None:
            run.font.color.rgb = colour


def _table(found, rows, lang):
    """A table, its first row bold; the first column left, the others right; noise grey."""
    table = found.add_table(len(rows), len(rows[0]), style="Light Grid Accent 1" if len(rows) > 2 else "Table Grid")
    for r, cells in enumerate(rows):
        for c, value in enumerate(cells):
            paragraph = table.cell(r, c).paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if c and len(rows) > 2 else WD_ALIGN_PARAGRAPH.LEFT
            run = paragraph.add_run(printable(str(value)))
            run.font.size, run.bold = Pt(8), r == 0
            if isinstance(value, Faint):
                run.font.color.rgb = MUTED
