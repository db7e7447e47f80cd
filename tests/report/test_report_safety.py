"""Pages of runs and comparisons are self-contained and inert."""

import base64
import hashlib
import pathlib

import pytest
from PIL import Image

from sim.base import package_data
from sim.base.errors import InputError
from sim.base.messages import LANGUAGES
from sim.plots.run import registry as run_plots
from sim.report import figures, render
from tests.samples import pages, runs
from tests.samples.pages import page

ELEMENTS = {"html", "head", "meta", "title", "style", "body", "header", "p", "span", "a", "h1", "h2", "h3",
            "main", "section", "ul", "li", "b", "small", "dl", "div", "dt", "dd", "table", "caption", "thead",
            "tbody", "tr", "th", "td", "code", "figure", "figcaption", "img", "svg", "rect", "details", "summary",
            "footer",
            "nav", "ol", "h4", "strong"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "src", "alt", "id",
              "scope", "viewbox", "role", "aria-label", "aria-hidden", "x", "y", "width", "height", "fill",
              "tabindex", "title"}


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


# -- the command --------------------------------------------------------------------------------------

def test_templates_are_in_the_package():
    listed = pathlib.Path(runs.ROOT / "setup.cfg").read_text("utf-8")
    assert "report/templates/*" in listed


@pytest.mark.parametrize("weight", package_data.FONT_WEIGHTS)
def test_a_font_that_was_taken_out_is_missed_in_one_line(weight, tmp_path):
    with pytest.raises(InputError, match="the Chinese font is missing") as caught:
        package_data.font_file(weight, tmp_path)
    assert len(str(caught.value).splitlines()) == 1 and "\N{CJK UNIFIED IDEOGRAPH-5B57}" in caught.value.told("zh")
