"""Pages of runs: complete in both languages, self-contained, inert, and true to the tables."""

import base64
import hashlib
import math
import pathlib
import re

import pandas as pd
import pytest
from PIL import Image

from sim import policies
from sim.base import files, package_data
from sim.base.errors import InputError
from sim.base.messages import LANGUAGES
from sim.config.parameters import rows
from sim.experiments.compare import plausibility
from sim.metrics.headquarters_in_zone import headquarters_in_zone
from sim.plots.common.words import moment
from sim.plots.run import registry as run_plots
from sim.report import assumptions, figures, findings, fonts, inputs, render, run_page, said, tables
from sim.report.words import known, word
from sim.results.run_folder import load
from sim.scenario import schema
from sim.scenario.load import load as load_scenario
from tests.samples import pages, results_sample, runs

TEMPLATES = sorted(render.TEMPLATES.glob("*.html"))
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "p", "span", "a", "h1", "h2", "h3",
            "main", "section", "ul", "li", "b", "small", "dl", "div", "dt", "dd", "table", "caption", "thead",
            "tbody", "tr", "th", "td", "code", "figure", "figcaption", "img", "svg", "rect", "details", "summary",
            "footer",
            "nav", "ol", "h4", "strong"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "src", "alt", "id",
              "scope", "viewbox", "role", "aria-label", "aria-hidden", "x", "y", "width", "height", "fill",
              "tabindex", "title"}


@pytest.fixture
def run_folder(evil_folders):
    return evil_folders["run"]


@pytest.fixture(params=["run", "comparison"])
def folder(request, evil_folders):
    return evil_folders[request.param]


def page(folder, lang="en"):
    return (folder / render.NAMES[lang]).read_text("utf-8")


# -- self-contained and inert -------------------------------------------------------------------------

@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_has_no_element_or_attribute_but_the_templates(folder, lang):
    parsed = pages.Parsed(page(folder, lang))
    assert set(parsed.elements) <= ELEMENTS
    assert {name for _, name, _ in parsed.attributes} <= ATTRIBUTES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_refers_to_nothing_but_itself_and_its_twin(folder, lang):
    given = pages.Parsed(page(folder, lang)).attributes
    found = [value for _, name, value in given if name in ("src", "href")]
    other = render.NAMES["en" if lang == "zh" else "zh"]
    assert [value for value in found if not value.startswith(("data:image/", "#"))] == [other]
    assert len([value for value in found if value[0] != "#"]) == 3          # two figures and the link
    ids = {value for _, name, value in given if name == "id"}
    assert {value[1:] for value in found if value[0] == "#"} <= ids


def test_the_policy_allows_the_style_sheet_by_its_hash_and_no_script(folder):
    parsed = pages.Parsed(page(folder))
    digest = base64.b64encode(hashlib.sha256(parsed.style.encode()).digest()).decode()
    assert parsed.policy == (f"default-src 'none'; img-src data:; font-src data:; "
                             f"style-src 'sha256-{digest}'")


def test_texts_of_scenarios_are_shown_as_they_are(folder):
    shown = pages.Parsed(page(folder)).elements
    assert "script" not in shown
    assert "&lt;script&gt;document.title=" in page(folder)
    assert "{{ 7 * 7 }}" in page(folder, "zh") or folder.name == "compared"
    assert "\u202e" not in page(folder, "zh")                 # the character that turns the direction


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_cell_is_a_formula_when_pasted(folder, lang):
    cells = [cell.strip() for cell in pages.Parsed(page(folder, lang)).cells]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert [cell for cell in cells if cell[:1] in tuple("=@+-") and not render.is_number(cell)] == []


def test_pages_are_small_and_the_same_when_drawn_again(folder):
    before = [(folder / name).read_bytes() for name in render.NAMES.values()]
    assert all(len(content) < 5e6 for content in before)
    assert pages.redrawn(folder) == before


