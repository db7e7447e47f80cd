"""Kernels compiled by our own lowering: what numba's would have given, and what of numba it takes to be so."""

from typing import NamedTuple

import numba
import numpy as np
import pytest
from numba.core.compiler import Flags

from sim.kernels.numerics import compiler, lowering


class Pair(NamedTuple):
    x: float
    y: float
    many: np.ndarray


def mixed(pair):
    return pair.x + 3.0 * pair.y + pair.many[1]


def walked(pair, times):
    """Its own argument is another in every round."""
    for _ in range(times):
        pair = Pair(pair.y, pair.x + pair.y, pair.many)
    return pair.x


def kernels_of(helper, kernel):
    """(numba's own, ours, our helpers) of the kernels that `kernel` makes of the two helpers above."""
    ours = [helper(each) for each in (mixed, walked)]
    return numba.njit(kernel(*map(numba.njit, (mixed, walked)))), compiler.compiled(kernel(*ours)), ours


def swapping(mix, walk):
    def kernel(first, second, times):
        total = 0.0
        for k in range(times):
            before = first
            first, second = second, Pair(first.x - k, second.y, first.many)
            total += mix(before) + 2.0 * mix(first) + 4.0 * mix(second) + before.x
        return total
    return kernel


def walking(mix, walk):
    def kernel(first, second, times):
        far = walk(first, times)
        if times > 2:
            far += walk(Pair(first.y, far, second.many), 2)
        return far + 100.0 * mix(first) + 10.0 * mix(second)
    return kernel


def choosing(mix, walk):
    def kernel(first, second, times):
        chosen = first if times > 3 else second
        total = mix(chosen)
        for k in range(times):
            if k == 2:
                chosen = second
            elif k == 4:
                chosen = first
            total = 2.0 * total + walk(chosen, k)
        return total + mix(chosen)
    return kernel


PAIRS = Pair(0.1, 0.7, np.array([1.0, 5.0])), Pair(1.3, 0.2, np.array([2.0, 0.3]))


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(compiler, "FOLDER", "")


@pytest.mark.parametrize("helper", [compiler.inlined, compiler.shared, compiler.compiled])
@pytest.mark.parametrize("kernel", [swapping, walking, choosing])
def test_named_tuples_are_what_they_were_wherever_they_are_handed_on(helper, kernel):
    numbas, ours, _ = kernels_of(helper, kernel)
    assert [ours(*PAIRS, times) for times in range(7)] == [numbas(*PAIRS, times) for times in range(7)]


def test_a_helper_has_no_machine_code_of_its_own_and_a_kernel_has():
    _, ours, helpers = kernels_of(compiler.inlined, swapping)
    ours(*PAIRS, 3)
    [kernel], [helper] = ours.overloads.values(), helpers[0].overloads.values()
    defined = kernel.library.codegen._engine.is_symbol_defined
    assert [defined(each.fndesc.mangled_name) for each in (kernel, helper)] == [True, False]


def test_a_named_tuple_is_handed_on_by_one_address():
    _, ours, helpers = kernels_of(compiler.inlined, swapping)
    ours(*PAIRS, 3)
    [helper] = helpers[0].overloads.values()
    code = helper.library._final_module.get_function(helper.fndesc.mangled_name)
    assert len(list(code.arguments)) == 3          # where the result goes, where an error, and the named tuple


@pytest.mark.parametrize("chosen", [{}, {"nrt": True}, {"release_gil": True, "error_model": "numpy"}])
def test_options_compare_as_numbas_do(chosen):
    numbas = Flags()
    for name, value in chosen.items():
        setattr(numbas, name, value)
    ours = lowering._Flags(numbas)
    assert (ours, hash(ours), ours.values()) == (numbas, hash(numbas), numbas.values())
    assert ours.copy() == ours
    assert ours != lowering._Flags(_changed(numbas))


def _changed(flags):
    other = flags.copy()
    other.nrt = not flags.nrt
    return other
