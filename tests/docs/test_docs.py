"""The documents are true: tables, printed commands, links, files that they name, and the pages of evidence."""

import pathlib
import re
import shlex

import click
import pytest
from click.testing import CliRunner

from sim import metrics, policies, terms
from sim.cli import group
from sim.config.parameters import rows
from sim.plots import comparison as comparison_plots
from sim.plots import run as run_plots
from sim.results import dataset
from sim.scenario import schema
from sim.verification import theorems
from tests.samples import scripts

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def text(name):
    return (ROOT / name).read_text("utf-8")


def fences(language, page):
    """The fenced blocks of a language on a page."""
    return [body for kind, body in FENCE.findall(page) if kind == language]


def commands():
    """(page, arguments) of every `sim ...` in the shell blocks."""
    lines = [(page.name, line) for page in PAGES for body in fences("sh", page.read_text("utf-8"))
             for line in body.splitlines()]
    said = [(name, re.search(r"(?:^|/bin/|\s)sim (.*)$", line.partition("#")[0])) for name, line in lines]
    return [(name, shlex.split(found[1])) for name, found in said if found]


def sim(*arguments):
    """A command in this process, in English."""
    return CliRunner().invoke(group, [str(a) for a in arguments], env={"LANG": "C.UTF-8", "LC_ALL": ""},
                              catch_exceptions=False)


# -- generated tables ---------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def generate():
    return scripts.script("docs/generate.py")


def test_no_generated_table_is_stale(generate):
    stale = [page.name for page in generate.pages() if generate.fresh(page.read_text("utf-8"))
             != page.read_text("utf-8")]
    assert not stale, "run: python docs/generate.py"


def test_every_generator_has_its_place(generate):
    written = "".join(page.read_text("utf-8") for page in generate.pages())
    assert {name for _, name, _ in generate.BLOCK.findall(written)} == set(generate.BLOCKS)


@pytest.mark.parametrize("drawer", [terms, policies, metrics, run_plots], ids=lambda drawer: drawer.__name__)
def test_every_registered_entry_is_in_the_model_description(drawer):
    page = text("docs/odd.md")
    assert [name for name in drawer.registry.names() if f"| `{name}` |" not in page] == []


def test_every_figure_of_comparison_is_described():
    page = text("docs/files.md")
    assert [name for name in comparison_plots.registry.names() if f"| `{name}` |" not in page] == []


def test_every_regime_and_variable_is_described():
    assert [name for name in schema.regimes() if f"| `{name}` |" not in text("docs/odd.md")] == []
    assert [name for name in dataset.VARIABLES if f"| `{name}` |" not in text("docs/files.md")] == []


def test_every_parameter_is_described():
    keys = [row.key for row in rows(schema.build()) if row.key != "policies"]
    keys += [row.key for entry in policies.registry.entries() for row in rows(entry.schema)]
    assert [key for key in keys if f"| `{key}` |" not in text("docs/parameters.md")] == []


# -- commands -----------------------------------------------------------------------------------------

@pytest.mark.parametrize("mark", ["main-job", "tests"])
def test_the_two_set_up_commands_are_one_line_each_after_their_mark(mark):
    lines = text("README.md").splitlines()
    at = lines.index(f"<!-- {mark} -->")
    before, command, after = lines[at + 1:at + 4]
    assert (before, after) == ("```sh", "```")
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


@pytest.mark.parametrize(("page", "arguments"), commands(), ids=lambda value: value if isinstance(value, str)
                         else " ".join(value))
def test_every_printed_command_is_understood(page, arguments):
    name, *rest = arguments
    command = group.get_command(click.Context(group), name)
    assert command, f"{page}: sim {name}"
    program = click.Context(group, **group.context_settings)
    command.make_context(name, rest, parent=program).close()         # raises UsageError for an unknown option


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list"]], ids=" ".join)
def test_quick_commands_run(arguments):
    assert sim(*arguments).exit_code == 0


@pytest.mark.parametrize("scenario", sorted(ROOT.glob("scenarios/*.toml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_is_good_and_described(scenario):
    checked = sim("check", scenario)
    assert checked.exit_code == 0
    assert "warnings: 0" in checked.output
    assert scenario.stem in text("CHANGELOG.md")


# -- links, paths, snippets ---------------------------------------------------------------------------

@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        if not target.startswith("https://"):
            there = page if not path else page.parent / path
            assert there.exists(), target
            assert not anchor or anchor in anchors(there), target


def anchors(page):
    """Anchors of a page's headings, as they are made from their words."""
    heads = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    own = {name for name, _ in FILE.findall(page.read_text("utf-8"))}
    named = re.findall(r"[`(\s]((?:sim|tests|docs|scenarios)/[\w./-]+\.(?:py|md|toml|csv(?:\.gz)?))\b",
                       page.read_text("utf-8"))
    assert [name for name in named if name not in own and not (ROOT / name).exists()] == []


# -- validation and TRACE -----------------------------------------------------------------------------

def test_the_theorems_of_the_validation_page_are_those_of_the_registry():
    page = text("docs/validation.md").split("<!-- verified: theorems -->")[1].split("<!-- end: theorems -->")[0]
    assert re.findall(r"^### (T\d\d) ", page, re.MULTILINE) == theorems.registry.names()
    assert "FAILS" not in page


def test_the_mutants_of_the_validation_page_are_those_of_the_script():
    mutants = scripts.script("tests/mutants.py")
    page = text("docs/validation.md").split("<!-- verified: mutants -->")[1].split("<!-- end: mutants -->")[0]
    names = [mutant.name for mutant in mutants.MUTANTS]
    assert len(set(names)) == len(names) >= 20
    listed = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line.startswith("| ")][2:]
    assert set(listed) <= set(names)
    for mutant in mutants.MUTANTS:
        assert (ROOT / "sim" / mutant.file).read_text("utf-8").count(mutant.right) == 1, mutant.name
    for path, name in re.findall(r"`((?:\w+/)+test_\w+\.py)::(\w+)", page):
        assert f"def {name}(" in text(f"tests/{path}"), (path, name)


def test_what_the_trace_page_names_exists():
    page = text("docs/trace.md")
    assert re.findall(r"^## (\d)\. ", page, re.MULTILINE) == list("12345678")
    for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page):
        assert not name or f"def {name}(" in text(path), (path, name)
    for path in re.findall(r"`((?:sim|scenarios)/[\w/.]*)`", page):
        assert (ROOT / path).exists(), path
    assert set(re.findall(r"\bT\d\d\b", page)) <= set(theorems.registry.names())
