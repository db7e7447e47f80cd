"""Linear equations with many right sides and leading eigenvalues, without a library of linear algebra.

Signatures: solved_all: a (n, n), b (n, m) -> x (n, m), a x = b; krylov: a (n, n), start (n,) -> the
Hessenberg matrix of a on its Krylov space and an orthonormal basis of that (Arnoldi 1951).
Identities: a basis[:k].T = basis.T hessenberg, basis basis.T = 1. Loops in a fixed order give the same
bits on any number of threads.
"""

import numpy as np

from sim.kernels.compiler import compiled

BREAKDOWN = 1e-13              # what is left of a vector that lies in the space already


@compiled
def solved_all(a, b):
    """x with a x = b, by elimination with row pivots; not finite where a is singular."""
    a, x = a.copy(), b.copy()
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
    return x


@compiled
def krylov(a, start, most):
    """(hessenberg (k, k), basis (k + 1, n), rest): k <= most steps of Arnoldi from `start`.

    rest is what the next vector has outside the space, 0 where the space is invariant.
    """
    n = a.shape[0]
    most = min(most, n)
    columns = np.ascontiguousarray(a.T)
    basis, h = np.zeros((most + 1, n)), np.zeros((most + 1, most))
    basis[0] = start / np.sqrt((start * start).sum())
    for k in range(most):
        w = np.zeros(n)
        for j in range(n):                              # by columns, which vectorises
            times = basis[k, j]
            for i in range(n):
                w[i] += columns[j, i] * times
        size = np.sqrt((w * w).sum())
        for _ in range(2):                              # twice is enough (Kahan; Parlett 1980)
            for r in range(k + 1):
                along = (basis[r] * w).sum()
                h[r, k] += along
                w -= along * basis[r]
        rest = np.sqrt((w * w).sum())
        if rest <= BREAKDOWN * max(size, 1e-300) or k + 1 == most:
            if rest > 0.0:
                basis[k + 1] = w / rest
            return h[:k + 1, :k + 1].copy(), basis[:k + 2].copy(), rest
        h[k + 1, k] = rest
        basis[k + 1] = w / rest
    return h[:most, :most].copy(), basis, 0.0
