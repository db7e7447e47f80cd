"""A page of the live explorer, in a real headless Chromium."""

import pathlib
import shlex
import subprocess
import sys
import time

import pandas as pd
import pytest

from sim.experiments.explorer import live
from sim.report.explorer import serving
from tests.samples import browser, runs
from tests.samples.served import WAIT, ask, events

DONE = ("explorer.answer && explorer.answer.kind === 'simulated' && explorer.answer.members === 4"
        " && explorer.answer.number === explorer.live.number")


# -- the page -------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def opened(server):
    with browser.running() as chromium:
        found = chromium.page(server.address)
        found.until(f"window.explorer && {DONE}")
        yield found


def test_the_live_page_is_silent_and_asks_this_machine_alone(opened, server):
    assert opened.complaints() == []
    assert {each.split("/")[2] for each in opened.requests()} == {server.host}
    assert "token" not in opened.ask("location.href")


def test_a_drag_brings_another_answer_and_the_interval_narrows(opened):
    opened.ask("explorer.set('policies.tax.rate', 24)")
    opened.until(f"explorer.live.number > 1 && {DONE}")
    assert "4 paired replicates" in opened.ask("document.getElementById('status').textContent")


def test_the_file_and_the_command_make_the_numbers_of_the_page(opened, asked, monkeypatch):
    folder = pathlib.Path(asked.opened[0].scenario.path).parent
    number = opened.ask("explorer.set('policies.tax.rate', 21); explorer.set('choice.dissimilarity', 0.55);"
                        "explorer.live.number")
    opened.until(f"explorer.live.number > {number} && {DONE}")
    measures = {"headquarters": 0.026, "enterprises": 0.051}           # half a step of the page, and of a table
    shown = {measure: opened.ask(f"['base', 'mean', 'se'].map(statistic => "
                                 f"[...explorer.answer.series('{measure}', 'zone||', statistic)])")
             for measure in measures}
    file, command = opened.ask("[scenarioFile(explorer), command(explorer)]")
    (folder / "explored.toml").write_text(file, encoding="utf-8")
    monkeypatch.chdir(folder)
    said = runs.sim(*shlex.split(command)[1:], "--jobs", "1", "-q", "--no-figures", "--out", "compared")
    assert said.exit_code == 0, said.stderr
    table = pd.read_csv(folder / "compared" / "effects.csv")
    for measure, half in measures.items():
        rows = table[(table["measure"] == measure) & (table["level"] == "zone") & table["quarter"].str.endswith("Q4")]
        for told, column in zip(shown[measure], ("baseline", "mean", "se")):
            assert told[-len(rows):] == pytest.approx(rows[column].to_list(), abs=half)
    assert any(shown["enterprises"][1])


def test_the_live_map_plays_through_the_quarters(opened):
    opened.ask("explorer.view('year', 0); explorer.forward()")
    second = opened.ask("explorer.answer.quarters('headquarters')[1]")
    assert opened.ask("[explorer.state.year, explorer.quarter, document.getElementById('year-out').textContent]") == [
        0, 1, f"{second[:4]} {second[5:]}"]
    opened.ask("explorer.forward(); explorer.forward(); explorer.forward()")
    assert opened.ask("[explorer.state.year, explorer.quarter]") == [1, None]


def test_the_live_page_has_towns_by_industry(opened):
    opened.ask("explorer.state.industry = Object.keys(explorer.content.names.industry)[0];"
               "explorer.choose('site:' + explorer.content.map.places[0].id)")
    assert opened.ask("explorer.state.industry && explorer.state.place.startsWith('site:') && !explorer.lacks()")
    opened.ask("explorer.choose(explorer.state.place); explorer.view('industry', '')")


def test_the_opened_combination_is_begun_before_a_page_asks(asked):
    with serving.serving(asked, "en", replicates=4) as found:
        kept = found.session._kept[0]
        until = time.monotonic() + WAIT
        while len(kept.lacking({one.name: one.value for one in asked.opened[0].controls}, 4)) > 1:
            assert time.monotonic() < until, "nothing was simulated"
            time.sleep(0.05)
        assert not found.session._questions


def test_what_was_begun_before_the_page_asks_is_not_simulated_twice(asked, monkeypatch):
    made, simulate = [], live.Kept.simulate

    def counted(kept, values, chunk, stop):
        simulate(kept, values, chunk, stop)
        made.extend(chunk if all(values[one.name] == one.value for one in kept.opened.controls) else ())

    monkeypatch.setattr(live.Kept, "simulate", counted)
    with serving.serving(asked, "en", replicates=4, jobs=2) as found:
        said = ask(found)
        done = [each["done"] for _kind, each in events(found, "one", 1)] if said["done"] < 4 else [4]
    assert done[-1] == 4 and sorted(made)[:4] == [0, 1, 2, 3] and len(set(made)) == len(made)


def test_more_replicates_are_made_when_asked_for(opened):
    opened.ask("document.getElementById('more').click()")
    opened.until("explorer.answer.members === 24")
    assert opened.ask("explorer.answer.members") == 24


@pytest.mark.parametrize(("rate", "patience", "asleep"), [(20.05, 300, "tried"), (20.8, 20, "away")],
                         ids=["a moment", "longer than a question is sent again"])
def test_a_laptop_that_slept_goes_on_by_itself(opened, rate, patience, asleep):
    away = dict(latency=0, downloadThroughput=-1, uploadThroughput=-1)
    opened.call("Network.emulateNetworkConditions", offline=True, **away)
    number = opened.ask(f"explorer.live.patience = {patience}; explorer.set('policies.tax.rate', {rate});"
                        "explorer.live.number")
    opened.until(f"explorer.live.number > {number}")
    opened.until(f"explorer.live.{asleep}")
    opened.call("Network.emulateNetworkConditions", offline=False, **away)
    opened.until(DONE)
    assert "4 paired replicates" in opened.ask("document.getElementById('status').textContent")


def test_a_server_that_is_gone_is_missed_in_words(asked):
    with browser.running() as chromium:
        with serving.serving(asked, "zh", replicates=2) as found:
            page = chromium.page(found.address)
            page.until("window.explorer && explorer.answer && explorer.answer.kind === 'simulated'")
        page.ask("explorer.live.patience = 20; explorer.set('policies.tax.rate', 3)")
        page.until("document.getElementById('status').textContent.includes('已结束')")
        assert "sim explore" in page.ask("document.getElementById('status').textContent")


def test_the_explorer_begins_without_the_libraries_of_figures():
    code = "from sim.experiments.explorer import opening; from sim.report.explorer import serving; import sys; " \
           "print([name for name in ('matplotlib', 'PIL') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
