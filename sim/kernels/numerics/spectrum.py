"""Krylov spaces of a linear map that is given by its products alone, for eigenvalues and equations.

Signatures: krylov: times (x (n,) -> (n,)), start (n,) -> Spaces, each with the Hessenberg matrix of the map on the
space of `start` and an orthonormal basis (Arnoldi 1951).
Identities: times(basis[k]) = basis.T hessenberg[:, k] but for the last, which has `rest` basis[-1] more; basis basis.T
= 1. Loops in a fixed order give the same bits on any number of threads.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined

BREAKDOWN = 1e-13              # what is left of a vector that lies in the space already
ROOM = 32                      # vectors for which room is made at a time


class Space(NamedTuple):
    """After so many steps; its arrays are written on in the next step."""

    steps: int
    hessenberg: np.ndarray     # (steps, steps)
    basis: np.ndarray          # (steps + 1, n)
    rest: float                # what the next vector has outside the space, 0 where the space is invariant


def krylov(times, start, most):
    """Generator of Spaces of 1, 2, ... `most` steps, at most n, until the space is invariant."""
    most = min(most, len(start))
    basis, h = np.zeros((min(most, ROOM) + 1, len(start))), np.zeros((most + 1, most))
    basis[0] = start / np.sqrt((start * start).sum())
    for k in range(most):
        if k + 2 > len(basis):
            basis = np.concatenate([basis, np.zeros((min(most - k, ROOM), len(start)))])
        basis[k + 1] = times(basis[k])
        rest = _orthogonal(basis, h, k)
        yield Space(k + 1, h[:k + 1, :k + 1], basis[:k + 2], rest)
        if rest == 0.0:
            return


@compiled
def _orthogonal(basis, h, k):
    """Take the space out of vector k + 1, enter its parts in column k of h, make it a unit; returns what was left."""
    w = basis[k + 1]
    size = _length(w)
    for _ in range(2):                                  # twice is enough (Kahan; Parlett 1980)
        for r in range(0, k + 1 - (k + 1) % 4, 4):
            _take_out_four(basis[r:r + 4], w, h[r:r + 4, k])
        for r in range(k + 1 - (k + 1) % 4, k + 1):
            _take_out(basis[r], w, h, r, k)
    rest = _length(w)
    if rest <= BREAKDOWN * max(size, 1e-300):
        rest = 0.0
    for i in range(w.size):
        w[i] = w[i] / rest if rest > 0.0 else 0.0
    h[k + 1, k] = rest
    return rest


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


@inlined
def _take_out_four(units, w, along):
    """The same along four orthogonal unit vectors at once, whose sums do not wait for one another."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for i in range(w.size):
        a += units[0, i] * w[i]
        b += units[1, i] * w[i]
        c += units[2, i] * w[i]
        d += units[3, i] * w[i]
    for i in range(np.uint64(w.size)):
        w[i] -= a * units[0, i] + b * units[1, i] + c * units[2, i] + d * units[3, i]
    along[0] += a
    along[1] += b
    along[2] += c
    along[3] += d
