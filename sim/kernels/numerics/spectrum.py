"""Leading eigenvalues, without a library of linear algebra.

Signatures: krylov: a (n, n), start (n,) -> the Hessenberg matrix of a on its Krylov space and an
orthonormal basis of that (Arnoldi 1951).
Identities: a basis[:k].T = basis.T hessenberg, basis basis.T = 1. Loops in a fixed order give the same
bits on any number of threads.
"""

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined

BREAKDOWN = 1e-13              # what is left of a vector that lies in the space already
BLOCK = 32                     # numbers of a column that are passed over where all are 0


def krylov(a, start, most):
    """(hessenberg (k, k), basis (k + 1, n), rest): k <= most steps of Arnoldi from `start`.

    rest is what the next vector has outside the space, 0 where the space is invariant.
    """
    most = min(most, len(a))
    basis, h, rest = np.zeros((most + 1, len(a))), np.zeros((most + 1, most)), np.zeros(1)
    filled = np.empty((len(a), -(-len(a) // BLOCK)), np.bool_)
    k = _arnoldi(np.ascontiguousarray(a.T), start, basis, h, rest, filled)
    return h[:k, :k].copy(), basis[:k + 1].copy(), rest[0]


@compiled
def _arnoldi(columns, start, basis, h, rest, filled):
    """Fill basis and h; columns are those of a, filled (column, block) is scratch. Returns the number of steps."""
    n, most = columns.shape[0], h.shape[1]
    _look(columns, filled)
    size = _length(start)
    for i in range(n):
        basis[0, i] = start[i] / size
    for k in range(most):
        w = basis[k + 1]
        _multiply(columns, filled, basis[k], w)
        size = _length(w)
        for _ in range(2):                              # twice is enough (Kahan; Parlett 1980)
            for r in range(k + 1):
                _take_out(basis[r], w, h, r, k)
        rest[0] = _length(w)
        last = rest[0] <= BREAKDOWN * max(size, 1e-300) or k + 1 == most
        for i in range(n):
            w[i] = w[i] / rest[0] if rest[0] > 0.0 else 0.0
        if last:
            return k + 1
        h[k + 1, k] = rest[0]
    return most


@inlined
def _look(columns, filled):
    """Which blocks of a column have a number that is not 0."""
    n = columns.shape[0]
    for j in range(n):
        for b in range(filled.shape[1]):
            filled[j, b] = False
            for i in range(b * BLOCK, min((b + 1) * BLOCK, n)):
                if columns[j, i] != 0.0:
                    filled[j, b] = True


@inlined
def _multiply(columns, filled, x, w):
    """w plus a x, column after column, in a loop that vectorises over blocks in a row that are filled."""
    for j in range(x.size):
        times, b = x[j], 0
        while b < filled.shape[1]:
            first = b
            while b < filled.shape[1] and filled[j, b]:
                b += 1
            for i in range(np.uint64(first * BLOCK), np.uint64(min(b * BLOCK, w.size))):
                w[i] += columns[j, i] * times
            b += 1


@inlined
def _length(x):
    total = 0.0
    for i in range(x.size):
        total += x[i] * x[i]
    return np.sqrt(total)


@inlined
def _take_out(unit, w, h, r, k):
    """w without its part along a unit vector, which is entered in h[r, k]."""
    along = 0.0
    for i in range(w.size):
        along += unit[i] * w[i]
    h[r, k] += along
    for i in range(w.size):
        w[i] -= along * unit[i]
