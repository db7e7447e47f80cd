"""Linear equations by elimination, so that their bits depend on no library and no number of threads.

Signatures: solved: a (n, n), b (n,) -> x (n,) with a x = b; solved_all: b and x (n, m), many right sides; eliminated:
a -> Factors, with which `solution` has x for b after b.
Identities: a solved(a, b) = b; solution(eliminated(a), b) = solved_all(a, b), bit for bit.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined

PANEL = 64                     # columns that are eliminated together
TILE = 64                      # columns of a row that are looked at together, in the nearest cache


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
    """Factors in place, with row pivots: some columns at a time, then all others of every row.

    Of every number the same products are taken in the same order as column by column, so it has the same bits.
    """
    n = a.shape[0]
    for first in range(0, n, PANEL):
        last = min(first + PANEL, n)
        _panel(a, pivots, first, last)
        for i in range(first + 1, last):
            _take(a[i], a[i], a, first, i, last, n)
        for j in range(last, n, TILE):
            for i in range(last, n):
                _take(a[i], a[i], a, first, last, j, min(j + TILE, n))


@inlined
def _panel(a, pivots, first, last):
    """Pivots and factors of some columns, their rows exchanged as a whole."""
    n = a.shape[0]
    for k in range(first, last):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        pivots[k] = pivot
        _exchange(a, k, pivot)
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            _take(a[i], a[i], a, k, k + 1, k + 1, last)


@inlined
def _exchange(a, k, i):
    """Exchange two rows."""
    if i != k:
        for j in range(a.shape[1]):
            a[k, j], a[i, j] = a[i, j], a[k, j]


@compiled
def _substitute(lu, pivots, x):
    """In place: x is b at first."""
    n, m = x.shape
    for k in range(n):
        _exchange(x, k, pivots[k])
    for j in range(0, m, TILE):
        last = min(j + TILE, m)
        for k in range(n):
            _take(x[k], lu[k], x, 0, k, j, last)
        for k in range(n - 1, -1, -1):
            _take(x[k], lu[k], x, k + 1, n, j, last)
            for i in range(j, last):
                x[k, i] /= lu[k, k]


@inlined
def _take(row, factors, rows, first, last, begin, end):
    """row[begin:end] less factors[k] rows[k, begin:end] for k from first to last, four at a time in this order.

    Numbers without a sign are no places from the end, which a loop that vectorises would have to tell apart.
    """
    k = first
    while k + 4 <= last:
        p, q, r, s = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
        if p != 0.0 or q != 0.0 or r != 0.0 or s != 0.0:
            for j in range(np.uint64(begin), np.uint64(end)):
                row[j] = row[j] - p * rows[k, j] - q * rows[k + 1, j] - r * rows[k + 2, j] - s * rows[k + 3, j]
        k += 4
    while k < last:
        p = factors[k]
        if p != 0.0:
            for j in range(np.uint64(begin), np.uint64(end)):
                row[j] -= p * rows[k, j]
        k += 1
