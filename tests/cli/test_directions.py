"""Every command that ends well says what comes next, by commands that exist."""

import contextlib
import shlex

import click
import pytest

from sim.cli import group
from tests.cli.test_json import COMMANDS, write_sweep
from tests.samples import examples, runs, sweeps

ENDLESS, ITSELF = {"explore": "a server", "backtest": "slow", "estimate": "slow"}, {"open": "it shows what is there"}
FEW = ["--replicates", 2, "--jobs", 1, "--no-figures"]
MORE = {"new": ["demo"], "new-region": ["places.csv", "own"], "rerun": ["outputs/small"],
        "merge": ["sweep.toml", "outputs/sweep", "--out", "merged"],
        "report": ["outputs/compared"], "targets": ["small.toml", "--replicates", 2, "--jobs", 1]}
SAID = {**COMMANDS, "verify": ["--only", "T27"], **MORE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two scenarios, a sweep over them, a run and a comparison of them that are done, a table of places."""
    folder = tmp_path_factory.mktemp("directions")
    write_sweep(folder)
    (folder / "places.csv").write_text(examples.OWN["places.csv"], "utf-8")
    with contextlib.chdir(folder), sweeps.without_processes():
        for line in (["sweep", "sweep.toml", "--jobs", 1],
                     ["compare", "small.toml", "taxed.toml", "--out", "outputs/compared", *FEW]):
            assert (done := runs.sim(*line, "-q")).exit_code == 0, done.stderr
    return folder


def next_of(done):
    """The commands that a finished command names, as lists of words."""
    assert done.exit_code == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("Next: ")]
    assert len(lines) == 1, done.stderr
    return [shlex.split(text) for text in lines[0].removeprefix("Next: ").split("   |   ")]


def test_no_command_is_left_out_here():
    assert {*SAID} | {*ENDLESS} | {*ITSELF} == set(group.list_commands(None))


@pytest.mark.parametrize("name", SAID)
def test_a_command_names_the_next_one_which_exists_and_takes_its_options(name, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for first, which, *words in next_of(runs.sim(name, *SAID[name])):
        assert first == "sim"
        group.get_command(click.Context(group), which).make_context(which, list(words))


@pytest.mark.parametrize(("asked", "said"), [((), []), (("--lang", "en"), ["--lang", "en"])])
def test_the_next_command_is_in_the_language_that_was_asked_for(asked, said, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for name in ("check", "report"):
        for words in next_of(runs.sim(name, *SAID[name], *asked)):
            assert words[-2:] == said or not said and "--lang" not in words


def test_the_next_of_a_list_is_about_the_baseline(monkeypatch):
    monkeypatch.chdir(examples.ROOT)
    assert [words[:3] for words in next_of(runs.sim("list", "worlds"))] == [["sim", "run", "scenarios/baseline.toml"]]


def test_the_next_of_a_list_of_theorems_tests_them():
    assert next_of(runs.sim("list", "theorems")) == [["sim", "verify"]]


def test_the_page_of_a_sweep_is_drawn_again_and_the_next_command_opens_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = runs.sim("report", "outputs/sweep", "--lang", "en")
    assert next_of(done) == [["sim", "open", "outputs/sweep", "--lang", "en"]]
    assert done.stdout.split() == ["outputs/sweep/analysis/report.html"]
    assert (folder / done.stdout.strip()).stat().st_size


@pytest.mark.parametrize("name", ["run", "compare"])
def test_who_wants_the_folder_alone_is_told_nothing_else(name, folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert "Next: " not in runs.sim(name, *SAID[name], "-q").stderr
