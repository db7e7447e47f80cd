"""The live explorer: who may ask, what is answered, and a page of it in a real headless Chromium."""

import contextlib
import http.client
import json
import pathlib
import shlex
import signal
import subprocess
import sys
import threading
import time
import webbrowser

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.experiments.explorer import live, opening
from sim.report.explorer import serving, session
from sim.report.explorer.packing import unpacked
from tests.samples import browser, explored, runs

DONE = ("explorer.answer && explorer.answer.kind === 'simulated' && explorer.answer.members === 4"
        " && explorer.answer.number === explorer.live.number")
WAIT = 60.0                    # seconds; the machine may be busy


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    return opening.asked([str(explored.files(folder)["cut"])])


@pytest.fixture(scope="module")
def server(asked):
    with serving.serving(asked, "en", replicates=4) as found:
        yield found


def request(server, method, path, body=None, **headers):
    """(status, headers, body) of a request; headers replace those of the page, None leaves one out."""
    usual = {"Host": server.host, "Cookie": f"{server.cookie}={server.token}", "Origin": f"http://{server.host}"}
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=WAIT)
    with contextlib.closing(connection):
        connection.putrequest(method, path, skip_host=True)
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        for name, value in usual.items():
            if value is not None:
                connection.putheader(name, value)
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def question(server, tab="one", number=1, **changed):
    """What a page asks for: the opened scenario, with some controls elsewhere."""
    controls = server.session.content(0)["controls"]
    values = {one["name"]: one["value"] for one in controls} | changed
    return {"tab": tab, "number": number, "values": values, "scenario": 0}


def ask(server, **given):
    status, _headers, body = request(server, "POST", "/ask", question(server, **given))
    assert status == 200
    return json.loads(body)


def events(server, tab, number):
    """[(kind, what is said)] of a stream, to its end."""
    _status, _headers, body = request(server, "GET", f"/answers?tab={tab}&number={number}")
    blocks = [dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
              for block in body.decode().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks if "event" in block]


# -- strangers ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("changed", [
    {"Host": "evil.example"}, {"Host": "localhost:1"}, {"Host": None}, {"Cookie": None}, {"Cookie": "sim-explore-1=x"},
    {"Cookie": '{bad="'}, {"Origin": "http://evil.example"}, {"Origin": "null"}], ids=str)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/ask"), ("GET", "/answers?tab=one&number=1")])
def test_a_stranger_is_refused_and_told_nothing(server, changed, method, path):
    status, headers, body = request(server, method, path, question(server) if method == "POST" else None, **changed)
    assert status == 403
    assert server.token.encode() not in body and "Set-Cookie" not in headers


def test_a_question_needs_an_origin(server):
    assert request(server, "POST", "/ask", question(server), Origin=None)[0] == 403


def test_a_wrong_token_opens_nothing_and_the_right_one_becomes_a_strict_cookie(server):
    assert request(server, "GET", "/?token=guess", Cookie=None)[0] == 403
    status, headers, _body = request(server, "GET", f"/?token={server.token}", Cookie=None)
    assert (status, headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(headers["Set-Cookie"].split("; "))


def test_the_address_listens_on_the_loopback_alone(server):
    assert server.server_address[0] == "127.0.0.1"


def test_a_page_allows_its_own_script_by_a_nonce_that_is_never_the_same(server):
    policies = [request(server, "GET", "/", Origin=None)[1]["Content-Security-Policy"] for _time in range(2)]
    assert policies[0] != policies[1]
    assert "unsafe" not in policies[0] and "connect-src 'self'" in policies[0] and "default-src 'none'" in policies[0]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"scenario": 7}', b"[" * 90_000, b"x" * 200_000,
                                  b'{"tab": "a", "number": "x", "values": {}, "scenario": 0}'], ids=len)
def test_what_no_page_of_ours_asks_is_refused_in_words(server, body):
    assert request(server, "POST", "/ask", body)[0] == 400


@pytest.mark.parametrize("value", [1e9, -1, "5", None, True, [1], float("inf")], ids=repr)
def test_a_number_that_no_slider_has_is_refused(server, value):
    assert request(server, "POST", "/ask", question(server, **{"policies.tax.rate": value}))[0] == 400


def test_a_taken_port_is_refused_in_words(server, asked):
    with pytest.raises(InputError, match=f"port {server.server_port} cannot be used: another program") as found:
        with serving.serving(asked, "en", port=server.server_port):
            pass
    assert "其他程序" in found.value.problems[0].told("zh")


# -- answers --------------------------------------------------------------------------------------------

def test_replicates_come_as_they_are_done_and_end(server):
    said = ask(server, tab="stream", number=1)
    found = events(server, "stream", 1) if said["done"] < said["all"] else [("answer", said)]
    assert {kind for kind, _said in found} == {"answer"}
    done = [each["done"] for _kind, each in found]
    assert done == sorted(set(done)) and done[-1] == 4
    cells = unpacked(found[-1][1]["answer"]["cells"]["headquarters"])
    assert np.isfinite(cells[0, :, 0]).all()                           # all statistics of the zone


def test_the_same_question_is_answered_at_once(server):
    ask(server, tab="first", number=1)
    events(server, "first", 1)
    again = ask(server, tab="second", number=1)
    assert again["done"] == again["all"] == 4


