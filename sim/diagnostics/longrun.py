"""The long run: where the mean field settles, and how long a run takes to a critical mass."""

from typing import NamedTuple

import numpy as np

from sim.diagnostics import meanfield
from sim.diagnostics.feedback import flat
from sim.kernels.spectrum import solved_all

TOLERANCE = 1e-10             # of a fixed point: change in a quarter, relative to the whole
FIRST_STEP = 8.0              # quarters of the first implicit step
FASTER = (0.5, 10.0)          # a step is at least, at most so many times the one before
MOST = 200
MOST_NEWTON = 60
LONGEST = 1.0                 # change of ln n of a cell in a step
LEAST = 1e-13                 # of the whole, below which a cell is as good as empty


class Settled(NamedTuple):
    n: np.ndarray             # (kind, site)
    change: float             # largest change in a quarter, relative to the whole
    steps: int

    @property
    def found(self):
        return self.change <= TOLERANCE


def settle(field, start, newton=False):
    """The fixed point that the map leads to from `start` (kind, site), or Newton's nearest with `newton`.

    Implicit Euler steps in time, (1/t + 1 - J) d = map(n) - n, longer as the rest shrinks: they follow
    the flow at first and are Newton steps at last (pseudo-transient continuation, Kelley & Keyes 1998).
    Newton's alone also finds unstable fixed points.
    """
    n, time, before = np.maximum(start, LEAST * start.sum()), np.inf if newton else FIRST_STEP, np.inf
    for step in range(MOST_NEWTON if newton else MOST):
        rest = meanfield.advance(field, n) - n
        change = np.abs(rest).max() / n.sum()
        if not np.isfinite(change) or change <= TOLERANCE:
            break
        if not newton:
            time *= np.clip(before / change, *FASTER) if step else 1.0
        before = change
        n = _moved(field, n, _step(field, n, rest, time))
    return Settled(n, float(change), step)


def _step(field, n, rest, time):
    slopes = meanfield.slopes(field, n)
    matrix = flat(field, slopes.held + slopes.added)
    kept = rest[:, :-1] if field.closed else rest
    x = solved_all((1.0 / time + 1.0) * np.eye(len(matrix)) - matrix, kept.reshape(-1, 1)).reshape(kept.shape)
    return np.column_stack([x, -x.sum(axis=1)]) if field.closed else x


def _moved(field, n, step):
    """n + step to first order, by factors, so that no cell is left with less than nothing."""
    moved = np.maximum(n * np.exp(np.clip(step / n, -LONGEST, LONGEST)), LEAST * n.sum())
    if field.closed:
        moved *= n.sum(axis=1, keepdims=True) / moved.sum(axis=1, keepdims=True)
    return moved


def critical_mass(headquarters, threshold):
    """(member,) years until the zone's headquarters (member, quarter) reach the threshold; nan if never.

    >>> critical_mass(np.array([[58, 90, 101], [58, 60, 61]]), 100)
    array([0.5, nan])
    """
    reached = headquarters >= threshold
    return np.where(reached.any(axis=1), reached.argmax(axis=1) / 4.0, np.nan)
