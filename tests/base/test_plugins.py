"""What packages of the user's own add: installed from a temporary folder, with nothing else edited."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from sim.experiments.sweep import load
from tests.docs.test_docs import FILE, ROOT, text
from tests.samples import clusters, runs

RECIPES = dict(FILE.findall(text("docs/how-to-add.md")))
POINTS = {"terms": "harbour.ecology_for_research", "policies": "harbour.lake_restoration",
          "metrics": "harbour.towns_with_headquarters", "plots": "harbour.towns", "regimes": "harbour.regimes",
          "regions": "harbour.regions"}
LISTED = {"terms": "ecology_for_research", "instruments": "lake_restoration", "metrics": "towns_with_headquarters",
          "plots": "towns", "regimes": "green-harbour", "regions": "two-towns"}
SCENARIO = """\
region = "two-towns"
[population]
candidates = 300
[time]
end = 2021-12-31
[policies.lakes]
instrument = "lake_restoration"
sites = ["mill"]
start = 2021-01-01
lag = 0.0
change = {change}
[policies.harbour]
regime = "green-harbour"
sites = ["port"]
start = 2021-01-01
"""
SWEEP = """\
scenario = "lakes.toml"
replicates = 8
[axes.weight]
key = "terms.ecology_for_research.beta"
values = [0.0, 2.0]
[axes.change]
key = "policies.lakes.change"
values = [0.0, 1.0]
[outputs]
series = ["headquarters_in_zone"]
"""


def package(folder, name, points, files):
    """Sources of a package with these entry points, installed into folder/site; what `pip` said."""
    groups = "".join(f'[project.entry-points."cluster_formation_simulator.{kind}"]\n{name} = "{value}"\n'
                     for kind, value in points.items())
    data = '[tool.setuptools.package-data]\n"*" = ["*.toml", "*.csv"]\n' \
           f'[tool.setuptools.packages.find]\ninclude = ["{name}*"]\n'
    files = files | {"pyproject.toml": '[build-system]\nrequires = ["setuptools >= 69"]\n'
                     'build-backend = "setuptools.build_meta"\n'
                     f'[project]\nname = "{name}-additions"\nversion = "0.3.1"\n{groups}{data}'}
    for path, body in files.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(body, "utf-8")
    how = ["-q", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(folder / "site")]
    said = subprocess.run([sys.executable, "-m", "pip", "install", *how, str(folder / name)],
                          capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return folder / "site"


OTHERS = ("proximity.csv", "industries.csv", "specialisations.csv")     # of more industries than one


def recipes():
    """The files of how-to-add.md as those of a package called harbour."""
    kept = {"harbour/__init__.py": '"""Additions."""\n'}
    for path, body in RECIPES.items():
        name = pathlib.Path(path).name
        if path.startswith(("sim/terms", "sim/policies", "sim/metrics", "sim/plots/run")):
            kept[f"harbour/{name}"] = body.replace("from sim.metrics.towns_with", "from harbour.towns_with")
        elif path.startswith("sim/data/regimes"):
            kept[f"harbour/regimes/{name}"] = body
        elif path.startswith("scenarios/two-towns/") and name not in OTHERS:
            kept[f"harbour/regions/two_towns/{name}"] = body
    kept["harbour/regions/two_towns/industries.csv"] = (
        "id,name_en,share,rnd,trade,hightech,evidence,source\nsoftware,Software,1,0.6,0.2,0.6,assumption,made up\n")
    return kept


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return package(tmp_path_factory.mktemp("harbour"), "harbour", POINTS, recipes())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a scenario and a sweep that use what the package adds."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "lakes.toml").write_text(SCENARIO.format(change=0.5))
    (folder / "sweep.toml").write_text(SWEEP)
    return folder


def python(site, folder, *arguments):
    """A Python process that finds the package."""
    path = os.pathsep.join(map(str, [*([site] if site else []), ROOT]))
    return subprocess.run([sys.executable, *map(str, arguments)], cwd=folder, capture_output=True, text=True,
                          encoding="utf-8", timeout=600,
                          env={**os.environ, "PYTHONPATH": path, "LANG": "C.UTF-8", "PYTHONUTF8": "1"})


def sim(site, folder, *arguments):
    return python(site, folder, *runs.SIM[1:], *arguments)


def test_every_addition_is_listed_with_its_package(site, place):
    listed = json.loads(sim(site, place, "list", "--json").stdout)
    for kind, name in LISTED.items():
        assert listed[kind][name].endswith("(package harbour-additions)"), kind
    assert "package" not in listed["terms"]["rent"]
    chinese = json.loads(sim(site, place, "list", "--json", "--lang", "zh").stdout)
    assert chinese["terms"]["ecology_for_research"] == "研发企业的生态偏好（软件包 harbour-additions）"
    assert LISTED["terms"] not in json.loads(sim(None, place, "list", "--json").stdout)["terms"]


def test_the_tests_of_every_term_and_instrument_hold_for_what_is_added(site, place):
    """The sign, the sign of the direct effect, and none at size zero."""
    said = python(site, ROOT, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", "tests/terms/test_signs.py",
                  "tests/policies/test_signs_policies.py", "-k", "ecology_for_research or lake_restoration")
    assert re.search(r"\n4 passed", "\n" + said.stdout), said.stdout


def test_generated_tables_come_from_one_command(site, tmp_path):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    shutil.copytree(ROOT / "docs" / "generated_tables", tmp_path / "docs" / "generated_tables")
    for name in ("generate.py", "odd.md", "parameters.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs" / name)
    said = python(site, tmp_path, "docs/generate.py")
    assert said.returncode == 0 and "odd.md" in said.stdout, said.stderr
    page = (tmp_path / "docs" / "odd.md").read_text("utf-8")
    assert [name for kind, name in LISTED.items() if kind != "regions" and f"| `{name}` |" not in page] == []
    assert '### `instrument = "lake_restoration"`' in (tmp_path / "docs" / "parameters.md").read_text("utf-8")


THEOREM = """
from sim.verification.theorems import registry
found = registry.get("T37")
rows = list(found(**found.cases["lake_restoration"]))
assert len(rows) == 3 and all(row.holds for row in rows), rows
"""


def test_a_policy_of_size_nothing_is_none_in_a_run(site, place):
    said = python(site, place, "-c", THEOREM)
    assert said.returncode == 0, said.stderr


@pytest.mark.slow
def test_a_scenario_is_checked_run_and_reported(site, place):
    checked = sim(site, place, "check", "lakes.toml")
    assert checked.returncode == 0 and "no errors; policies: 3;" in checked.stdout, checked.stderr
    ran = sim(site, place, "run", "lakes.toml", "--replicates", 2, "--out", "out", "--jobs", 2, "--lang", "both", "-q")
    assert ran.returncode == 0, ran.stderr
    manifest = json.loads((place / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["plugins"] == {"harbour-additions": "0.3.1"}
    assert manifest["versions"]["harbour-additions"].startswith("0.3.1 (sources ")
    assert {path.name[:8] for path in (place / "out" / "figures").glob("towns.*")} == {"towns.en", "towns.zh"}
    reported = sim(site, place, "report", "out")
    assert reported.returncode == 0, reported.stderr
    again = sim(None, place, "rerun", "out")
    assert again.returncode == 2
    assert again.stderr.startswith("error: out: the run needs the package harbour-additions 0.3.1")
    page = "".join(path.read_text("utf-8") for path in (place / "out").glob("report*.html"))
    assert "Lakes restored" in page and "湖泊修复" in page and "Towns with a headquarters" in page


def test_an_edited_addition_makes_another_run(site, place, tmp_path):
    (tmp_path / "lakes.toml").write_text((place / "lakes.toml").read_text())
    first = sim(site, tmp_path, "run", "lakes.toml", "--replicates", 1, "--out", "out", "--no-figures", "-q")
    assert first.returncode == 0, first.stderr
    file = site / "harbour" / "lake_restoration.py"
    before = file.read_text("utf-8")
    try:
        file.write_text(before + "\n# edited\n", "utf-8")
        again = sim(site, tmp_path, "run", "lakes.toml", "--replicates", 1, "--out", "out", "--no-figures", "-q")
    finally:
        file.write_text(before, "utf-8")
    assert again.returncode == 2 and "made with another version of harbour-additions" in again.stderr


def test_workers_of_a_sweep_know_what_is_added(site, place):
    """Where lakes are as they were, their weight does not matter; where they are cleaner, it does."""
    swept = sim(site, place, "sweep", "sweep.toml", "--jobs", 2, "--out", "swept", "-q")
    assert swept.returncode == 0, swept.stderr
    found = load.load(place / "swept")["headquarters_in_zone"]
    assert (found.sel(change=0.0, weight=0.0) == found.sel(change=0.0, weight=2.0)).all()
    assert (found.sel(change=1.0, weight=0.0) != found.sel(change=1.0, weight=2.0)).any()


def test_a_worker_without_the_package_is_told_and_nothing_is_computed_otherwise(site, place, tmp_path):
    with clusters.Cluster(tmp_path, workers=1) as cluster:
        said = sim(site, place, "sweep", "sweep.toml", "--dask", cluster.address, "--out", tmp_path / "out", "-q")
    assert said.returncode == 2, said.stderr
    assert re.fullmatch(r"error: worker on \S+: packages: it has none that adds to the model; expected "
                        r"harbour-additions 0\.3\.1 \(sources \w+\); install the same packages on every machine\n",
                        said.stderr)


# -- packages that cannot be used ------------------------------------------------------------------------

def bare(folder, group, value, body="", name="wreck"):
    """An installed package by hand: a module, and what its installer would have written."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[cluster_formation_simulator.{group}]\nit = {value}\n")
    (folder / f"{name}.py").write_text(body)
    return folder


