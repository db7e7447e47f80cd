"""Linear equations by elimination, so that their bits depend on no library and no number of threads.

Signatures: solved: a (n, n), b (n,) -> x (n,) with a x = b; solved_all: b and x (n, m), many right sides.
Identities: a solved(a, b) = b.
"""

import numpy as np

from sim.kernels.numerics.compiler import compiled


def solved(a, b):
    """x with a x = b, by elimination with row pivots; not finite where a is singular."""
    return solved_all(a, b[:, None])[:, 0]


def solved_all(a, b):
    """The same for every column of b."""
    x = np.array(b, order="C")
    _solve_all(np.array(a, order="C"), x)
    return x


@compiled
def _solve_all(a, x):
    """In place: x is b at first."""
    n = a.shape[0]
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        if pivot != k:
            for j in range(k, n):
                a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
            for j in range(x.shape[1]):
                x[k, j], x[pivot, j] = x[pivot, j], x[k, j]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    a[i, j] -= factor * a[k, j]
                for j in range(x.shape[1]):
                    x[i, j] -= factor * x[k, j]
    for k in range(n - 1, -1, -1):
        for i in range(k + 1, n):
            if a[k, i] != 0.0:
                for j in range(x.shape[1]):
                    x[k, j] -= a[k, i] * x[i, j]
        for j in range(x.shape[1]):
            x[k, j] /= a[k, k]
