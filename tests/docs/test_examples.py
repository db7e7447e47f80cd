"""The examples that readers are shown run: those of every help and page, in their order, and the page on Python."""

import re

import click
import pytest

import sim as sim_package
from sim.cli import group
from tests.docs.test_docs import PAGES, ROOT, fences, text
from tests.samples import examples
from tests.samples.clusters import Cluster

SLOW = ("backtest", "compare", "equilibria", "explore", "merge", "open", "report", "sensitivity", "sweep",
        "targets", "verify")
SLOW_PAGES = ("README.zh.md", "backtest.md", "comparing.md", "explorer.md", "i-want-to.md", "laptop-to-cluster.md",
              "sensitivity.md", "tour.md", "validation.md")
HELPED = ["", *group.list_commands(click.Context(group))]
COMMANDED = [*PAGES[:2], *sorted((ROOT / "docs").glob("*.md")), ROOT / "scenarios/README.md"]
SHOWN = [path for path in COMMANDED if examples.of_page(path)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return examples.Kept(tmp_path_factory.mktemp("kept"))


def followed(lines, kept, cluster=""):
    """Run printed commands one after the other in a folder, each to a good end."""
    for number, line in enumerate(lines):
        done = examples.run(line, cluster) if cluster else kept.run(line, lines[:number])
        assert done.exit_code == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ())
                                  for name in HELPED], ids=lambda name: name or "sim")
def test_the_examples_of_every_help_run(name, kept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples.prepare(tmp_path)
    lines = examples.of_help(name)
    assert lines, "a command without examples"
    followed([*examples.BEFORE.get(name, []), *lines], kept)


@pytest.mark.parametrize("page", [pytest.param(page, marks=pytest.mark.slow if page.name in SLOW_PAGES else ())
                                  for page in SHOWN], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_of_every_page_run_in_their_order(page, kept, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples.prepare(tmp_path)
    lines = [*examples.BEFORE.get(page.name, []), *examples.of_page(page)]
    if not any("--dask" in line for line in lines):
        return followed(lines, kept)
    with Cluster(tmp_path, workers=1) as cluster:
        followed(lines, kept, cluster.address)


def test_no_folder_is_named_as_a_run_and_as_a_sweep():
    lines = [line for name in HELPED for line in examples.of_help(name)]
    lines += [line for page in SHOWN for line in examples.of_page(page)]
    held = {each for line in lines for each in examples.folders_of(line)}
    files = re.findall(r"(outputs/[\w-]+)/results(\.nc|/)", "".join(page.read_text("utf-8") for page in PAGES))
    held |= {(folder, {".nc": "run", "/": "sweep"}[file]) for folder, file in files}
    folders = [folder for folder, _ in held]
    assert ("outputs/demo", "run") in held and len(held) > 15
    assert sorted({folder for folder in folders if folders.count(folder) > 1}) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sim.base.errors.ScenarioWarning")         # small ones are outside usual ranges
@pytest.mark.filterwarnings("ignore::sim.base.errors.FailedRunsWarning")   # of two draws one may have no base year
def test_the_cells_of_the_page_on_python_run_in_their_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    examples.prepare(tmp_path)
    cells, names = fences("python", text("docs/python.md")), {"SMALL": examples.SMALL}
    for cell in cells:
        exec(compile(examples.smaller_cell(cell), "python.md", "exec"), names)
    assert {f"sim.{name}(" for name in sim_package.__all__} <= set(re.findall(r"sim\.\w+\(", "".join(cells)))
    assert "expected a date such as" in capsys.readouterr().out
