"""Feedback: how much a change of the counts brings about by itself, and how long it lasts.

R_choice is the leading eigenvalue of the entrants' map from shares to chosen shares, without moving
costs; R_dyn that of (1 + z - A0)^-1 G, A0 the slopes of the quarterly map with peers and rents held, G
what they add, z the growth of the whole at these counts. At a fixed point z = 0; elsewhere a place
that keeps its share of a growing whole is neither gaining nor losing. What a lasting change comes to
in the long run is 1/(1 - R_dyn) times its direct effect, and shares run away where R_dyn > 1. The
half-life is that of the slowest mode of (A0 + G)/(1 + z) among changes of shares: how many
enterprises of a kind there are in all is no matter of place.

Decision 66 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.numerics.linear import solved_all
from sim.kernels.numerics.spectrum import krylov
from sim.model.mean_field import quarter_map

STEPS, RESTARTS = 60, 30
TOLERANCE = 1e-9             # of an eigenvalue, relative to the largest found
NOTHING = 1e-6                # relative to the largest: eigenvalues of modes without feedback
DIGITS = 9                    # kept of what is reported, so that it does not depend on a library's last bits


class Feedback(NamedTuple):
    r_choice: float
    r_dyn: float
    half_life: float            # years; inf where the slowest mode grows

    @property
    def multiplier(self):
        """The long run of a lasting change over its direct effect, 1/(1 - R_dyn); inf from R_dyn = 1 on."""
        return 1.0 / (1.0 - self.r_dyn) if self.r_dyn < 1.0 else float("inf")


def measure(field, n=None, slopes=None):
    """The Feedback of a Field at counts n, by default as they stand; slopes there, if they are at hand."""
    n = field.n if n is None else n
    slopes, factor = slopes or quarter_map.slopes(field, n), growth(field, n)
    matrices = (flat(field, slopes.entry, closed=False), dynamic(field, slopes, factor),
                of_shares(slopes.held + slopes.added, n) / factor)
    choice, dyn, mode = (round(leading(matrix), DIGITS) for matrix in matrices)
    return Feedback(choice, dyn, half_life(mode))


def growth(field, n):
    """The factor 1 + z by which the whole grows in the quarter after n."""
    return 1.0 if field.closed else quarter_map.advance(field, n).sum() / n.sum()


def dynamic(field, slopes, factor=1.0):
    """The matrix (1 + z - A0)^-1 G whose leading eigenvalue is R_dyn."""
    held = flat(field, slopes.held)
    return solved_all(factor * np.eye(len(held)) - held, flat(field, slopes.added))


def solved_changes(field, factor, matrix, change):
    """(factor - J)^-1 change, (kind, site) both, with J the `flat` slopes: on the changes that there can be."""
    kept = change[:, :-1] if field.closed else change
    x = solved_all(factor * np.eye(len(matrix)) - matrix, kept.reshape(-1, 1)).reshape(kept.shape)
    return np.column_stack([x, -x.sum(axis=1)]) if field.closed else x


def half_life(mode):
    """Years in which a mode that keeps the share `mode` a quarter falls to a half."""
    if np.isnan(mode):
        return float("nan")
    kept = max(abs(mode), 1e-300)
    return float("inf") if kept >= 1.0 else round(float(0.25 * np.log(0.5) / np.log(kept)), DIGITS)


def flat(field, slopes, closed=None):
    """Slopes (kind, site, kind, site) as a matrix; where kinds keep their numbers, on the changes that do.

    The last site of a kind then takes what the others lose, and has no row of its own.
    """
    kinds, sites = slopes.shape[:2]
    if field.closed if closed is None else closed:
        slopes = slopes[:, :-1, :, :-1] - slopes[:, :-1, :, -1:]
        sites -= 1
    return np.ascontiguousarray(slopes.reshape(kinds * sites, kinds * sites))


def of_shares(slopes, n):
    """Slopes of what sites have beyond their present share of a kind, as a matrix on such changes."""
    share = n / np.maximum(n.sum(axis=1, keepdims=True), 1e-300)
    slopes = slopes - share[:, :, None, None] * slopes.sum(axis=1)[:, None]
    slopes = slopes[:, :-1, :, :-1] - slopes[:, :-1, :, -1:]
    size = slopes.shape[0] * slopes.shape[1]
    return np.ascontiguousarray(slopes.reshape(size, size))


def leading(matrix):
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
