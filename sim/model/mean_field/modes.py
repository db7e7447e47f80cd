"""Linear changes of counts (kind, site): slopes as matrices, equations on them, their leading eigenvalue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.numerics.linear import solved_all
from sim.kernels.numerics.spectrum import krylov

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.quarter_map import Field

STEPS, RESTARTS = 60, 30
TOLERANCE = 1e-9             # of an eigenvalue, relative to the largest found
NOTHING = 1e-6                # relative to the largest: eigenvalues of modes without feedback


def flat(field: Field, slopes: NDArray[np.float64], closed: bool | None = None) -> NDArray[np.float64]:
    """Slopes (kind, site, kind, site) as a matrix; where kinds keep their numbers, on the changes that do.

    The last site of a kind then takes what the others lose, and has no row of its own.
    """
    kinds, sites = slopes.shape[:2]
    if field.closed if closed is None else closed:
        slopes = slopes[:, :-1, :, :-1] - slopes[:, :-1, :, -1:]
        sites -= 1
    return np.ascontiguousarray(slopes.reshape(kinds * sites, kinds * sites))


def of_shares(slopes: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slopes of what sites have beyond their present share of a kind, as a matrix on such changes."""
    return reduced(slopes, n, rows=True, columns=True)


def reduced(slopes, n, rows, columns):
    """Slopes (kind, site, kind, site) as a matrix: of changes of shares in its rows, on such changes in its columns.

    The last site of a kind takes what the others lose, and has no row and no column of its own.
    """
    if rows:
        taken = shares(n)[:, :-1, None, None] * slopes.sum(axis=1)[:, None]
        slopes = np.subtract(slopes[:, :-1], taken, out=taken)
    if columns:
        slopes = slopes[:, :, :, :-1] - slopes[:, :, :, -1:]
    return np.ascontiguousarray(slopes.reshape(slopes.shape[0] * slopes.shape[1], -1))


def shares(n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) what a site has of all of a kind."""
    found: NDArray[np.float64] = n / np.maximum(n.sum(axis=1, keepdims=True), 1e-300)
    return found


def less(factor: float, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """factor - matrix, the factor times one."""
    found = -matrix
    np.einsum("ii->i", found)[:] += factor
    return found


def solved_changes(field: Field, factor: float, matrix: NDArray[np.float64],
                   change: NDArray[np.float64]) -> NDArray[np.float64]:
    """(factor - J)^-1 change, (kind, site) both, with J the `flat` slopes: on the changes that there can be."""
    kept = change[:, :-1] if field.closed else change
    x = solved_all(less(factor, matrix), kept.reshape(-1, 1)).reshape(kept.shape)
    return np.column_stack([x, -x.sum(axis=1)]) if field.closed else x


def leading(matrix: NDArray[np.float64]) -> float:
    """The largest real part among the eigenvalues of a matrix that are not 0; nan if it is not finite.

    For feedback that is positive in all, this is the spectral radius. Where rents outweigh peers it is
    negative, which the radius would hide.
    """
    if not np.isfinite(matrix).all():
        return float("nan")
    start = np.cos(np.arange(1.0, len(matrix) + 1.0) ** 2)
    for _ in range(RESTARTS):
        hessenberg, basis, rest = krylov(matrix, start, STEPS)
        values, vectors = np.linalg.eig(hessenberg)
        largest = np.abs(values).max(initial=0.0)
        if largest == 0.0:
            return 0.0
        kept = np.where(np.abs(values) > NOTHING * largest, values.real, -np.inf)
        pick = int(np.argmax(kept))
        if rest * abs(vectors[-1, pick]) <= TOLERANCE * largest or len(hessenberg) == len(matrix):
            break
        start = (basis[:len(values)].T * vectors[:, pick]).sum(axis=1).real
    return float(values[pick].real)
