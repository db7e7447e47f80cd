"""What one does on the explorer's saved page, in a real headless Chromium."""

import json
import re

import numpy as np
import pytest

from sim.experiments.explorer import design, opening
from sim.report.explorer import page
from sim.scenario.load import load
from tests.samples import explored, pages


def press(found, key, code):
    for kind in ("keyDown", "keyUp"):
        found.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


# -- what one does --------------------------------------------------------------------------------------

def test_an_arrow_key_changes_the_number(fresh):
    slider = "document.querySelector('[data-control=\"policies.tax.rate\"]')"
    fresh.ask(f"explorer.state.values['policies.tax.rate'] = 0; explorer.build(); explorer.ask(); {slider}.focus()")
    before = fresh.ask("explorer.state.values['policies.tax.rate']")
    text = fresh.ask("document.getElementById('number').textContent")
    for _times in range(30):
        press(fresh, "ArrowRight", 39)
    assert fresh.ask("explorer.state.values['policies.tax.rate']") > before
    assert fresh.ask("document.getElementById('number').textContent") != text
    assert fresh.ask(f"document.activeElement === {slider}")


def test_a_place_is_chosen_by_the_keyboard_and_tells_its_story(fresh):
    fresh.ask("document.querySelector('[data-place=\"site:site-1\"]').focus()")
    press(fresh, "Enter", 13)
    fresh.until("explorer.state.place === 'site:site-1'")
    assert fresh.ask("document.getElementById('s-place').value") == "site:site-1"
    assert "without" in fresh.ask("document.getElementById('story').innerText")


def test_a_link_restores_the_view(fresh, chromium, made, pages_folder):
    fresh.ask("explorer.set('policies.tax.rate', 7.5); explorer.view('year', 2); "
              "explorer.view('measure', 'enterprises');"
              "explorer.choose('site:site-2'); explorer.view('map', 'level'); explorer.speak('zh')")
    link = fresh.ask("explorer.fragment()")
    again = chromium.page(explored.page_of(made, pages_folder))
    again.ask(f"location.hash = {json.dumps(link)}")
    again.until("window.explorer?.state.measure === 'enterprises'")
    assert again.ask("explorer.fragment()") == link
    assert again.ask("JSON.stringify(explorer.state)") == fresh.ask("JSON.stringify(explorer.state)")


def test_a_link_holds_though_an_answer_arrives_before_its_event(fresh):
    fresh.ask("location.hash = '#measure=enterprises'; explorer.remember()")
    fresh.until("window.explorer.state.measure === 'enterprises'")


@pytest.mark.parametrize("link", ["#policies.tax.rate=1e9", "#policies.tax.rate=%7B", "#place=site:nowhere",
                                  "#year=soon", "#policies.tax.start=8089.5", "#measure=__proto__&industry=toString"])
def test_a_link_that_does_not_fit_changes_nothing(fresh, link):
    before = fresh.ask("JSON.stringify(explorer.state)")
    fresh.ask(f"location.hash = {json.dumps(link)}; new Promise(done => setTimeout(done, 100))")
    assert fresh.ask("JSON.stringify(explorer.state)") == before
    assert fresh.events("Runtime.exceptionThrown") == []