def test_a_new_question_ends_the_one_before(server):
    ask(server, tab="drag", number=1, **{"policies.tax.rate": 10.75})
    found = []
    reader = threading.Thread(target=lambda: found.extend(events(server, "drag", 1)))
    before = server.session._questions["drag"]
    ask(server, tab="drag", number=2, **{"policies.tax.rate": 13.25})
    assert before.stop.is_set()
    reader.start()
    reader.join(WAIT)
    assert found == [("replaced", {})]


def test_a_question_that_arrives_late_does_not_end_the_one_after_it(server):
    ask(server, tab="late", number=2, **{"policies.tax.rate": 17.5})
    ask(server, tab="late", number=1, **{"policies.tax.rate": 6.5})
    assert events(server, "late", 2)[-1][1]["done"] == 4


def test_news_that_come_before_one_waits_are_not_missed():
    question = session.Question(0, {}, 1, 1)
    told = question.told
    question.tell()
    assert question.wait(told, 0.0)
    assert not question.wait(question.told, 0.0)


def test_two_tabs_do_not_end_each_other(server):
    ask(server, tab="left", number=1, **{"policies.tax.rate": 11.0})
    ask(server, tab="right", number=1, **{"policies.tax.rate": 12.0})
    assert [events(server, tab, 1)[-1][1]["done"] for tab in ("left", "right")] == [4, 4]


def test_an_estimate_comes_with_its_error_once_some_combinations_are_there(server):
    for number, rate in enumerate((14.0, 16.0, 18.0, 21.0), start=1):
        ask(server, tab="many", number=number, **{"policies.tax.rate": rate})
        events(server, "many", number)
    said = ask(server, tab="guess", number=1, **{"policies.tax.rate": 19.5})
    assert said["done"] == 0 and said["answer"]["states"] >= 3
    assert said["answer"]["error"]["headquarters"] >= 0


def test_a_combination_that_cannot_be_is_said_in_both_languages(tmp_path):
    paths = explored.files(tmp_path)
    with serving.serving(opening.asked([str(paths["withdrawn"])]), "en", 2) as found:
        said = ask(found, **{"policies.tax.start": 8094})             # it ends in 2023-Q1
        assert "ends on 2023-01-01" in said["fault"][0] and "2023-01-01" in said["fault"][1]
        assert said["fault"][0] != said["fault"][1]


def test_a_run_that_fails_in_mid_stream_is_told(tmp_path):
    paths = explored.files(tmp_path, broken=explored.FAILING)
    one = opening.asked([str(paths["broken"])])
    with serving.serving(one, "en", 2) as found:
        ask(found, tab="broken", number=1)
        kind, said = events(found, "broken", 1)[-1]
    assert kind == "failed" and len(said) == 2 and said[0]


@pytest.mark.slow
def test_memory_stays_flat_over_many_drags(server):
    session, kept = server.session, server.session._kept[0]
    for number in range(1, 501):
        ask(server, tab="drags", number=number, **{"policies.tax.rate": 10.0 + number / 100})
    assert len(session._questions) <= 8 and len(kept.states) <= 32 and len(kept.baselines) <= 64
    assert threading.active_count() < 30


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


# -- the command ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
                                    pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_the_server_ends_with_the_terminal_and_leaves_nothing(number, tmp_path):
    path = explored.files(tmp_path)["cut"]
    before = sorted(tmp_path.iterdir())
    command = [*runs.SIM, "explore", str(path), "--no-browser", "-q"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        time.sleep(0.2)
        process.send_signal(number)
        assert process.wait(WAIT) == 0
    finally:
        process.kill()                         # or a server that does not end would hold up all tests
        process.communicate()
    assert sorted(tmp_path.iterdir()) == before


def test_a_machine_without_a_browser_is_no_fault(monkeypatch):
    def without(address):
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "open", without)
    assert serving.opened_in_browser("http://127.0.0.1:1/") is False


@pytest.mark.parametrize(("arguments", "wrong"), [
    (["base.toml", "--save", "page.html"], "it has no policy of its own"), (["nope.toml"], "file not found"),
    (["cut.toml", "--control", "policies.tax.rat"], "did you mean 'policies.tax.rate'"),
    (["cut.toml", "--control", "region"], "region cannot be explored"),
    (["cut.toml", "--control", "run.seed"], "run.seed cannot be explored"),
    (["base.toml", "cut.toml", "withdrawn.toml", "--save", "page.html"], "2 scenarios beside the baseline"),
    (["cut.toml", "--control", "policies.tax.rate=5.0", "--save", "nowhere/page.html"], "cannot be written"),
    ([], "there is nothing to explore")], ids=lambda each: each if isinstance(each, str) else "")
def test_bad_input_is_one_plain_sentence(arguments, wrong, tmp_path, monkeypatch):
    explored.files(tmp_path)
    monkeypatch.chdir(tmp_path)
    said = runs.sim("explore", *arguments, "--no-browser", "--replicates", "2", "-q")
    assert said.exit_code != 0 and wrong in said.stderr and "Traceback" not in said.stderr
    assert said.stderr.count("\n") == 1
