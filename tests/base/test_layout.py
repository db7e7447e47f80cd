"""The layout stays one that can be remembered: few packages, and no circle, the benchmarks included."""

import ast
import configparser
import graphlib
import pathlib

from tests.samples import runs

MOST, LAYERS, LINES = 20, 10, 260


def test_the_package_has_few_entries():
    entries = [path.name for path in (runs.ROOT / "sim").iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MOST, sorted(entries)


def test_the_contract_has_few_layers():
    contract = configparser.ConfigParser()
    contract.read(runs.ROOT / "setup.cfg", "utf-8")
    assert 0 < len(contract["importlinter:contract:layers"]["layers"].split("\n")[1:]) <= LAYERS


def test_tests_stand_in_the_rooms_of_the_package():
    """tests/<room> for every room that has a test; the others hold what tests share, and the mutants."""
    rooms = {path.name for path in (runs.ROOT / "sim").iterdir() if path.is_dir()}
    folders = {path.name for path in (runs.ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert folders - rooms == {"docs", "oracles", "samples", "reliability", "mutations"}
    assert not list((runs.ROOT / "tests").glob("test_*.py"))


def test_files_are_short():
    long = [path for folder in ("sim", "tests") for path in (runs.ROOT / folder).rglob("*.py")
            if len(path.read_text("utf-8").splitlines()) > LINES]
    assert not long


def test_benchmarks_and_what_tests_share_import_in_no_circle():
    files = [path for folder in ("benchmarks", "tests/samples", "tests/oracles", "tests/reliability")
             for path in (runs.ROOT / folder).glob("*.py")]
    names = {_name(path) for path in files}
    graph = {_name(path): _imported(path) & names - {_name(path)} for path in files}
    graphlib.TopologicalSorter(graph).prepare()               # CycleError names the circle
    assert sum(map(len, graph.values())) > 20


def _name(path):
    """Benchmarks are scripts and import each other by their bare names."""
    parts = pathlib.Path(path).relative_to(runs.ROOT).with_suffix("").parts
    return parts[-1] if parts[0] == "benchmarks" else ".".join(parts)


def _imported(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found
