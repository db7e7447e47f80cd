"""Linear equations by elimination, so that their bits depend on no library and no number of threads.

Signatures: solved: a (n, n), b (n,) -> x (n,) with a x = b. Identities: a solved(a, b) = b.
"""

from sim.kernels.numerics.compiler import compiled


def solved(a, b):
    """x with a x = b, by elimination with row pivots; not finite where a is singular."""
    x = b.copy()
    _solve(a.copy(), x)
    return x


@compiled
def _solve(a, x):
    """In place: x is b at first."""
    n = x.size
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        for j in range(n):
            a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
        x[k], x[pivot] = x[pivot], x[k]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= factor * a[k, j]
            x[i] -= factor * x[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            x[k] -= a[k, j] * x[j]
        x[k] /= a[k, k]
