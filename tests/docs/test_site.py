"""The documentation site builds offline with every link leading somewhere, and its notebooks run."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat
import pytest
from nbclient import NotebookClient

import sim
from sim import policies
from sim.region import columns
from sim.results import dataset

ROOT = pathlib.Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.filterwarnings("ignore")


def built(source, target):
    """The finished process of a build, without a network."""
    code = ("import importlib.util as u, sys; s = u.spec_from_file_location('site_of', sys.argv[1]); "
            "m = u.module_from_spec(s); s.loader.exec_module(m); sys.exit(m.build(sys.argv[2], quiet=True))")
    environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, "-c", code, source / "docs" / "site.py", target]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)


@pytest.mark.slow
def test_the_site_builds_offline_and_a_link_that_leads_nowhere_ends_it(tmp_path):
    pytest.importorskip("furo")
    said = built(ROOT, tmp_path / "site")
    assert said.returncode == 0, said.stderr[-3000:]
    for page in ("docs/index.html", "docs/zh/index.html", "docs/api.html", "docs/notebooks/sweep.html"):
        assert (tmp_path / "site" / page).is_file()
    api = (tmp_path / "site" / "docs" / "api.html").read_text("utf-8")
    assert [name for name in sim.__all__ if name != "ClusterModel" and f'id="sim.{name}"' not in api] == []
    chinese = (tmp_path / "site" / "docs" / "zh" / "own-region.html").read_text("utf-8")
    frame = chinese[:chinese.index("<article")] + chinese[chinese.index("</article>"):]
    assert '<html class="no-js" lang="zh-CN"' in chinese and 'action="search.html"' in chinese
    assert all(said in frame for said in ("搜索", "本页内容", "上一页", "下一页", "回到顶部"))
    assert not any(said in frame for said in ("Search", "Previous", "Next", "On this page", "Back to top", "Made with",
                                              "Toggle", "Contents", "mode"))
    assert (tmp_path / "site" / "_static" / "sphinx.js").is_file()
    copy = tmp_path / "copy"
    for name in ("docs", "scenarios", "sim"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "setup.cfg", "LICENSE",
                 "CITATION.cff"):
        shutil.copy(ROOT / name, copy / name)
    with open(copy / "docs" / "tour.md", "a", encoding="utf-8") as page:
        page.write("\n[nowhere](no-such-page.md)\n")
    said = built(copy, tmp_path / "broken")
    assert said.returncode != 0 and "no-such-page" in said.stderr


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_runs(path, tmp_path):
    os.symlink(ROOT / "scenarios", tmp_path / "scenarios")
    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert shown and not [output for output in shown if output["output_type"] == "error"]


def test_there_are_three_notebooks_with_their_outputs():
    assert len(NOTEBOOKS) == 3
    for path in NOTEBOOKS:
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        assert any(cell.outputs for cell in cells)
        assert "/tmp/" not in path.read_text("utf-8")


def test_chinese_has_the_font_of_the_program_in_text_and_in_code():
    style = (ROOT / "docs" / "static" / "site.css").read_text("utf-8")
    fonts = re.findall(r'url\("(.+?)"\)', style)
    assert len(fonts) == 2 and all((ROOT / "sim" / "data" / "fonts" / font).is_file() for font in fonts)
    stacks = [line for line in style.splitlines() if "--font-stack" in line]
    assert len(stacks) == 2 and all('"Sim Chinese"' in line for line in stacks)


def test_every_column_of_a_region_is_explained_and_no_other():
    said = tomllib.loads((ROOT / "docs" / "region-columns.toml").read_text("utf-8"))
    there = {file: set(sheet.columns) for file, sheet in columns.TABLES.items()}
    assert there == {file: set(of) for file, of in said.items()}
    assert all(len(texts) == 2 and all(texts) for of in said.values() for _unit, *texts in of.values())


def test_every_page_has_its_counterpart_in_chinese():
    wanted = {"index", "tour", "i-want-to", "policies", "comparing", "sweeps", "own-region", "files", "gallery",
              "glossary", "troubleshooting"}
    assert wanted <= {path.stem for path in (ROOT / "docs" / "zh").glob("*.md")}


def test_a_chinese_page_has_the_text_of_its_own_where_a_reader_needs_it():
    """Tables of tools, columns, variables and words are there in Chinese, not a link to English alone."""
    page = {name: (ROOT / "docs" / "zh" / f"{name}.md").read_text("utf-8")
            for name in ("own-region", "policies", "files", "glossary")}
    assert all(f"### {file}" in page["own-region"] for file in columns.TABLES)
    assert all(f"`{name}`" in page["policies"] for name in policies.registry.names())
    assert all(f"| `{name}` |" in page["files"] for name in dataset.VARIABLES)
    english = (ROOT / "docs" / "glossary.md").read_text("utf-8").split("| --- | --- | --- |")[1]
    words = [line.split("|")[2].strip().split("、")[0].split(" ")[0] for line in english.strip().splitlines()]
    assert [word for word in words if word not in page["glossary"]] == []
