"""The cache of compiled kernels: an edit in any of their files, however deep, is another cache."""

import ast
import importlib
import os
import pathlib
import shutil
import subprocess
import sys

import numba
import pytest

import sim
from sim.kernels.numerics import compiler

HELPERS = ("arrays.py", "choice/peers.py", "numerics/elementary.py", "firms/life.py")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the kernels and of nothing else."""
    folder = tmp_path_factory.mktemp("copy")
    package = pathlib.Path(sim.__file__).parent
    shutil.copytree(package / "kernels", folder / "sim" / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(package / "__init__.py", folder / "sim")
    return folder


def cache_of(folder, cache):
    """Name of the cache that the kernels in a folder use."""
    code = "from sim.kernels.numerics.compiler import FOLDER; print(FOLDER)"
    said = subprocess.run([sys.executable, "-c", code], cwd=folder, text=True, capture_output=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(cache)})
    assert said.returncode == 0, said.stderr
    return pathlib.Path(said.stdout.strip()).name


def test_an_edited_helper_in_any_folder_is_another_cache(copy, tmp_path):
    plain = cache_of(copy, tmp_path)
    seen = {plain}
    for name in HELPERS:
        path = copy / "sim" / "kernels" / name
        text = path.read_text("utf-8")
        path.write_text(text + "\n# another line\n", "utf-8")
        seen.add(cache_of(copy, tmp_path))
        path.write_text(text, "utf-8")
    assert len(seen) == 1 + len(HELPERS)
    assert cache_of(copy, tmp_path) == plain


def test_a_moved_helper_is_another_cache(copy, tmp_path):
    plain = cache_of(copy, tmp_path)
    kernels = copy / "sim" / "kernels"
    (kernels / "choice" / "expected.py").rename(kernels / "expected.py")
    try:
        assert cache_of(copy, tmp_path) != plain
    finally:
        (kernels / "expected.py").rename(kernels / "choice" / "expected.py")


@pytest.mark.parametrize(("made", "is_pasted"), [(compiler.compiled, False), (numba.njit, True)])
def test_a_kernel_that_an_inlined_helper_calls_stays_a_function_of_its_own(monkeypatch, made, is_pasted):
    """numba hands a helper's options down to what it calls, unless that has its own."""
    monkeypatch.setattr(compiler, "FOLDER", "")          # nothing of this is kept
    kernel = made(lambda x: x + 1.0)
    helper = compiler.inlined(lambda x: kernel(x))
    compiler.compiled(lambda x: helper(x)).compile((numba.float64,))
    assert [each.fndesc.inline for each in kernel.overloads.values()] == [is_pasted]


def test_python_calls_no_helper_without_an_entry():
    """numba would jump to address 0: names that modules outside the kernels take from them have an entry."""
    package = pathlib.Path(sim.__file__).parent
    names = [path.relative_to(package).with_suffix("").parts for path in package.glob("kernels/**/*.py")
             if path.stem != "__init__"]
    kernels = {parts[-1]: importlib.import_module(".".join(["sim", *parts])) for parts in names}
    bare = {(stem, name) for stem, module in kernels.items() for name, value in vars(module).items()
            if getattr(value, "targetoptions", {}).get("no_cpython_wrapper")}
    assert ("choice", "best") in bare and ("elementary", "log") not in bare
    outside = [path.read_text("utf-8") for folder in (package, pathlib.Path(__file__).parent.parent)
               for path in folder.rglob("*.py") if package / "kernels" not in path.parents]
    taken = [_taken_from_kernels(ast.parse(text)) for text in outside if "sim.kernels" in text]
    assert not bare & set().union(*taken)


def _taken_from_kernels(tree):
    """(module, name) of all that a module imports from a kernel module, or reads of one."""
    found = {(node.module.rpartition(".")[2], alias.name) for node in ast.walk(tree)
             if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim.kernels.")
             for alias in node.names}
    return found | {(node.value.id, node.attr) for node in ast.walk(tree)
                    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}
