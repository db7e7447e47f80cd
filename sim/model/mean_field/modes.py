"""Linear maps of changes, given by their products alone: equations on them, their leading eigenvalue.

A map is a function from vectors (..., n) to vectors (..., n), here mostly changes of counts (kind, site) as they lie
in memory. Small maps are written out as matrices. Of larger ones a Krylov space is searched: in exact arithmetic n
steps are enough, and far fewer are taken where feedback is strong in few directions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.numerics.linear import solved, solved_all
from sim.kernels.numerics.spectrum import krylov
from sim.model.mean_field import MOST

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field

    Map = Callable[[NDArray[np.float64]], NDArray[np.float64]]

SMALL = 60                    # numbers of a vector up to which a map is written out
STEPS, RESTARTS = 60, 30      # in search of an eigenvalue
LOOK = (5, 10)                # steps after which it is looked whether a space is enough for a solution, for a mode
LEAST = 20                    # steps before a mode is believed to be the leading one
TOLERANCE = 1e-11             # of an eigenvalue, relative to the largest found
EXACT = 1e-13                 # of a solution: what is left, relative to the right side
NOTHING = 1e-6                # relative to the largest: eigenvalues of modes without feedback


def flat(times: Map, shape: tuple[int, int]) -> Map:
    """A map of changes (..., kind, site) as one of vectors."""
    return lambda x: times(x.reshape(*x.shape[:-1], *shape)).reshape(x.shape)


def of_shares(times: Map, n: NDArray[np.float64]) -> Map:
    """A map of changes (..., kind, site), of what sites gain beyond their present share of a kind, on such vectors.

    The last site of a kind takes what the others lose, and has no number of its own. Where kinds keep their numbers,
    all changes are such.
    """
    share = shares(n)
    return lambda x: without_last(times(with_last(x, n)), share)


def with_last(x: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., kind, site) changes that sum to 0 over sites, from vectors without the last site."""
    rest = x.reshape(*x.shape[:-1], len(n), -1)
    return np.concatenate([rest, -rest.sum(axis=-1, keepdims=True)], axis=-1)


def without_last(change: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Vectors, without the last site, of what sites gain beyond their share; changes are (..., kind, site)."""
    beyond = change - share * change.sum(axis=-1, keepdims=True)
    return beyond[..., :-1].reshape(*change.shape[:-2], -1)


def shares(n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) what a site has of all of a kind."""
    found: NDArray[np.float64] = n / np.maximum(n.sum(axis=1, keepdims=True), 1e-300)
    return found


def matrix_of(times: Map, size: int) -> NDArray[np.float64]:
    """A map written out."""
    return np.ascontiguousarray(times(np.eye(size)).T)


def less(factor: float, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """factor - matrix, the factor times one."""
    found = -matrix
    np.einsum("ii->i", found)[:] += factor
    return found


def solved_changes(field: Field, n: NDArray[np.float64], factor: float, times: Map,
                   change: NDArray[np.float64]) -> NDArray[np.float64]:
    """(factor - J)^-1 change, (kind, site) both, with J a map at counts n: on the changes that there can be."""
    if field.closed:
        return with_last(solution(factor, of_shares(times, n), change[:, :-1].ravel()), n)
    return solution(factor, flat(times, change.shape), change.ravel()).reshape(change.shape)


def solution(factor: float, times: Map, right: NDArray[np.float64], tolerance: float = EXACT) -> NDArray[np.float64]:
    """x with factor x - J x = right: by orthogonal residuals on Krylov spaces (Saad 1981), written out if need be."""
    size, length = len(right), np.sqrt((right * right).sum())
    if size > SMALL and 0.0 < length < np.inf:
        for space in krylov(lambda x: factor * x - times(x), right, MOST):
            if space.steps % LOOK[0] and space.rest > 0.0:
                continue
            along = solved(space.hessenberg, length * np.eye(space.steps, 1)[:, 0])
            if space.rest * abs(along[-1]) <= tolerance * length:
                return (along[:, None] * space.basis[:-1]).sum(axis=0)
    return solved_all(less(factor, matrix_of(times, size)), right[:, None])[:, 0]


def leading(times: Map, size: int) -> float:
    """The largest real part among the eigenvalues of a map that are not 0; nan if it is not finite.

    For feedback that is positive in all, this is the spectral radius. Where rents outweigh peers it is
    negative, which the radius would hide.
    """
    start = np.cos(np.arange(1.0, size + 1.0) ** 2)
    if not np.isfinite(times(start)).all():
        return float("nan")
    if size <= SMALL:
        values = np.linalg.eigvals(matrix_of(times, size))
        return float(values[_leading(values)].real) if size and values.any() else 0.0
    for _ in range(RESTARTS):
        value, start, found = _searched(times, start)
        if found:
            break
    return value


def _searched(times, start):
    """(leading eigenvalue, its vector, whether it is exact enough) in a Krylov space."""
    for space in krylov(times, start, STEPS):
        ended = space.steps == STEPS or space.rest == 0.0
        if not ended and (space.steps < LEAST or space.steps % LOOK[1]):
            continue
        values, vectors = np.linalg.eig(space.hessenberg)
        if not values.any():
            return 0.0, start, True
        pick = _leading(values)
        found = space.rest * abs(vectors[-1, pick]) <= TOLERANCE * np.abs(values).max() or space.rest == 0.0
        if found or ended:
            vector = (space.basis[:-1] * vectors[:, pick, None]).sum(axis=0).real
            return float(values[pick].real), vector, found
    raise AssertionError("a Krylov space ends")


def _leading(values):
    """Where the eigenvalue with the largest real part is among those that are not 0."""
    return int(np.argmax(np.where(np.abs(values) > NOTHING * np.abs(values).max(), values.real, -np.inf)))
