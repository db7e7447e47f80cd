"""Where scratch lies in memory, how long it is kept, and what is fetched from it ahead of time.

Signatures: aligned: shape -> array; kept: who makes it, sizes -> scratch; fetch: array, position -> nothing.
Identities: none changes a number.
A vector of 64 bytes that lies in two cache lines is read and written twice; rows of a multiple of 8 numbers in an array
that begins with a line never do.
"""

import math

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from sim.kernels.numerics.compiler import inlined

LINE = 64                      # bytes of a cache line
READS, SECOND_LEVEL, DATA = 0, 2, 1    # what LLVM's prefetch is told: to read, into which cache, no instructions


def aligned(shape, kind=np.float64):
    """An array, not filled, that begins with a cache line."""
    bytes_ = np.empty(math.prod(shape) * np.dtype(kind).itemsize + LINE, np.uint8)
    return np.ndarray(shape, kind, bytes_, -bytes_.ctypes.data % LINE)


def kept(scratch, make, *size):
    """The scratch that `make` makes for a size; that of the last call if it was of this size and `scratch` is a dict.

    What stands in it is of no use to whoever comes next.
    """
    if scratch is None:
        return make(*size)
    if make not in scratch or scratch[make][0] != size:
        scratch[make] = size, make(*size)
    return scratch[make][1]


@intrinsic
def fetch(_, array, position):
    """Ask for the line of array's entry at a position, counted from its first, without waiting for it."""
    def code(context, builder, signature, given):
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        whole, byte = ir.IntType(32), ir.IntType(8).as_pointer()
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", (byte,), ir.FunctionType(ir.VoidType(), (byte, whole, whole, whole)))
        address = builder.bitcast(builder.gep(data, [given[1]]), byte)
        builder.call(function, (address, whole(READS), whole(SECOND_LEVEL), whole(DATA)))
        return context.get_dummy_value()
    return types.void(array, types.intp), code


@inlined
def fetch_all(array):
    """Ask for all lines of an array of numbers of 8 bytes."""
    for first in range(0, array.size, LINE // 8):
        fetch(array, first)
