"""Pages in a real headless Chromium: silent, without a request, nothing cut, and well printed."""

import io
import re

import pypdf
import pytest

from sim.base.messages import LANGUAGES
from sim.report import render
from sim.report.words import word

OWNED = "document.title='owned'"
PAPER = {"width": 703, "height": 1010}        # A4 less its margins in CSS pixels
MOST_PAGES = 25


QUICK = (("run", "zh"), ("comparison", "en"))      # pages whose tests are not slow
OPENED = [pytest.param((kind, lang), id=f"{kind}-{lang}", marks=() if (kind, lang) in QUICK else pytest.mark.slow)
          for kind in ("run", "comparison") for lang in LANGUAGES]


@pytest.fixture(scope="module", params=OPENED)
def opened(request, chromium, evil_folders):
    """(page in the browser, its file, its language)."""
    kind, lang = request.param
    path = evil_folders[kind] / render.NAMES[lang]
    return chromium.page(path), path, lang


def test_a_page_is_silent_and_asks_for_nothing_but_itself(opened):
    page, path, _ = opened
    assert page.complaints() == []
    assert page.requests() == [path.resolve().as_uri()]


def test_what_a_scenario_says_does_nothing(opened):
    page, path, lang = opened
    assert page.ask("document.title") != "owned"
    assert page.ask("document.querySelectorAll('script, iframe, object, form, link, base').length") == 0
    assert page.ask("document.querySelectorAll('[onload], [onerror], [onclick], [style]').length") == 0
    assert page.ask("[...new Set([...document.links].map(a => a.protocol))].join()") == "file:"
    shown = page.ask("document.documentElement.outerHTML.includes(\"owned\")")
    assert shown                                             # it was there to act


def test_every_figure_is_drawn_and_the_chinese_font_is_there(opened):
    page, path, lang = opened
    assert page.ask("[...document.images].every(one => one.complete && one.naturalWidth > 100)")
    assert page.ask("document.images.length") == 2
    if lang == "zh":
        assert page.ask("[...document.fonts].map(one => one.family + one.status).join()") \
            == "Sim Chineseloaded,Sim Chineseloaded"                   # two weights


def test_nothing_is_wider_than_a_screen_or_than_paper(opened):
    page, _, _ = opened
    wide = ("[...document.querySelectorAll('main *')]"
            ".filter(one => one.getBoundingClientRect().right > {}).map(one => one.outerHTML)")
    assert page.ask("document.documentElement.scrollWidth <= innerWidth")
    page.call("Emulation.setEmulatedMedia", media="print")
    page.call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, mobile=False, **PAPER)
    try:
        assert page.ask(wide.format(PAPER["width"] + 1)) == []
        assert page.ask("document.querySelector('details tbody').getBoundingClientRect().height") > 100
    finally:
        page.call("Emulation.setEmulatedMedia", media="")
        page.call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, mobile=False, width=1100,
                  height=1400)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_first_screen_holds_the_answer_and_nothing_scrolls_sideways(opened, width, height):
    page, _, _ = opened
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 400)
    try:
        assert page.ask("document.documentElement.scrollWidth") <= width
        assert page.ask("document.querySelector('header').getBoundingClientRect().bottom + scrollY") <= height
    finally:
        page.call("Emulation.setDeviceMetricsOverride", deviceScaleFactor=1, mobile=False, width=1100, height=1400)


def test_every_control_and_every_figure_has_a_name(opened):
    page, _, _ = opened
    page.call("Accessibility.enable")
    named = {"link", "image", "figure", "region", "navigation", "DisclosureTriangle", "button", "columnheader",
             "rowheader"}
    nodes = [node for node in page.call("Accessibility.getFullAXTree")["nodes"]
             if not node["ignored"] and node["role"]["value"] in named]
    assert {node["role"]["value"] for node in nodes} >= {"link", "image", "figure", "region", "navigation"}
    assert [node["role"]["value"] for node in nodes if not node.get("name", {}).get("value", "").strip()] == []


def test_a_figure_opens_large_and_closes(opened):
    page, _, _ = opened
    before = page.ask("document.querySelector('.plate img').getBoundingClientRect().width")
    page.ask("location.hash = document.querySelector('.plate').id")
    assert page.ask("document.querySelector('.plate img').getBoundingClientRect().width") > before
    assert page.ask("getComputedStyle(document.querySelector('.plate .close')).display") != "none"
    page.ask("location.hash = ''")
    assert page.ask("document.querySelector('.plate img').getBoundingClientRect().width") == before


def test_a_page_prints_whole(opened):
    page, path, lang = opened
    printed = pypdf.PdfReader(io.BytesIO(page.pdf()))
    assert 3 <= len(printed.pages) <= MOST_PAGES
    text = re.sub(r"\s", "", "".join(one.extract_text() for one in printed.pages))
    for key in ("evidence", "provenance", "tables"):
        assert re.sub(r"\s", "", word(key, lang)) in text
    assert "policies.own.exposure" in text or path.parent.name == "compared"   # inside the closed list
    assert "peers.decay" in text
    assert "cluster-formation-simulator" in text             # the last line
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


def test_the_browser_would_tell_of_a_script_and_of_a_request(evil_folders, chromium, tmp_path):
    text = (evil_folders["run"] / "report.html").read_text("utf-8")
    harmed = text.replace("<main>", f"<main><script>{OWNED}</script><img src='https://x.invalid/a.png'>"
                          f"<p style='color:red' onclick=\"{OWNED}\">")
    (tmp_path / "harmed.html").write_text(harmed, "utf-8")
    page = chromium.page(tmp_path / "harmed.html")
    assert len(page.complaints()) >= 3                       # the policy refuses all, and says so
    assert page.ask("document.title") != "owned"
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", harmed)
    (tmp_path / "open.html").write_text(without, "utf-8")
    page = chromium.page(tmp_path / "open.html")
    assert page.ask("document.title") == "owned"             # only the policy stood between
    assert "https://x.invalid/a.png" in page.requests()
