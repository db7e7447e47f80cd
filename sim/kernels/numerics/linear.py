"""Linear equations by elimination, so that their bits depend on no library and no number of threads.

Signatures: solved: a (n, n), b (n,) -> x (n,) with a x = b; solved_all: b and x (n, m), many right sides; eliminated:
a -> Factors, with which `solution` has x for b after b.
Identities: a solved(a, b) = b; solution(eliminated(a), b) = solved_all(a, b), bit for bit.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined


def solved(a, b):
    """x with a x = b, by elimination with row pivots; not finite where a is singular."""
    return solved_all(a, b[:, None])[:, 0]


def solved_all(a, b):
    """The same for every column of b."""
    return solution(eliminated(a), b)


class Factors(NamedTuple):
    """P a = L U: L below the diagonal, which is one, and U on and above it."""

    lu: np.ndarray            # (n, n)
    pivot: np.ndarray         # (n,) int64, the row that step k exchanges for row k


def eliminated(a):
    """The Factors of a."""
    factors = Factors(np.array(a, order="C"), np.empty(len(a), np.int64))
    _eliminate(*factors)
    return factors


def solution(factors, b):
    """x (n, m) with a x = b (n, m)."""
    x = np.array(b, order="C")
    _substitute(*factors, x)
    return x


@compiled
def _eliminate(a, pivots):
    """Factors in place, with row pivots."""
    n = a.shape[0]
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        pivots[k] = pivot
        _exchange(a, k, pivot)
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            if a[i, k] != 0.0:
                for j in range(k + 1, n):
                    a[i, j] -= a[i, k] * a[k, j]


@inlined
def _exchange(a, k, i):
    """Exchange two rows."""
    if i != k:
        for j in range(a.shape[1]):
            a[k, j], a[i, j] = a[i, j], a[k, j]


@compiled
def _substitute(lu, pivots, x):
    """In place: x is b at first."""
    n = lu.shape[0]
    for k in range(n):
        _exchange(x, k, pivots[k])
    for k in range(n):
        for i in range(k + 1, n):
            if lu[i, k] != 0.0:
                for j in range(x.shape[1]):
                    x[i, j] -= lu[i, k] * x[k, j]
    for k in range(n - 1, -1, -1):
        for i in range(k + 1, n):
            if lu[k, i] != 0.0:
                for j in range(x.shape[1]):
                    x[k, j] -= lu[k, i] * x[i, j]
        for j in range(x.shape[1]):
            x[k, j] /= lu[k, k]
