"""Feedback of entry alone, R_choice, at the entrants' own fixed point.

A potential entrant of kind s chooses site j with probability p_sj(n) where the counts are n, without moving costs,
and comes with c_s = sum_j p_sj. N_s is how many the kind has. R_choice is the leading eigenvalue of

    J_sj,tk = N_s/c_s dp_sj / dn_tk = sum_i S_s,ji dV_si / dn_tk    at n* = N p(n*)/c,  S_s,ji = N_s/c_s dp_sj / dV_i

with c_s held at n*, so that a rise of the number that comes counts too. By this feedback a lead of a site among
entrants grows or fades. It says so at the fixed point alone: elsewhere chosen and present shares differ, and their
ratio multiplies the slopes. There S is at most diag(n*) / l, l the least dissimilarity, and peers that enter utility
as g ln(a + n) have slopes that sum to at most g over n, so that

    R_choice <= (g_L + g_C + g_H + g_P) / l,     (g_L + g_C + g_H - kappa_j) / l where sites are equal

kappa_j = b_r phi_j / (1 + eta), b_r phi_j at the cap, is what rents take back (docs/odd.md, 7.12). The fixed point is
searched by Newton's method from the counts as they stand, and where nobody stands from what entrants choose there; nan
where none is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.mean_field_maps import each_kind
from sim.model.mean_field import map_slopes, quarter_map, utility_slopes
from sim.model.mean_field.modes import flat, leading, solution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.mean_field.modes import Map
    from sim.model.mean_field.quarter_map import Field

TOLERANCE = 1e-11             # of the fixed point, relative to the whole
MOST = 40                     # of Newton's steps
LONGEST = 3.0                 # change of ln n of a cell in a step
LEAST = 1e-13                 # of the whole, below which a cell is as good as empty
ROUGH = 1e-9                  # of a step of Newton's method, relative to what is left


def r_choice(field: Field, n: NDArray[np.float64]) -> float:
    """R_choice of a Field, its fixed point searched from counts n (kind, site)."""
    there = fixed_point(field, n)
    if there is None:
        return float("nan")
    return leading(flat(entrants_map(field, there, quarter_map.entrants_chances(field, there)), n.shape), n.size)


def entrants_map(field: Field, n: NDArray[np.float64], chances: NDArray[np.float64]) -> Map:
    """J as a map of changes (..., kind, site): N_s/c_s dp_sj / dn_tk at n, where sampled entrants have these chances.

    Those who come are what they are at n: a rise of the whole number that comes is a change too.
    """
    come = quarter_map.entrants(field, chances)[:, :-1].sum(axis=1)
    scale = np.divide(n.sum(axis=1), come, out=np.zeros_like(come), where=come > 0.0)
    chosen, value = scale[:, None, None] * map_slopes.entry_slopes(field, chances), utility_slopes.build(field, n)
    return lambda change: each_kind(chosen, value.times(change))


def fixed_point(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """(kind, site) counts with the shares that entrants choose at them, kinds as many as at n; None if not found.

    Newton's steps, and where one leads no nearer, what entrants choose at n.
    """
    n = _start(field, n)
    chances, target = _chosen(field, n)
    for _ in range(MOST):
        far = np.abs(target - n).max()
        if not far > TOLERANCE * n.sum():
            return n if np.isfinite(far) else None
        there = _newton(field, n, chances, target)
        chances, chosen = _chosen(field, there)
        if not np.abs(np.log(chosen / there)).max() < np.abs(np.log(target / n)).max():
            there = target
            chances, chosen = _chosen(field, there)
        n, target = there, chosen
    return None


def _start(field, n):
    """The counts as they stand, and in empty cells what entrants choose at them; kinds keep their numbers."""
    least = LEAST * n.sum()
    n = np.maximum(n, least)
    start = np.where(n > least, n, chosen_counts(field, n))
    return start * (n.sum(axis=1) / start.sum(axis=1))[:, None]


def _newton(field, n, chances, target):
    """Counts after a step of Newton's method for ln q(n) = ln n, in which peers that enter by their log are linear."""
    times, share = entrants_map(field, n, chances), target / target.sum(axis=1, keepdims=True)

    def of_log(change):
        counts = times(n * change)
        return (counts - share * counts.sum(axis=-1, keepdims=True)) / target

    step = solution(1.0, flat(of_log, n.shape), np.log(target / n).ravel(), ROUGH).reshape(n.shape)
    there = n * np.exp(np.clip(step, -LONGEST, LONGEST))
    return there * (n.sum(axis=1) / there.sum(axis=1))[:, None]


def chosen_counts(field: Field, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind, site) N_s q_sj(n); a kind of which nobody comes stays as it is."""
    return _chosen(field, n)[1]


def _chosen(field, n):
    """(chances (chooser, site + 1) of the sampled entrants at n, `chosen_counts`)."""
    chances = quarter_map.entrants_chances(field, n)
    came = quarter_map.entrants(field, chances)[:, :-1]
    total = came.sum(axis=1, keepdims=True)
    chosen = n.sum(axis=1, keepdims=True) * came / np.maximum(total, 1e-300)
    return chances, np.where(total > 0.0, np.maximum(chosen, LEAST * n.sum()), n)
