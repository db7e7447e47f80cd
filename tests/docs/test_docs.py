"""The documents are true: tables, commands, snippets, links and recipes."""

import importlib.util
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import sim as sim_package
from sim import metrics, policies, terms
from sim.cli import group
from sim.config.parameters import rows
from sim.plots import comparison as comparison_plots
from sim.plots import run as run_plots
from sim.results import dataset
from sim.scenario import schema
from sim.verification import theorems
from tests.samples import examples
from tests.samples.clusters import Cluster

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SMALL = ["--set", "population.candidates=1500", "--set", "time.end=2021-12-31", "--no-figures", "--quiet"]


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
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


SLOW = ("equilibria", "explore", "report", "verify")
SLOW_PAGES = ("backtest.md", "explorer.md", "i-want-to.md", "laptop-to-cluster.md", "sensitivity.md")
HELPED = ["", *group.list_commands(click.Context(group))]
COMMANDED = [*PAGES[:2], *sorted((ROOT / "docs").glob("*.md")), ROOT / "scenarios/README.md"]
SHOWN = [path for path in COMMANDED
         if examples.of_page(path)]


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


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["list"]], ids=" ".join)
def test_quick_commands_run(arguments):
    assert sim(*arguments).exit_code == 0


@pytest.mark.parametrize("scenario", sorted(ROOT.glob("scenarios/*.toml")), ids=lambda path: path.stem)
def test_every_shipped_scenario_is_good_and_described(scenario):
    checked = sim("check", scenario)
    assert checked.exit_code == 0
    assert "0 warnings" in checked.output
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


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder as after the first five minutes, with small runs."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    before = os.getcwd()
    os.chdir(folder)
    try:
        assert sim("new", "demo").exit_code == 0
        for scenario, out in (("demo/baseline.toml", "demo"), ("demo/policy.toml", "demo-policy"),
                              ("scenarios/baseline.toml", "baseline")):
            assert sim("run", scenario, "--replicates", 2, "--out", f"outputs/{out}", *SMALL).exit_code == 0
        for out in ("demo", "demo-policy"):                                   # as the Chinese page calls them
            shutil.copytree(f"outputs/{out}", f"outputs/{out.replace('demo', 'demo-zh')}")
    finally:
        os.chdir(before)
    return folder


def test_the_first_scenarios_are_good(workplace):
    for name in ("baseline", "policy"):
        assert sim("check", workplace / "demo" / f"{name}.toml").exit_code == 0


def snippets():
    """(page, code) of the Python that readers are to type, without what belongs in files of its own."""
    pages = {page.name: FILE.sub("", page.read_text("utf-8")) for page in PAGES if page.name != "python.md"}
    return [pytest.param(name, code, id=f"{name}-{n}") for name, page in pages.items()
            for n, code in enumerate(fences("python", page))]


@pytest.mark.parametrize(("page", "code"), snippets())
def test_printed_python_runs(page, code, workplace, monkeypatch):
    monkeypatch.chdir(workplace)
    exec(compile(code.replace("2040-Q4", "2021-Q4"), page, "exec"), {})


@pytest.mark.filterwarnings("ignore::sim.base.errors.ScenarioWarning")         # small ones are outside usual ranges
def test_the_cells_of_the_page_on_python_run_in_their_order(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    examples.prepare(tmp_path)
    cells, names = fences("python", text("docs/python.md")), {"SMALL": examples.SMALL}
    for cell in cells:
        exec(compile(examples.smaller_cell(cell), "python.md", "exec"), names)
    assert {f"sim.{name}(" for name in sim_package.__all__} <= set(re.findall(r"sim\.\w+\(", "".join(cells)))
    assert "expected a date such as" in capsys.readouterr().out


# -- recipes ------------------------------------------------------------------------------------------

def recipe(heading):
    """Path -> text of the files under a heading of how-to-add.md."""
    return dict(FILE.findall(text("docs/how-to-add.md").split(f"\n## {heading}\n")[1].split("\n## ")[0]))


def put(files, folder):
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, "utf-8")


@pytest.fixture(scope="module")
def extended(tmp_path_factory, workplace):
    """What a copy of the package says once all that the recipes add lies in it; it compiles no kernel."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    put(dict(FILE.findall(text("docs/how-to-add.md"))), folder)
    data = workplace / "outputs" / "demo" / "results.nc"
    done = subprocess.run([sys.executable, "-W", "error", "-c", EXTENDED, data], cwd=folder, text=True,
                          env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


EXTENDED = """
import json, sys
from sim.results import direct_effects as assumed, dataset as results
from sim import metrics
from sim.cli.list import KINDS, entries
from sim.plots.common.save import write
from sim.plots.run.save import draw
from sim.scenario.load import load
from sim.model.preflight.validation import region_of

