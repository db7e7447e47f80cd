"""What is installed is what is in the tree: a wheel brings its regions, regimes and fonts, and works."""

import configparser
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.samples import runs

USE = """
import pathlib, sys
import sim
from sim.cli import group
from sim.plots.common import theme as style
from sim.region.load import load
assert pathlib.Path(sim.__file__).is_relative_to(sys.argv[1]), sim.__file__
region = load("yrd-zone")
print(len(region.sites), *(len(region.basemap[layer]["features"]) for layer in ("districts", "lakes")))
with style.house():
    pass
group.main(["check", sys.argv[2]], standalone_mode=False)
group.main(["list", "--json"], standalone_mode=False)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the tree so that the tree stays clean."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(runs.ROOT / "sim", folder / "tree" / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(runs.ROOT / name, folder / "tree" / name)
    builds_alone = int(importlib.metadata.version("setuptools").split(".")[0]) >= 71
    how = ["--no-deps", "-q", "-w", str(folder), *(["--no-build-isolation"] if builds_alone else [])]
    said = subprocess.run([sys.executable, "-m", "pip", "wheel", str(folder / "tree"), *how],
                          capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return next(folder.glob("*.whl"))


def names_in(wheel):
    with zipfile.ZipFile(wheel) as content:
        return content.namelist()


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    tree = {path.relative_to(runs.ROOT).as_posix() for path in (runs.ROOT / "sim").rglob("*")
            if path.is_file() and path.parent.name != "__pycache__"}
    inside = {name for name in names_in(wheel) if name.startswith("sim/")}
    assert inside == tree
    for ending in (".toml", ".csv", ".geojson", ".ttf", "OFL.txt", "NOTICE.md", "SOURCES.md"):
        assert any(name.endswith(ending) for name in inside), ending


def test_the_wheel_has_the_command_and_the_licences(wheel):
    info = {name.split("/", 1)[1]: name for name in names_in(wheel) if ".dist-info/" in name}
    points = configparser.ConfigParser()
    with zipfile.ZipFile(wheel) as content:
        points.read_string(content.read(info["entry_points.txt"]).decode())
    assert dict(points["console_scripts"]) == {"sim": "sim.cli:main"}
    assert {name.rsplit("/", 1)[-1] for name in info if name.startswith("licenses/")} >= {
        "LICENSE", "NotoSansSC-OFL.txt", "NOTICE.md", "LGPL-3.txt", "GPL-3.txt"}


def test_the_unpacked_wheel_works_away_from_the_tree(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as content:
        content.extractall(tmp_path / "site")
    (tmp_path / "mine.toml").write_text('region = "yrd-zone"\n[policies.ftz]\nregime = "shanghai-ftz"\n')
    said = subprocess.run([sys.executable, "-W", "error", "-c", USE, str(tmp_path / "site"), "mine.toml"],
                          capture_output=True, text=True, cwd=tmp_path, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert said.returncode == 0, said.stderr
    counts, checked, *listed = said.stdout.split("\n", 2)
    assert all(int(count) > 0 for count in counts.split())
    assert checked.startswith("mine.toml: no errors")
    kinds = json.loads(listed[0])
    assert set(kinds["regimes"]) == {"carrier-upgrade", "innovation-center", "lingang-tax", "shanghai-ftz"}
    assert all(kinds[kind] for kind in ("terms", "instruments", "metrics", "plots"))