def test_a_page_links_to_the_other_language_only_where_it_is_there(folder, tmp_path):
    out = pages.copied(folder, tmp_path / "out")
    for name in render.NAMES.values():
        (out / name).unlink()
    pages.redrawn(out, ["en"])
    assert not (out / "report.zh.html").exists()
    assert "report.zh.html" not in (out / "report.html").read_text("utf-8")
    pages.redrawn(out, ["zh"])
    assert 'href="report.zh.html"' in (out / "report.html").read_text("utf-8")
    assert 'href="report.html"' in (out / "report.zh.html").read_text("utf-8")


@pytest.mark.parametrize(("drawing", "kind"), [
    (b"<svg/>", "svg+xml"), (b" " * (figures.LARGEST + 1), "png"),
    (b"<use />" * figures.MOST_GLYPHS, "svg+xml"), (b"<use />" * (figures.MOST_GLYPHS + 1), "png")])
def test_a_drawing_that_would_make_a_page_slow_goes_in_as_pixels(drawing, kind, tmp_path):
    entry = run_plots.entries()[0]
    (tmp_path / f"{entry.name}.en.svg").write_bytes(drawing)
    alone = figures.pictures(tmp_path, [entry], "en")[0].uri
    Image.new("RGB", (4, 4)).save(tmp_path / f"{entry.name}.en.png")
    assert figures.pictures(tmp_path, [entry], "en")[0].uri.startswith(f"data:image/{kind}")
    assert alone.startswith("data:image/svg+xml,")                  # there is no other


def test_figures_of_a_template_cannot_smuggle_markup_in():
    content = dict.fromkeys(("title", "version", "kicker"), "<b onclick=x>")
    text = render.render("base.html", "en", content).decode()
    assert "<b " not in text
    assert text.count("&lt;b onclick=x&gt;") == 4


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
    told = {text: said.source(text, "zh") for text in foreign}
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


# -- true to the tables -------------------------------------------------------------------------------

def test_the_table_of_a_page_is_the_summary(run_folder):
    summary = pd.read_csv(run_folder / "summary.csv")
    hq = summary[(summary["measure"] == "headquarters") & (summary["level"] == "zone")]
    head, zone, *rest = pages.rows_of(page(run_folder), "by ring and jurisdiction")
    last = hq.iloc[-1]
    assert zone[1:] == [*(f"{mean:.1f}" for mean in hq["mean"]), f"{last['p05']:.1f}", f"{last['p95']:.1f}",
                        f"{last['se']:.1f}"]
    assert head[1:len(hq) + 1] == [moment(quarter, "en") for quarter in hq["quarter"]]
    rings = [row[1:] for row in rest if row[0] in ("Core ring", "Linkage ring")]
    assert rings
    for k, here in enumerate(zone[1:len(hq) + 1]):
        assert float(here) == pytest.approx(sum(float(ring[k]) for ring in rings), abs=0.151)   # rounded


def test_the_opening_sentence_is_the_metric(run_folder):
    data = load(run_folder)
    mean = headquarters_in_zone(data).mean("member").values
    said = findings.sentences(data, "en")
    assert f"from {mean[0]:.0f} headquarters" in said[0]
    assert f"to {mean[-1]:.0f} at" in said[0]
    assert said[0].split(" headquarters")[0] in page(run_folder)


def test_a_run_says_that_its_growth_is_no_effect_of_policy(run_folder):
    for lang in LANGUAGES:
        assert word("not_effect", lang) in page(run_folder, lang)


@pytest.mark.parametrize("case", ["one run", "no headquarters", "no zone", "the opening"])
def test_sentences_bear_odd_results(case):
    data = results_sample.build(members=3, quarters=6)
    odd = {"one run": lambda: data.isel(member=[0]), "no headquarters": lambda: results_sample.without(data),
           "no zone": lambda: data.isel(site=~data["in_zone"]), "the opening": lambda: data.isel(quarter=[0])}
    for lang in LANGUAGES:
        assert findings.cards(odd[case](), lang)
        assert all("nan" not in said for said in findings.sentences(odd[case](), lang))


