"""Write the briefs of a comparison into its folder.

HTML always, PDF where there is a Chromium, DOCX and XLSX with the extra `office`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.base import files, plain_files
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.own_words import spoken
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import folder as comparison_folder
from sim.report import comparison_page, comparison_tables, inputs, render, run_page
from sim.report.brief import comparison_brief, jurisdiction_brief, paper
from sim.report.brief.sheet import Sheet
from sim.report.figures import picture_uri

FOLDER = "brief"


class Written(NamedTuple):
    """The files of a brief, and sentences on what could not be written."""

    paths: list[Path]
    missing: list[str]


def write(folder: Path, languages: Sequence[str]) -> Written:
    """Write the briefs of a finished comparison; InputError where there is none."""
    folder = Path(folder)
    if not comparison_folder.manifest_of(folder):
        raise InputError(Problem(str(folder), "", _("a brief is of a comparison, and this folder holds none"),
                                 _("the folder of a finished comparison"), _("make one with `sim compare`")))
    if not (folder / comparison_data.PLACES).exists():          # made without figures, which a brief shows
        with files.lock(folder):
            comparison_page.make(folder, tuple(languages))
    compared = comparison_data.load(folder)
    with files.lock(folder), files.writing(folder / FOLDER):
        place = plain_files.made(folder, FOLDER)
        found = [_of_language(folder, place, compared, spoken(lang, compared.places.attrs)) for lang in languages]
    paths = [path for one in found for path in one.paths]
    return Written(paths, list(dict.fromkeys(text for one in found for text in one.missing)))


def _of_language(folder, place, compared, lang):
    manifest = comparison_folder.finished(folder)
    listed = {name: inputs.read(comparison_page.kept(folder, manifest, name).decode("utf-8"), lang)
              for name in [compared.baseline, *compared.names]}
    titles = {name: run_page.titles(one, lang) for name, one in listed.items()}
    heading = comparison_page.heading(compared, lang)
    brief = comparison_brief.sheet(folder, manifest, compared, listed, titles, heading, lang)
    papers = {f"brief.{lang}": [brief],
              f"jurisdictions.{lang}": list(jurisdiction_brief.sheets(folder, manifest, compared, lang))}
    paths, missing = [], []
    for name, sheets in papers.items():
        paths.append(_page(place / f"{name}.html", sheets, lang))
    made, said = paper.printed(paths)
    office, told = _office(place, papers, compared, lang)
    return Written([*paths, *made, *office], [*missing, *said, *told])


def _page(path, sheets, lang):
    """A print-ready page of sheets; its path."""
    content = {"sheets": [_shown(one) for one in sheets], "title": sheets[0].title}
    files.write_checked(path, render.render("brief.html", lang, content, (), style="brief.css"))
    return path


def _shown(sheet: Sheet):
    """A sheet as its template uses it: with its figures inside."""
    pages = [[(block, picture_uri(block.figure) if block.figure else "") for block in page] for page in sheet.pages]
    return {"sheet": sheet, "pages": pages}


def _office(place, papers, compared, lang):
    """(paths of the files for office programs, sentence on what is missing)."""
    try:
        from sim.report.brief import document, workbook
    except ImportError:
        return [], [_("not written: {files}; they need pip install 'cluster-formation-simulator[office]'",
                      files="brief.docx, jurisdictions.docx, tables.xlsx")]
    paths = [document.write(place / f"{name}.docx", sheets, lang) for name, sheets in papers.items()]
    sheet = papers[f"brief.{lang}"][0]
    about = f"{sheet.title} · {sheet.kicker}"
    return [*paths, workbook.write(place / f"tables.{lang}.xlsx", comparison_tables.all_of(compared, lang), about)], []
