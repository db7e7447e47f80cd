"""Kernels run as Python, where every call of a helper that is declared `apart` is looked at; prints what was called.

A program of its own, started with NUMBA_DISABLE_JIT=1: numba reads it when it is first imported.
"""

import ast
import functools
import inspect
import itertools
import textwrap
import warnings

import numpy as np

from sim.kernels.numerics import compiler, memory

WORD = np.uint64
called = set()


class Wrapping(np.uint64):
    """Of a negative number its two's complement, as compiled kernels have it."""

    def __new__(cls, value=0):
        return WORD(int(value) & 0xFFFFFFFFFFFFFFFF)


def looked_at(function):
    """The helper, which first looks whether an array that it writes to overlaps another that it is given."""
    written, names = writes(function), list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def helper(*given):
        called.add(function.__qualname__)
        arrays = {name: value for name, value in zip(names, given, strict=True) if isinstance(value, np.ndarray)}
        for one, other in itertools.combinations(arrays, 2):
            if {one, other} & written and np.shares_memory(arrays[one], arrays[other]):
                raise AssertionError(f"{function.__qualname__}: {one} and {other} overlap")
        return function(*given)
    return helper


def writes(function):
    """Names of the arrays to whose entries its text assigns."""
    found = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function))))
    targets = [one for node in found if isinstance(node, ast.Assign | ast.AugAssign)
               for one in getattr(node, "targets", None) or [node.target]]
    return {each.value.id for one in targets for each in ast.walk(one) if isinstance(each, ast.Subscript)}


def main():
    """Two quarters of a small world with everything on, once with each way of registration."""
    np.uint64, compiler.apart, memory.fetch = Wrapping, looked_at, lambda array, position: None
    warnings.simplefilter("ignore")                    # sums of hashes run over, as they are meant to
    from tests.samples import worlds

    for how in ("function", "separate"):
        worlds.lively({"switches": {"registration": how}})
    print(*sorted(called))


if __name__ == "__main__":
    main()
