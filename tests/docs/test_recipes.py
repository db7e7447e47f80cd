"""What pages tell readers to type or to add works: snippets of Python, and the recipes of how-to-add.md."""

import json
import math
import os
import shutil
import subprocess
import sys

import pytest

from sim.results import dataset
from tests.docs.test_docs import FILE, PAGES, ROOT, fences, sim, text

SMALL = ["--set", "population.candidates=1500", "--set", "time.end=2021-12-31", "--no-figures", "--quiet"]


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
    shutil.copytree(ROOT / "sim", folder / "sim")
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
