"""Briefs of a comparison: as many pages as they promise, in both languages, with numbers that a spreadsheet can use."""

import copy
import dataclasses
import io
import json
import pathlib
import sys

import docx
import openpyxl
import pandas as pd
import pypdf
import pytest

from sim.base.errors import InputError, printable
from sim.base.messages import LANGUAGES
from sim.experiments.compare import folder as comparison_folder
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison.frame import gain
from sim.report import comparison_page, comparison_tables, inputs, render, run_page
from sim.report.brief import comparison_brief, document, jurisdiction_brief, paper, workbook, write
from sim.report.tables import Table
from sim.report.words import word
from tests.samples import browser, pages, runs


@pytest.fixture(scope="module")
def folder(evil_folders, tmp_path_factory):
    """A comparison with its pages, whose every text tries to do harm."""
    return pages.copied(evil_folders["comparison"], tmp_path_factory.mktemp("brief") / "compared")


@pytest.fixture(scope="module")
def compared(folder):
    return comparison_data.load(folder)


def many(compared, number, title):
    """The comparison with one of its scenarios so many times, all with long titles."""
    content, name = copy.deepcopy(compared.content), compared.names[0]
    names = [f"{name}-{k}" for k in range(number)]
    for key in ("scenarios", "ranking", "per_unit"):
        ones = [row for row in content[key] if row.get("name", row.get("scenario")) == name]
        more = [dict(one, **{"name" if key == "scenarios" else "scenario": new, "rank": k + 9})
                for k, new in enumerate(names) for one in ones]
        content[key] = content[key] + more
    for k, one in enumerate(row for row in content["scenarios"] if not row["baseline"]):
        one |= {"title_en": f"{title} {k}", "title_zh": f"{title} {k}"}
    sizes = content["sample_size"]["scenarios"]
    content["sample_size"]["scenarios"] = sizes + [dict(sizes[0], scenario=new) for new in names]
    tables = {}
    for key in compared.tables:
        table = compared.tables[key]
        if "scenario" in table:
            mine = table[table["scenario"] == name]
            table = pd.concat([table, *(mine.assign(scenario=new) for new in names)], ignore_index=True)
        tables[key] = table
    return dataclasses.replace(compared, content=content, tables=tables)


def sheets(folder, compared, lang):
    manifest = comparison_folder.finished(folder)
    listed = {name: inputs.read((folder / "sources" / compared.baseline / "resolved.toml").read_text("utf-8"), lang)
              for name in [compared.baseline, *compared.names]}
    titles = {name: run_page.titles(one, lang) for name, one in listed.items()}
    brief = comparison_brief.sheet(folder, manifest, compared, listed, titles,
                                   comparison_page.heading(compared, lang), lang)
    return [[brief], list(jurisdiction_brief.sheets(folder, manifest, compared, lang))]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_brief_has_two_pages_and_a_jurisdiction_one(folder, compared, lang, tmp_path):
    crowd = many(compared, 40, "A name of two hundred letters " * 7)
    with browser.running() as chromium:
        for case, found in (("few", compared), ("crowd", crowd)):
            brief, jurisdictions = sheets(folder, found, lang)
            for kind, ones in (("brief", brief), ("jurisdictions", jurisdictions)):
                page = chromium.page(write._page(tmp_path / f"{case}-{kind}.html", ones, lang))
                printed = pypdf.PdfReader(io.BytesIO(page.pdf()))
                assert len(printed.pages) == (2 if kind == "brief" else len(jurisdictions)), (case, kind)
                assert page.complaints() == []


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_a_page_of_forty_scenarios_with_long_names_is_drawn(folder, compared, lang, monkeypatch):
    crowd, kept = many(compared, 40, "A name of two hundred letters " * 7), comparison_page.kept
    monkeypatch.setattr(comparison_page, "kept", lambda folder, manifest, name, *file: kept(
        folder, manifest, name.partition("-")[0], *file))
    content = comparison_page.content(folder, comparison_folder.finished(folder), crowd, lang)
    said = render.render("comparison.html", lang, content)
    assert len(said) < 3e6
    assert max(len(table.head) for table in content["tables"] if table.rows) < 45