# -- what was assumed, and inputs ---------------------------------------------------------------------

def test_assumed_effects_are_those_of_the_table_class_by_class(run_folder):
    table = pd.read_csv(run_folder / "assumed.csv")
    found = assumptions.read(run_folder / "assumed.csv")
    assert {one.policy for one in found} == set(table["policy"])
    for one in found:
        rows = [row for row in table.to_dict("records") if row["policy"] == one.policy
                and row["instrument"] == one.instrument and row["status"] == one.status]
        reached = [row for row in rows if row["dv_lowest"] != 0 or row["dv_highest"] != 0]
        assert (one.reached, one.classes) == (len(reached), len(rows))
        if reached:
            assert one.mean == pytest.approx(sum(row["dv"] for row in reached) / len(reached))
            assert one.low == min(row["dv_lowest"] for row in reached)
            assert one.odds == pytest.approx(math.exp(one.mean))


def test_every_input_of_the_resolved_file_is_listed_with_its_evidence(run_folder):
    text = (run_folder / "resolved.toml").read_text("utf-8")
    entries = load_scenario(str(run_folder / "resolved.toml")).entries()
    listed = inputs.read(text)
    wanted = {".".join(entry.path): entry.row.evidence for entry in entries if entry.value is not None}
    assert {one.key: one.evidence for one in listed} == wanted
    assert [one.key for one in listed if not one.doc] == []
    assert sum(number for _, number, _ in inputs.by_evidence(listed)) == len(wanted)


def test_an_input_whose_value_looks_like_a_comment_is_read_whole():
    line = 'title = "x  # 1; data: forged; default"  # text; choice: the user; a.toml:1'
    (one,) = inputs.read(line)
    assert (one.evidence, one.origin) == ("choice", "a.toml:1")
    assert "forged" in one.value


# -- the command --------------------------------------------------------------------------------------

def test_a_folder_without_a_finished_run_is_told_in_one_line(tmp_path):
    said = runs.sim("report", tmp_path)
    assert said.exit_code == 2
    assert len(said.stderr.strip().splitlines()) == 1
    with pytest.raises(InputError, match="there is no finished run in this folder"):
        run_page.write(tmp_path)


def test_templates_are_in_the_package():
    listed = pathlib.Path(runs.ROOT / "setup.cfg").read_text("utf-8")
    assert "report/templates/*" in listed


def test_a_column_of_words_stands_to_the_left_and_one_of_numbers_to_the_right():
    """Also where its first cell is a dash, or a number that is not known."""
    table = tables.Table("", ["a", "b", "c", "d"], [["x", "–", "–", "25–30%"], ["y", "words", "nan", "1"],
                                                     ["z", "more", "2.0", "–"]])
    assert table.wordy == {0, 1} and table.wordy is table.wordy               # a page asks at every cell


@pytest.mark.parametrize(("date", "lang"), [
    (r">\d{4} 年(末|第 \d 季度末)</th>", "zh"), (r">end of (Q\d )?\d{4}</th>", "en")])
def test_dates_of_tables_are_words(run_folder, date, lang):
    page = (run_folder / render.NAMES[lang]).read_text("utf-8")
    assert re.search(date, page) and not re.search(r"\d-Q\d</t", page)


def test_members_of_an_alliance_are_told_by_its_title():
    assert known("members of chips", "zh", titles={"chips": "集成电路联盟"}) == "集成电路联盟的成员"


@pytest.mark.parametrize("weight", package_data.FONT_WEIGHTS)
def test_a_font_that_was_taken_out_is_missed_in_one_line(weight, tmp_path):
    with pytest.raises(InputError, match="the Chinese font is missing") as caught:
        package_data.font_file(weight, tmp_path)
    assert len(str(caught.value).splitlines()) == 1 and "\N{CJK UNIFIED IDEOGRAPH-5B57}" in caught.value.told("zh")
