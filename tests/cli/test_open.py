"""`sim open` finds the page of a folder, or the newest one."""

import os
import webbrowser

import pytest

from tests.samples import runs


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Addresses that a browser was given; two folders with pages stand below outputs/."""
    found = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(webbrowser, "open", lambda address: found.append(address) or True)
    for k, name in enumerate(("outputs/old/report.html", "outputs/swept/analysis/report.zh.html")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (k, k))
    return found


def test_the_page_of_a_folder_is_opened_in_the_language_that_is_there(opened, tmp_path):
    assert runs.sim("open", "outputs/old", "--lang", "zh").stdout == "outputs/old/report.html\n"
    assert opened == [(tmp_path / "outputs/old/report.html").as_uri()]


def test_without_a_folder_the_newest_page_is_opened_and_that_of_a_sweep_is_its_analysis(opened):
    assert runs.sim("open").stdout == "outputs/swept/analysis/report.zh.html\n"
    assert runs.sim("open", "outputs/swept").stdout == "outputs/swept/analysis/report.zh.html\n"


@pytest.mark.parametrize("name", ["outputs/old/brief/brief.en.html", "outputs/tod-smallest/search.en.svg",
                                  "outputs/baseline-equilibria/bifurcation.zh.svg"])
def test_a_brief_a_search_and_a_diagram_are_opened_by_their_folder_and_any_file_by_itself(opened, tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("x")
    for asked in (name, name.rpartition("/")[0]):
        assert runs.sim("open", asked).stdout == f"{name}\n"


def test_a_folder_without_a_page_is_refused_in_one_line(opened, tmp_path, monkeypatch):
    said = runs.sim("open", "nowhere")
    assert said.exit_code == 2 and len(said.stderr.splitlines()) == 1 and "no such folder" in said.stderr
    (tmp_path / "empty").mkdir()
    said = runs.sim("open", tmp_path / "empty")
    assert said.exit_code == 2 and len(said.stderr.splitlines()) == 1 and "sim report" in said.stderr
    monkeypatch.chdir(tmp_path / "empty")
    said = runs.sim("open")
    assert said.exit_code == 2 and "there is no page here yet" in said.stderr