def test_the_command_writes_every_kind_of_file(folder, monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda name: None)             # printing has a test of its own
    said = runs.sim("report", folder, "--brief", "--lang", "both")
    assert said.exit_code == 0, said.output
    names = {path.rsplit("/", 1)[-1] for path in said.stdout.split()}
    wanted = {f"{name}.{lang}.{kind}" for name in ("brief", "jurisdictions") for lang in LANGUAGES
              for kind in ("html", "docx")} | {f"tables.{lang}.xlsx" for lang in LANGUAGES}
    assert wanted <= names
    told = {paragraph.text for paragraph in docx.Document(folder / "brief" / "brief.en.docx").paragraphs}
    assert {"How sure", "What was assumed"} <= told
    assert "次配对模拟" in openpyxl.load_workbook(folder / "brief" / "tables.zh.xlsx").worksheets[-1]["A2"].value


def test_a_document_says_its_language_its_title_its_headings_and_what_its_pictures_show(folder, compared, tmp_path):
    made = docx.Document(document.write(tmp_path / "a.docx", [brief := sheets(folder, compared, "zh")[0][0]], "zh"))
    assert (made.core_properties.title, made.core_properties.language) == (brief.title, "zh-CN")
    assert made.styles.element.xpath("./w:docDefaults//w:lang/@w:eastAsia") == ["zh-CN"]
    levels = [int(found[0]) for each in made.paragraphs if (found := each._p.xpath("./w:pPr/w:outlineLvl/@w:val"))]
    assert levels[0] == 0 and set(levels[1:]) == {1}
    figures = [each._inline.docPr.get("descr") for each in made.inline_shapes]
    assert figures == [block.figure_alt for page in brief.pages for block in page if block.figure] and all(figures)