def effects(name):
    scenario = load(f"scenarios/{name}.toml")
    frame = assumed.effects(region_of(scenario), scenario)
    return json.loads(frame[frame["policy"].str.startswith(name)].to_json(orient="records"))

data = results.load(sys.argv[1])
array = metrics.registry.get("towns_with_headquarters")(data)
figures = [write(draw(data, "towns", lang), f"towns.{lang}.svg") for lang in ("en", "zh")]
print(json.dumps({
    "listed": {kind: entries(kind, "en") for kind in KINDS},
    "lakes": effects("lakes"), "harbour": effects("harbour"),
    "metric": [array.dims, float(array.min()), float(array.max()), array.attrs["units"]],
    "figures": [path.stat().st_size for path in figures]}))
"""


@pytest.mark.parametrize(("kind", "name"), [
    ("terms", "ecology_for_research"), ("instruments", "lake_restoration"), ("regimes", "green-harbour"),
    ("metrics", "towns_with_headquarters"), ("plots", "towns"), ("theorems", "T99")])
def test_an_addition_is_listed_once_its_file_is_there(extended, kind, name):
    assert extended["listed"][kind][name]


def test_the_new_instrument_acts_through_the_new_term(extended):
    by_industry = {row["industry"]: row["dv"] for row in extended["lakes"]}
    assert all(dv > 0.1 * math.log(1.2) for dv in by_industry.values())    # more than `ecology` alone gives
    assert by_industry["integrated_circuits"] > by_industry["producer_services"]


def test_the_new_regime_becomes_one_policy_for_each_part(extended):
    assert {row["policy"] for row in extended["harbour"]} == {"harbour-grant", "harbour-openness"}
    paid = [row for row in extended["harbour"] if row["policy"] == "harbour-grant" and row["dv"] > 0]
    assert {row["hq_type"] for row in paid} == {"regional", "functional"}


def test_the_new_metric_is_drawn_by_the_new_figure(extended):
    dims, least, most, units = extended["metric"]
    assert (dims, units) == (["member", "quarter"], "towns")
    assert 0 < least <= most <= 10
    assert min(extended["figures"]) > 10_000


@pytest.mark.parametrize("headings", [["A region"], ["A region", "An industry"]], ids=" and ".join)
def test_the_new_region_is_simulated(headings, tmp_path):
    for heading in headings:
        put(recipe(heading), tmp_path)
    ran = sim("run", tmp_path / "scenarios/two-towns.toml", "--replicates", 2, "--out", tmp_path / "out",
              "--set", "time.end=2021-12-31", "--no-figures", "--quiet")
    assert ran.exit_code == 0
    data = dataset.load(tmp_path / "out" / "results.nc")
    assert data.headquarters.isel(quarter=0).sum() == 2 * 48
    assert data.sizes["industry"] == len(headings) + 1


def test_the_new_theorem_holds():
    code = recipe("A theorem")["sim/verification/theorems/t99_equal_sites.py"]
    code = code.replace("from sim.verification.theorems import theorem\n",
                        "theorem = lambda *a, **b: lambda function: function\n")
    made = {}
    exec(compile(code, "t99_equal_sites.py", "exec"), made)
    assert all(row.holds for row in made["equal_sites"](sites=3))


# -- validation and TRACE -----------------------------------------------------------------------------

def test_the_theorems_of_the_validation_page_are_those_of_the_registry():
    page = text("docs/validation.md").split("<!-- verified: theorems -->")[1].split("<!-- end: theorems -->")[0]
    assert re.findall(r"^### (T\d\d) ", page, re.MULTILINE) == theorems.registry.names()
    assert "FAILS" not in page


def test_the_mutants_of_the_validation_page_are_those_of_the_script():
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "tests" / "mutants.py")
    mutants = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mutants)
    page = text("docs/validation.md").split("<!-- verified: mutants -->")[1].split("<!-- end: mutants -->")[0]
    names = [mutant.name for mutant in mutants.MUTANTS]
    assert len(set(names)) == len(names) >= 20
    listed = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line.startswith("| ")][2:]
    assert set(listed) <= set(names)
    for mutant in mutants.MUTANTS:
        assert (ROOT / "sim" / mutant.file).read_text("utf-8").count(mutant.right) == 1, mutant.name


def test_what_the_trace_page_names_exists():
    page = text("docs/trace.md")
    assert re.findall(r"^## (\d)\. ", page, re.MULTILINE) == list("12345678")
    for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page):
        assert not name or f"def {name}(" in text(path), (path, name)
    for path in re.findall(r"`((?:sim|scenarios)/[\w/.]*)`", page):
        assert (ROOT / path).exists(), path
    assert set(re.findall(r"\bT\d\d\b", page)) <= set(theorems.registry.names())
