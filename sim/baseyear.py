"""The base year: site constants and the moving cost under which the start is in balance.

Peers, rents and statuses are held at base-year values. Unknowns are the constants alpha (site) and
c0; the equations say that the expected net flow at every site is proportional to its share, that
the expected outside share of entrants is the one given, and that the expected share of enterprises
that move in a year is the target. That alpha reproduces its targets checks the solver, not the model.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.expected import flows, weights

SAMPLE = 1000                 # potential entrants over whom entry is averaged
TOLERANCE = 1e-10             # largest error of an equation, relative to the number of candidates
MOST_STEPS = 60
JACOBIAN_SAMPLE = 500         # choosers on whom slopes are estimated; residuals use everybody


class BaseYear(NamedTuple):
    """What the base year was solved for, and how well."""

    constant: np.ndarray      # (member, site)
    cost: np.ndarray          # (member,)
    residual: np.ndarray      # (member,) largest error of an equation, relative
    steps: np.ndarray         # (member,)
    shares: np.ndarray        # (member, site) allocated shares of candidates


class Targets(NamedTuple):
    shares: np.ndarray        # (site,) shares of candidates
    exits: np.ndarray         # (site,) expected exits of a quarter
    entrants: float           # potential entrants of a quarter
    review: float             # probability in a quarter that an enterprise chooses with new errors
    outside: float            # share of potential entrants that stay outside
    moves: float              # share of enterprises that move in a quarter
    candidates: float
    has_outside: bool
    solve_cost: bool


def solve(m, v, current, targets, nests):
    """Constants and cost of one member: chord Newton on the expected flows.

    v (chooser, site + 1) utilities with alpha = 0 and c0 = 0, incumbents first, then the sample of
    entrants; current (chooser,) site or -1. Returns (alpha, c0, residual, steps).
    """
    length = nests.dissimilarity[m % len(nests.dissimilarity)]
    w = weights(v, nests.of_site, length)
    amount = np.where(current >= 0, targets.review, targets.entrants / max((current < 0).sum(), 1))
    x = _start(v, current, targets)
    stride = max(1, len(v) // JACOBIAN_SAMPLE)
    slope = np.empty((len(x) + 1, len(x)))
    best = (x, np.inf)
    for step in range(MOST_STEPS):
        fresh = step < 3 or step % 8 == 0
        jacobian = slope if fresh else np.empty((0, len(x)))
        inflow, moved = flows(w, current, amount, x[:-1], x[-1], nests.of_site, length,
                                jacobian, stride)
        residual, unknown, slopes = _equations(inflow, moved, slope, current, targets)
        error = np.abs(residual).max() / targets.candidates
        if error < best[1]:
            best = (x.copy(), error)
        if error < TOLERANCE:
            break
        if fresh:
            inverse = np.linalg.pinv(slopes)
        move = np.clip(inverse @ residual, -2.0, 2.0)
        x = x.copy()
        x[unknown] -= move
    return best[0][:-1], best[0][-1], best[1], step + 1


def _start(v, current, targets):
    """Constants that would do if nobody moved: ln share less the entrants' mean utility."""
    entrants = v[current < 0] if (current < 0).any() else v
    alpha = np.log(targets.shares) - entrants[:, :-1].mean(axis=0)
    if targets.has_outside:
        alpha += np.log((1 - targets.outside) / max(targets.outside, 1e-6))
    else:
        alpha -= alpha.mean()
    return np.append(alpha, 5.0 if targets.solve_cost else 0.0)


def _equations(inflow, moved, slope, current, t):
    """Residuals, which unknowns are free, and the residuals' slopes in them."""
    stay = t.review * np.bincount(current[current >= 0], minlength=len(t.shares))
    net = inflow[:-1] - stay - t.exits
    shape = np.eye(len(t.shares)) - t.shares[:, None]                # net flow less share * its total
    rows, slopes = [shape @ net], [shape @ slope[:-2]]
    unknown = np.ones(len(t.shares) + 1, bool)
    if t.has_outside:
        rows.append([(inflow[-1] - t.outside * t.entrants) * t.candidates / t.entrants])
        slopes.append(slope[-2:-1] * t.candidates / t.entrants)
    if t.solve_cost:
        rows.append([moved - t.moves * t.candidates])
        slopes.append(slope[-1:])
    else:
        unknown[-1] = False
    return np.concatenate(rows), unknown, np.concatenate(slopes)[:, unknown]
