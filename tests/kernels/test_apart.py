"""LLVM is promised that arrays do not overlap (`compiler.apart`): the promise is kept."""

import ast
import os
import subprocess
import sys

import numpy as np
import pytest

from tests.samples import looked_at
from tests.samples.runs import ROOT


def declared():
    """Names of all helpers that are declared `apart`."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "sim" / "kernels").rglob("*.py")]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
            and any(isinstance(one, ast.Name) and one.id == "apart" for one in node.decorator_list)}


def test_no_array_that_is_written_to_overlaps_another_in_any_helper_that_promises_so():
    """Every such helper is called in a small simulation whose kernels run as Python, and every call is looked at."""
    said = subprocess.run([sys.executable, "-m", "tests.samples.looked_at"], cwd=ROOT, text=True, capture_output=True,
                          timeout=600, env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"})
    assert said.returncode == 0, said.stderr[-2000:]
    assert set(said.stdout.split()) == declared() != set()


def _added(total, part, factor):
    for k in range(total.size):
        total[k] += factor * part[k]


def test_an_overlap_is_seen_and_what_is_only_read_may_overlap():
    numbers = np.arange(8.0)
    assert looked_at.writes(_added) == {"total"}
    looked_at.looked_at(_added)(numbers[:4], numbers[4:], 2.0)
    with pytest.raises(AssertionError, match="total and part overlap"):
        looked_at.looked_at(_added)(numbers[:4], numbers[3:7], 2.0)
