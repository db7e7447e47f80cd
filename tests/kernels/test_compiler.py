"""The cache of compiled kernels: an edit in any of their files, however deep, is another cache."""

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
