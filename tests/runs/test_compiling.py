"""Kernels compiled beforehand: the list is what runs call, and whoever cannot compile goes on without."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from numba import typeof

from sim.base import files
from sim.kernels import arrays
from sim.runs import compiling, kernel_signatures

ROOT = pathlib.Path(__file__).parents[2]
NOTED = ("import sys; sys.path.insert(0, 'docs'); import kernels; from sim.runs import kernel_signatures as s; "
         "print(s.text_of(kernels.noted(['baseline'])))")


def spelt(text):
    """{(kernel, types of its arguments as numba writes them)} of a list of kernels."""
    found = json.loads(text)
    types_of = lambda each: [kernel_signatures.type_at(found["types"], place) for place in each["arguments"]]  # noqa: E731
    return {(each["kernel"], *map(str, types_of(each))) for each in found["kernels"]}


def test_a_run_calls_no_kernel_that_is_not_compiled_beforehand():
    said = subprocess.run([sys.executable, "-c", NOTED], cwd=ROOT, capture_output=True, text=True, timeout=600,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert said.returncode == 0, said.stderr
    called, listed = spelt(said.stdout), spelt(kernel_signatures.content())
    assert len(called) > 20
    assert called - listed == set(), "python docs/kernels.py writes the list anew"


def test_a_type_is_what_it_was_after_it_was_written_and_read():
    locked = np.zeros((2, 3))
    locked.flags.writeable = False
    for value in (1.5, np.int64(3), True, locked, np.zeros((2, 3, 4), np.int32)[:, :2], (1, 2.0), (1, 2),
                  arrays.Nests(np.zeros(2, np.int64), np.zeros(1, np.int64), np.zeros((1, 2)))):
        table = json.loads(kernel_signatures.text_of([("a:b", [typeof(value)], 1.0)]))
        kind, = (kernel_signatures.type_at(table["types"], place) for place in table["kernels"][0]["arguments"])
        assert kind == typeof(value)


def test_beforehand_kernels_are_compiled_to_less_code(tmp_path):
    """LLVM passes over an option that it does not know, and says nothing."""
    code = ("from sim.runs import compiling; from sim.kernels.mean_field import _chosen; "
            "names = [each.kernel for each in compiling._list()[1]]; "
            "compiling.{}(1 + names.index('sim.kernels.mean_field:_chosen')); "
            "print(sum(map(len, _chosen.inspect_asm().values())))")
    lengths = []
    for way in ("compile_at", "compile_tersely"):
        cache = tmp_path / way
        cache.mkdir()
        said = subprocess.run([sys.executable, "-c", code.format(way)], cwd=ROOT, capture_output=True, text=True,
                              timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(cache)})
        assert said.returncode == 0, said.stderr
        lengths.append(int(said.stdout))
    assert 0 < lengths[1] < 0.9 * lengths[0], lengths


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A cache folder in which nothing was compiled beforehand."""
    monkeypatch.setattr(compiling, "FOLDER", str(tmp_path))
    assert not compiling.is_done()
    return tmp_path


@pytest.mark.parametrize("workers", [1, 2])
def test_kernels_are_compiled_once(empty, workers):
    states = list(compiling.compiled(workers))
    assert states[0] == (0, 100)
    assert states[-1] == (100, 100)
    assert states == sorted(states)
    assert compiling.is_done()
    assert [path.name for path in empty.iterdir()] == [compiling._mark().name]


def test_another_list_or_processor_is_not_done_yet(empty, monkeypatch):
    files.write_bytes(compiling._mark(), b"")
    assert compiling.is_done()
    monkeypatch.setattr(compiling.llvm, "get_host_cpu_name", lambda: "another")
    assert not compiling.is_done()
    monkeypatch.undo()


def test_where_another_process_compiles_nobody_waits(empty):
    with files.lock(empty):
        assert list(compiling.compiled(2)) == []
    assert not compiling.is_done()


def test_a_stop_leaves_no_mark_and_no_worker_files(empty):
    steps = compiling.compiled(2)
    assert next(steps) == (0, 100)
    steps.close()
    assert list(empty.iterdir()) == []
    assert not compiling.is_done()


def test_a_kernel_that_the_list_has_wrong_is_left_to_its_first_call(monkeypatch):
    wrong = kernel_signatures.Signature("sim.kernels.numerics.elementary:log", (0, 0), 1.0)
    gone = kernel_signatures.Signature("sim.kernels.numerics.elementary:no_more", (0,), 1.0)
    monkeypatch.setattr(compiling, "_list", lambda: (["float64"], [wrong, gone]))
    assert list(map(compiling.compile_at, (1, 2))) == [None, None]


def test_without_a_folder_nothing_is_compiled_beforehand(monkeypatch):
    monkeypatch.setattr(compiling, "FOLDER", "")
    assert compiling.is_done()
