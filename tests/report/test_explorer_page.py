"""The explorer's saved page in a real headless Chromium, from file://, with every other host unresolvable."""

import json
import re
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.base.messages import LANGUAGES
from sim.experiments.explorer import design, opening
from sim.report.explorer import packing, page
from sim.report.explorer.ground import ground
from sim.report.words import unit
from sim.results import from_outcomes
from tests.samples import explored
from tests.samples.runs import ROOT


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request, chromium, made, pages_folder):
    """(page in the browser, its file, its language)."""
    path = explored.page_of(made, pages_folder, request.param)
    found = chromium.page(path)
    found.until("window.explorer && explorer.answer")
    return found, path, request.param


def names(found, role):
    """Names of the elements of a role in the accessibility tree."""
    found.call("Accessibility.enable")
    nodes = found.call("Accessibility.getFullAXTree")["nodes"]
    return [node.get("name", {}).get("value", "") for node in nodes
            if node.get("role", {}).get("value") == role and not node.get("ignored")]


# -- numbers --------------------------------------------------------------------------------------------

@given(arrays.arrays(float, (2, 3, 4), elements=st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))))
def test_what_is_packed_comes_back_within_half_a_step(values):
    block = packing.packed(values, 0.05)
    found = explored.unpacked(block)
    steps = np.array(block["steps"]).reshape(1, -1, 1)
    assert np.array_equal(np.isnan(found), np.isnan(values))
    assert (np.nan_to_num(abs(found - values)) <= steps / 2 * (1 + 1e-9)).all()


def test_the_page_shows_what_was_simulated_and_interpolates_as_the_design_does(fresh, made):
    controls = made.opened.controls
    values = np.array([one.cells["headquarters"][:3, :, 0] for one in made.samples])
    for point in [*design.grid(controls)[:3], {controls[0].name: 6.5, controls[1].name: controls[1].low + 1}]:
        fresh.ask(f"explorer.state.values = {json.dumps(point)}; explorer.ask()")
        told = fresh.ask("['base', 'mean', 'se'].map(one => "
                         "[...explorer.answer.series('headquarters', 'zone||', one)])")
        told = np.array(told, float)                                  # the browser says nothing (null) of what is nan
        assert told == pytest.approx(design.interpolated(controls, values, point), abs=0.026, nan_ok=True)


def test_a_table_says_what_its_figure_shows(fresh, made):
    fresh.ask("document.querySelector('#figure-paths details').open = true; explorer.redraw()")
    fresh.until("document.querySelector('#figure-paths tbody tr')")
    row = fresh.ask("[...document.querySelectorAll('#figure-paths tbody tr:last-child td')]"
                    ".map(one => one.textContent)")
    mean = fresh.ask("explorer.answer.at('headquarters', 'zone||', 'mean', explorer.years().length - 1)")
    assert float(row[2].replace("−", "-")) == pytest.approx(mean, abs=0.051)


# -- silence and care -----------------------------------------------------------------------------------

def test_a_page_is_silent_and_asks_for_nothing_but_itself(opened):
    found, path, _lang = opened
    assert found.complaints() == []
    assert found.requests() == [path.resolve().as_uri()]


def test_every_control_and_button_has_a_name(opened):
    found, _path, _lang = opened
    assert len(names(found, "slider")) == 3                            # rate, start, year
    for role in ("slider", "button", "combobox", "checkbox", "radio", "spinbutton"):
        assert all(names(found, role)), role


def test_a_slider_tells_the_unit_of_its_numbers_where_they_have_one(opened):
    found, _path, lang = opened
    told = found.ask("[...document.querySelectorAll('#controls .range')].map(one => one.textContent.split(' · '))")
    assert [said[1:] for said in told] == [[unit("percentage point", lang)], []]              # the rate, the start


def test_a_path_says_what_it_counts_and_where(opened):
    found, _path, lang = opened
    told = found.ask("[...document.querySelectorAll('.counted')].map(one => one.textContent)")
    caption = found.ask("FIGURES.find(one => one.id === 'paths').table(explorer).caption")
    assert told == [caption] * 2 and page.word("headquarters", lang) in caption


def test_the_page_speaks_one_language_at_a_time(opened):
    found, _path, lang = opened
    shown = found.ask("document.body.innerText")
    wanted = page.word("paths", lang)
    assert wanted in shown
    found.ask("document.getElementById('language').click()")
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    assert page.word("paths", other) in found.ask("document.body.innerText")
    assert found.ask("document.documentElement.lang") == {"en": "en", "zh": "zh-Hans"}[other]
    found.ask("document.getElementById('language').click()")


def test_no_blank_is_left_unfilled(opened):
    found, _path, _lang = opened
    assert re.findall(r"\{\w+\}", found.ask("document.body.innerText")) == []


def test_every_word_is_used_and_every_blank_is_given():
    script = "".join((page.FRONT / f"{name}.js").read_text("utf-8") for name in page.SCRIPTS)
    for key, text in page.word.texts.items():
        key = key.removesuffix("_ringless")                # taken for it in regions without rings
        ending = key.split("_")[-1]
        used = f'"{key}"' in script or key in ("old_browser", "comparison_of") or any(
            part in script for part in (f"{key.split('_')[0]}_${{", f"}}_{ending}`"))
        assert used or f"words[words.lang].{key}" in script or f".{key}" in script, key
        assert all(name.isidentifier() for _t, name, *_rest in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(opened, width):
    found, _path, _lang = opened
    found.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    found.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert found.ask("document.documentElement.scrollWidth <= innerWidth")
    wide = ("[...document.querySelectorAll('#figures svg')]"
            ".filter(one => one.getBoundingClientRect().right > innerWidth + 1).length")
    assert found.ask(wide) == 0
    found.call("Emulation.setDeviceMetricsOverride", width=1100, height=1400, deviceScaleFactor=1, mobile=False)


# -- what one does --------------------------------------------------------------------------------------

def test_districts_of_the_map_know_their_jurisdiction():
    opened = opening.asked([str(ROOT / "scenarios/shanghai-ftz.toml")]).opened[0]
    found = ground(from_outcomes.without_outcomes(opened.region, opened.scenario))["districts"]
    assert {jurisdiction for jurisdiction, points in found if len(points) > 3} == {"qingpu", "wujiang", "jiashan"}
