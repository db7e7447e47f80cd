"""The live explorer: who may ask, and what is answered; the command that serves it."""

import signal
import subprocess
import threading
import time
import webbrowser

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.experiments.explorer import opening
from sim.report.explorer import serving, session
from tests.samples import explored, runs
from tests.samples.served import WAIT, ask, events, question, request

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
    cells = explored.unpacked(found[-1][1]["answer"]["cells"]["headquarters"])
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