def test_without_the_extra_the_rest_is_written_and_the_extra_is_named(folder, monkeypatch):
    for name in ("document", "workbook"):
        monkeypatch.delitem(sys.modules, f"sim.report.brief.{name}", raising=False)
        monkeypatch.delattr(f"sim.report.brief.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "docx", None)
    found = write.write(folder, ["en"])
    assert any(path.name == "brief.en.html" for path in found.paths)
    assert not any(path.suffix in (".docx", ".xlsx") for path in found.paths)
    assert any("[office]" in text for text in found.missing)


def test_the_doubt_of_a_jurisdiction_is_about_its_own_effect(folder, compared):
    manifest = comparison_folder.finished(folder)
    made = list(jurisdiction_brief.sheets(folder, manifest, compared, "en"))
    assert len(made) > 1
    for one in made:
        place = one.name.removeprefix("brief-").removesuffix(".en")
        row = compared.effects("jurisdiction", scenario=compared.names[0], place=place).iloc[0]
        said = next(block for block in one.pages[0] if block.heading == word("how_sure", "en")).sentences[0]
        assert f"between {gain(row['p05'])} and {gain(row['p95'])}" in said


@pytest.fixture(scope="module")
def chinese(folder):
    """The folder with its Chinese briefs, none of them printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper.shutil, "which", lambda name: None)
        write.write(folder, ("zh",))
    return folder


@pytest.mark.parametrize("name", ["brief.zh.html", "jurisdictions.zh.html"])
def test_a_chinese_brief_has_no_english_sentence(name, chinese):
    said = pages.words_of((chinese / "brief" / name).read_text("utf-8"), without=pages.EVIL.values())
    assert pages.english_in(said) == [] and len(said) > 50


def test_without_a_browser_there_is_html_and_a_sentence(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(paper.shutil, "which", lambda name: None)
    paths, said = paper.printed([tmp_path / "x.html"])
    assert paths == [] and len(said) == 1 and "no PDF" in said[0]


def test_a_browser_that_cannot_print_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(paper.shutil, "which", lambda name: "/bin/false")
    paths, said = paper.printed([tmp_path / "x.html"])
    assert paths == [] and "could not print" in said[0]


def test_a_run_has_no_brief(evil_folders):
    with pytest.raises(InputError, match="a brief is of a comparison"):
        write.write(evil_folders["run"], ["en"])


def test_numbers_of_the_workbook_are_those_of_the_tables(compared, tmp_path):
    tables = comparison_tables.all_of(compared, "en")
    workbook.write(tmp_path / "tables.xlsx", tables)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert len(book.sheetnames) == len(tables)
    for table, name in zip(tables, book.sheetnames, strict=True):
        rows = list(book[name].iter_rows(min_row=4, values_only=True))
        assert len(rows) == len(table.rows)
        for shown, row in zip(rows, table.rows, strict=True):
            for value, text in zip(shown, row, strict=True):
                if render.is_number(str(text)):
                    number = float(str(text).replace("−", "-").replace(",", "").rstrip("%"))
                    assert value == pytest.approx(number / (100 if str(text).endswith("%") else 1))


def test_columns_of_the_workbook_stand_as_their_cells_do_and_are_as_wide(tmp_path):
    """A Chinese sign is as wide as two letters; a dash says nothing of its column."""
    rows = [["示范区合计示范区", "comprehensive headquarters", "–", "+1.5"], ["嘉善", "regional", "0.25", "–"]]
    workbook.write(tmp_path / "two.xlsx", [Table("two", ["情景", "group", "s.e.", "effect"], rows)])
    sheet = openpyxl.load_workbook(tmp_path / "two.xlsx").worksheets[0]
    assert [cell.alignment.horizontal for cell in sheet[4]] == ["left", "left", "right", "right"]
    assert [sheet.column_dimensions[name].width for name in "ABCD"] == [18, 28, 12, 12]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B4", "A3:D5", "$3:$3")


def test_a_standard_error_has_no_sign(compared):
    table = comparison_tables.welfare(compared, "en")
    assert [row[3] for row in table.rows if row[3][:1] in "+−"] == []
    assert any(row[2].startswith("+") for row in table.rows)


def test_no_text_of_the_workbook_is_a_formula(tmp_path):
    evil = pages.EVIL["formula"].replace('\\"', '"')
    workbook.write(tmp_path / "evil.xlsx", [Table("a/b*?:[c]" * 9, ["x", "y"], [[evil, "=1+1"]])])
    sheet = openpyxl.load_workbook(tmp_path / "evil.xlsx").worksheets[0]
    assert [cell.data_type for cell in sheet[4]] == ["s", "s"]


def test_the_brief_names_the_command_that_makes_it_again(folder, compared):
    key = json.loads((folder / "manifest.json").read_text("utf-8"))["key"]
    assert key[:12] in sheets(folder, compared, "en")[0][0].foot


@pytest.mark.parametrize("lang", LANGUAGES)
def test_policies_that_the_baseline_has_too_are_told_last_and_as_such(compared, lang):
    each = copy.deepcopy(compared.about(compared.names[0]))
    first = each["policies"][0]
    old = dict(first, name="old", title_en="Old plant", title_zh="老厂", start="2015-01-01")
    each["policies"].insert(0, old)
    each["differences"].append({"key": "policies.old.suppliers", "baseline": "0.0", "here": "4.0"})
    said = comparison_page.scenario_facts(compared, each, lang)[1]
    told = "in the baseline too" if lang == "en" else "基准情景亦有"
    assert said.index(first[f"title_{lang}"]) < said.index(old[f"title_{lang}"]) < said.index(told)


def test_a_list_of_policies_that_is_cut_says_how_many_there_are(compared):
    content, name = copy.deepcopy(compared.content), compared.names[0]
    each = next(one for one in content["scenarios"] if one["name"] == name)
    each["policies"] = [dict(each["policies"][0], title_en=f"Policy number {k}") for k in range(30)]
    said = comparison_brief._fact(dataclasses.replace(compared, content=content), name, "en")
    assert len(said) < 260 and said.endswith("… (30 policies in all)")


def test_a_brief_names_its_workbook(folder, compared):
    assert "tables.zh.xlsx" in sheets(folder, compared, "zh")[0][0].foot


def test_a_document_ends_its_sentences_and_explains_what_is_grey(folder, compared, tmp_path):
    brief, = sheets(folder, compared, "en")[0]
    paragraphs = [one.text for one in docx.Document(document.write(tmp_path / "b.docx", [brief], "en")).paragraphs]
    blocks = [block for page in brief.pages for block in page]
    assert {f"{printable(text)}." for block in blocks for text in block.sentences} <= set(paragraphs)
    grey = [table.title for block in blocks for table in block.tables if table.has_faint]
    assert grey and {title + word("faint_is", "en") for title in grey} <= set(paragraphs)


def test_on_a_telephone_nothing_of_a_brief_lies_over_something_else(folder, compared, tmp_path):
    brief, = sheets(folder, compared, "zh")[0]
    drawn = pathlib.Path(__file__).parents[2] / "docs" / "images" / "ranked.zh.png"
    first = [dataclasses.replace(block, figure=drawn) for block in brief.pages[0]]
    path = write._page(tmp_path / "brief.html", [dataclasses.replace(brief, pages=[first, *brief.pages[1:]])], "zh")
    with browser.running() as found:
        page = found.page(path, width=390, height=844)
        assert page.ask("document.images.length") == len(first)
        sheets_of = "[...document.querySelectorAll('.sheet')]"
        assert page.ask(f"{sheets_of}.every(one => one.scrollHeight <= one.clientHeight + 1)")
        assert page.ask("document.documentElement.scrollWidth") <= 390