TAKEN = '''
from sim.terms import register
@register("rent", title="Rent", title_zh="租金", sign=-1, driver="rent")
def rent(world, levers, quarter):
    """Another rent."""
'''


@pytest.mark.parametrize(("group", "value", "body", "said"), [
    ("terms", "nowhere.at_all", "", "ModuleNotFoundError: No module named 'nowhere'"),
    ("terms", "wreck", "raise RuntimeError('out of\\norder')", "RuntimeError: out of order"),
    ("policies", "wreck", "import sim.policies\nsim.policies.register('x', colour=1, title='', title_zh='', "
     "schema=None, example={}, neutral={})", "ValueError: policy instrument 'x' has no property colour"),
    ("regimes", "nowhere.data", "", "ModuleNotFoundError"),
    ("term", "wreck", "", "the group cluster_formation_simulator.term of its entry points is unknown")])
def test_a_broken_package_is_told_in_one_sentence(tmp_path, group, value, body, said):
    (tmp_path / "lakes.toml").write_text('region = "yrd-zone"\n[policies.tax]\nregime = "lingang-tax"\n')
    found = sim(bare(tmp_path / "site", group, value, body), tmp_path, "check", "lakes.toml")
    assert found.returncode == 2, found.stderr
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"error: package wreck 1.2: it = {value}: ") and said in line
    assert line.endswith("correct the package or uninstall it")


def test_a_name_that_is_taken_is_told_with_both_modules(tmp_path):
    found = sim(bare(tmp_path / "site", "terms", "wreck", TAKEN), tmp_path, "list", "terms")
    assert found.returncode == 2
    assert found.stderr == ("error: utility term: rent: the name is taken twice, in sim.terms.rent and wreck; "
                            "rename one of them, or uninstall its package\n")