def test_the_scenario_file_loads_and_says_what_was_changed(fresh, made):
    fresh.ask("explorer.set('policies.tax.rate', 7.5); explorer.set('policies.tax.start', 8090)")
    text = fresh.ask("scenarioFile(explorer)")
    path = made.opened.scenario.path.replace("cut.toml", "explored.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    found, wanted = load(path), made.opened.at({"policies.tax.rate": 7.5, "policies.tax.start": 8090})
    assert found.values.policies == wanted.values.policies
    assert [line for line in text.splitlines() if "=" in line][3:] == ["rate = 7.5", "start = 2022-07-01"]
    assert fresh.ask("command(explorer)") == (f"sim compare {made.opened.baseline.path} {path} --replicates 3")


def test_a_number_out_of_range_is_told_at_its_field_and_not_used(fresh):
    fresh.ask("(() => { const field = document.getElementById('n-policies.tax.rate'); field.value = '99';"
              "field.dispatchEvent(new Event('change')); })()")
    assert "out of range" in fresh.ask("document.querySelector('.fault').textContent")
    assert fresh.ask("explorer.state.values['policies.tax.rate']") <= 20


def test_a_combination_that_was_not_simulated_is_said_to_be(chromium, made, pages_folder):
    found = chromium.page(explored.page_of(made, pages_folder, missing=(0,)))
    found.until("window.explorer")
    first = design.grid(made.opened.controls)[0]
    found.ask(f"explorer.state.values = {json.dumps(first)}; explorer.ask()")
    assert page.word("outside_design", "en") in found.ask("document.getElementById('answer').innerText")
    assert found.ask("document.body.classList.contains('outside')")
    explored.page_of(made, pages_folder)


def test_money_has_three_figures_at_most_before_its_unit(chromium, made, pages_folder):
    found = chromium.page(explored.page_of(made, pages_folder, "zh"))
    found.until("window.explorer && explorer.answer")
    amounts = "[[345.32, 3.87], [12.34, 0.2], [0.5, 0.01], [0.5, 100.2]]"
    assert found.ask(f"{amounts}.map(one => explorer.words.digitsOfMoney(...one)).join()") == "0,1,2,0"


def test_a_label_of_the_map_avoids_other_symbols_where_it_can(fresh):
    """Of two symbols side by side the left one has its name to the left, on no symbol; alone it has it to the right."""
    where = "placedLabels([{x: 200, r: 9}, {x: 225, r: 8}], one => ({...one, y: 100, words: 'abc'}), 400, 200)"
    at = f"{where}.map(one => Number(one.getAttribute('x')) < 200).join()"
    assert fresh.ask(at) == "true,false"
    assert fresh.ask(at.replace(", {x: 225, r: 8}", "")) == "false"


def test_an_old_browser_is_told_so(chromium, made, pages_folder):
    old = "delete window.DecompressionStream"
    found = chromium.page(explored.page_of(made, pages_folder), before=old)
    assert page.word("old_browser", "en") in found.ask("document.body.innerText")
    assert found.complaints() == []


def test_a_chinese_page_has_no_english_sentence(chromium, made, pages_folder):
    found = chromium.page(explored.page_of(made, pages_folder, "zh"))
    found.until("window.explorer && explorer.answer")
    found.ask("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    said = found.ask("""[...document.querySelectorAll('body *')].filter(one => !one.closest('code, pre, script, style'))
        .flatMap(one => [one.getAttribute('aria-label'), one.getAttribute('title'),
                         ...[...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data)])
        .filter(Boolean)""")
    assert pages.english_in(said) == [] and len(said) > 50
    assert [text for text in said if re.search("[\u4e00-\u9fff][:,] ", text)] == []


CELLS = ("(() => { const first = kind => Object.keys(explorer.content.names[kind])[0], found = {};"
         "  const inner = ['ring', 'jurisdiction'].map(kind => `${kind}:${first(kind)}`);"
         "  for (const place of ['zone', 'site:site-1', ...inner])"
         "    for (const industry of ['', first('industry')]) for (const hq_type of ['', first('hq_type')]) {"
         "      Object.assign(explorer.state, {place, industry, hq_type}); explorer.redraw();"
         "      found[place.split(':')[0] + (industry && '|industry') + (hq_type && '|type')] = explorer.lacks(); }"
         "  return found; })()")
LIVE_ONLY = {"site|industry", "site|type"}
CROSSED = {"zone|industry|type", "ring|industry", "ring|type", "ring|industry|type"}
NOWHERE = {"site|industry|type", "jurisdiction|industry", "jurisdiction|type", "jurisdiction|industry|type"}


def test_what_a_saved_page_lacks_is_live_only_and_what_no_run_records_is_not(fresh):
    lacks = fresh.ask(CELLS)
    assert {key for key, said in lacks.items() if said == page.word("not_saved", "en")} == LIVE_ONLY
    assert {key for key, said in lacks.items() if said and key not in LIVE_ONLY} == NOWHERE


def test_a_page_leaves_out_detail_rather_than_be_too_long_to_mail(chromium, made, pages_folder):
    asked = opening.Asked((made.opened.scenario.path,), (made.opened,))
    whole = page.saved(made, asked, "en")
    shorter = page.saved(made, asked, "en", most=len(whole) - 1)
    shortest = page.saved(made, asked, "en", most=1)
    assert len(whole) > len(shorter) > len(shortest)
    (pages_folder / "shortest.html").write_bytes(shortest)
    found = chromium.page(pages_folder / "shortest.html")
    found.until("window.explorer && explorer.answer")
    assert found.ask("explorer.answer.quarters('headquarters')") is None
    lacks = found.ask(CELLS)
    assert {key for key, said in lacks.items() if said == page.word("not_saved", "en")} == LIVE_ONLY | CROSSED


def test_a_saved_page_plays_through_the_quarters_of_any_combination(fresh, made):
    controls = made.opened.controls
    point = {controls[0].name: 6.5, controls[1].name: controls[1].low + 1}
    fresh.ask(f"explorer.state.values = {json.dumps(point)}; explorer.ask(); explorer.view('year', 0);"
              "explorer.forward()")
    axes = made.samples[0].here.axes
    assert fresh.ask("[explorer.state.year, explorer.quarter]") == [0, 1]
    assert fresh.ask("explorer.answer.quarters('headquarters')") == list(axes.quarters)
    wanted = design.interpolated(controls, np.array([one.quarterly for one in made.samples]), point)
    for statistic, values in zip(("base", "mean", "se"), wanted):
        told = fresh.ask(f"{json.dumps(axes.sites)}.map(site => explorer.answer.quarters('headquarters').map((_, k) => "
                         f"explorer.answer.ofQuarter(site, '{statistic}', k)))")
        assert np.array(told, float).T == pytest.approx(values, abs=0.026, nan_ok=True)


def test_pictures_are_files_that_stand_alone(fresh):
    for figure in ("map", "paths", "parts"):
        found = f"FIGURES.find(one => one.id === '{figure}')"
        picture = f"pictureOf(explorer, {found})"
        text = fresh.ask(f"svgText({picture})")
        assert text.startswith("<?xml") and 'xmlns="http://www.w3.org/2000/svg"' in text
        assert set(re.findall(r"https?://[^\"]*", text)) == {"http://www.w3.org/2000/svg"}
        for said in (page.word(figure, "en"), fresh.ask(f"{found}.table(explorer).caption")):
            assert said in fresh.ask(f"{picture}.textContent")
    assert fresh.ask(f"new Promise(done => pngOf({picture}, blob => done(blob.size)))") > 5000


def test_a_chinese_picture_brings_its_characters(fresh):
    fresh.ask("explorer.speak('zh')")
    text = fresh.ask("svgText(pictureOf(explorer, FIGURES.find(one => one.id === 'map')))")
    assert "@font-face" in text and page.word("map", "zh") in text
    fresh.ask("explorer.speak('en')")


def test_a_district_is_chosen_on_the_map_as_its_jurisdiction(fresh):
    fresh.ask("explorer.content.map.districts = [['west', [[-3, -3], [3, -3], [3, 3]]]]; explorer.redraw();"
              "explorer.content.names.jurisdiction.west ||= ['West', '西']; explorer.redraw();"
              "document.querySelector('[data-place=\"jurisdiction:west\"]').focus()")
    press(fresh, "Enter", 13)
    assert fresh.ask("explorer.state.place") == "jurisdiction:west"


def test_a_table_is_copied_as_a_spreadsheet_reads_it(fresh):
    text = fresh.ask("csvOf({head: ['a', 'b'], rows: [['=1+1', '−1,234.5'], ['x, y', '–']]})")
    assert text == "\ufeffa,b\r\n'=1+1,-1234.5\r\n\"x, y\",\r\n"


def test_years_play_and_stand_still_for_who_wants_less_motion(fresh):
    fresh.ask("explorer.view('year', 0); explorer.play()")
    fresh.until("explorer.state.year >= 2")
    fresh.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    fresh.ask("explorer.timer && explorer.stop(); explorer.view('year', 0); explorer.play()")
    assert fresh.ask("[explorer.state.year, explorer.timer]") == [1, None]
    fresh.call("Emulation.setEmulatedMedia", features=[])


def test_a_page_prints_with_its_tables(fresh):
    closed = "[...document.querySelectorAll('details[data-figure]')].filter(one => !one.open).length"
    before = fresh.ask(closed)
    fresh.ask("window.printed = []; addEventListener('afterprint', () => { printed = [...document.querySelectorAll("
              "'details[data-figure]')].map(one => one.querySelectorAll('tbody tr').length); }, true)")
    assert fresh.pdf()[:5] == b"%PDF-" and fresh.ask("Math.min(...printed)") > 0
    assert before > 0 and fresh.ask(closed) == before
    fresh.call("Emulation.setEmulatedMedia", media="print")
    fresh.call("Emulation.setDeviceMetricsOverride", width=688, height=1000, deviceScaleFactor=1, mobile=False)
    fresh.ask("dispatchEvent(new Event('beforeprint')); "
              "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert fresh.ask(closed) == 0 and fresh.ask("document.documentElement.scrollWidth") <= 688  # A4 less margins
    fresh.call("Emulation.setEmulatedMedia", media="")
