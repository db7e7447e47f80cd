"""Pages of runs and comparisons are complete in both languages."""

import re

import pytest

from sim import policies
from sim.base import files
from sim.config.parameters import rows
from sim.experiments.compare import plausibility
from sim.report import fonts, inputs, render, run_page
from sim.report.words import word
from sim.scenario import schema, source_words
from tests.samples import pages
from tests.samples.pages import page

TEMPLATES = sorted(render.TEMPLATES.glob("*.html"))


# -- two languages ------------------------------------------------------------------------------------

def test_templates_hold_no_words_of_their_own():
    for path in TEMPLATES:
        text = re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r">[^<>]*[A-Za-z\u4e00-\u9fff]{2,}[^<>]*<", text) == [], path.name


def test_every_word_that_a_template_asks_for_exists():
    asked = {key for path in TEMPLATES for key in re.findall(r'\bt\("(\w+)"', path.read_text("utf-8"))}
    assert [key for key in asked if key not in word] == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "<body>" in path.read_text("utf-8")], ids=str)
def test_what_a_page_says_is_in_its_one_main_part(path):
    text = path.read_text("utf-8")
    assert text.count("<main>") == text.count("</main>") == 1


def test_regions_of_a_page_have_names_that_tell_them_apart(folder):
    named = re.findall(r'<div class="wide" role="region" tabindex="0" aria-label="([^"]*)"', page(folder))
    assert "" not in named and len(named) == len(set(named)) > 5


def test_headings_of_the_chinese_page_are_chinese(folder):
    for heading in re.findall(r"<h[23]>(.*?)</h[23]>", page(folder, "zh"), re.DOTALL):
        assert fonts.CHINESE.search(heading), heading


def test_a_chinese_page_has_no_english_but_citations_names_and_code(folder):
    left, english = (pages.words_of(page(folder, lang), without=pages.EVIL.values()) for lang in ("zh", "en"))
    assert pages.english_in(left) == []
    assert len(pages.english_in(english)) > 50                                                 # it can be found


def test_of_texts_in_two_languages_a_page_lists_the_readers_own():
    listed = [inputs.Input(key, value, "text", "choice", "the user", "choice") for key, value in (
        ("title", '"Base"'), ("title_zh", '"基准"'), ("description", '"English only"'), ("policies.a.title", '"A"'))]
    assert [one.key for one in inputs.told(listed, "zh")] == ["title_zh", "description", "policies.a.title"]
    assert [one.key for one in inputs.told(listed, "en")] == ["title", "description", "policies.a.title"]


def test_every_source_of_a_parameter_is_told_in_chinese_but_for_its_citations():
    listed = [*rows(schema.build()), *(row for entry in policies.registry.entries() for row in rows(entry.schema))]
    texts = {row.source for row in listed} | set(plausibility.SOURCES.values())
    foreign = {text for text in texts if text and not pages.CITED.fullmatch(text)}
    told = {text: source_words.source(text, "zh") for text in foreign}
    assert [text for text, zh in told.items() if not fonts.CHINESE.search(zh)] == [], "give it a source_zh"


@pytest.mark.parametrize("one", policies.registry.entries(), ids=policies.registry.names())
def test_every_instrument_has_a_title_in_both_languages(one):
    assert re.search("[A-Z]", one.title)
    assert fonts.CHINESE.search(one.title_zh)


def test_a_warning_of_an_earlier_version_stays_as_the_program_gave_it(run_folder, tmp_path):
    """0.2.0 kept warnings as lines of English, under "honesty"."""
    manifest = files.read_manifest(run_folder)
    old = {**manifest, "warnings": ["x.toml:1:1: key: a wonder, rejoice"], "honesty": manifest.pop("evidence")}
    files.write_json(tmp_path / "manifest.json", old)
    for lang in ("en", "zh"):
        panel = run_page.evidence(files.read_manifest(tmp_path), [], lang)
        assert panel["warnings"][-1] == "x.toml:1:1: key: a wonder, rejoice"


def test_the_chinese_characters_of_a_page_come_with_it():
    assert fonts.face("plain text, no Chinese: é ß") == ""
    rule = fonts.face("总部")
    assert rule == fonts.face("部总部")
    assert len(fonts.face("总部企业")) > len(rule) > 500
    both = fonts.face("<h2>总部</h2>")
    assert both.startswith(rule) and both.count("font-weight:700") == 1 and rule.count("font-weight:700") == 0


# -- the command --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("date", "lang"), [
    (r">\d{4} 年(末|第 \d 季度末)</th>", "zh"), (r">end of (Q\d )?\d{4}</th>", "en")])
def test_dates_of_tables_are_words(run_folder, date, lang):
    page = (run_folder / render.NAMES[lang]).read_text("utf-8")
    assert re.search(date, page) and not re.search(r"\d-Q\d</t", page)
