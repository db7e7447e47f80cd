"""What a search for constants is for: the equations of a base year, their slopes, and what would solve simpler ones.

Signatures: gaps: flows -> equations and their largest error; fill_rows: slopes of flows -> those of equations;
correct_alike: flows of entrants -> a correction. Identities: the rows of sites sum to nothing; correct_alike solves in
one step what entrants who are alike are in.

A row a site: flow less what is given of it, and less its share of all flows. The last site's follows from the others,
and in its place stands the share of entrants outside (or the level of alpha where there is no outside option), and
with costs the amount that moves.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.base_year.chooser_lanes import FlowRoom
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import log

ENTRY, MOVES, UNIFORM = range(3)              # forms
FLOWS, SLOPES, BOTH, DONE = range(4)          # what `advance` asks for: at `there`, at x, both at `there`
MOST_STEPS = 50
LONGEST, SHORTEST = 3.0, 1e-6  # change of an unknown in a step; share of a Newton step
NOISE = 1e-11                  # a correction that need not shrink any more
OUTSIDE_FLOOR = 1e-11          # an outside share of 0 is met by this one, within the tolerance
FAR = 300.0                    # exponentials are worked out anew where a constant has risen by more times l
RESIDUAL, SIZE, DAMPING, FACTOR, TOLERANCE, LAST = range(6)   # Search.number
ASKED, STEPS, STALE, ALIKE, ALL = range(5)                    # Search.flag
START = -1                                                    # what was asked for at the start


class Problem(NamedTuple):
    """What flows should be; a group is a kind of enterprise, searched apart, or there is one."""

    form: int
    shares: np.ndarray         # (group, site)
    given: np.ndarray          # (site,) what is taken from inflow
    drift: np.ndarray          # (site,) net flows beyond those in proportion
    entrants: np.ndarray       # (group,) potential entrants
    scale: np.ndarray          # (group,) of the rows of sites, to which residuals are relative
    outside: float             # share of potential entrants
    has_outside: bool
    moves: float               # amount that moves
    candidates: float          # to which it is relative
    solved: bool               # whether the one cost of all sites is unknown; else it is kept
    eager: bool                # whether slopes are worked out with all flows


class Search(NamedTuple):
    """Where a search stands, and its scratch."""

    x: np.ndarray              # (unknown,)
    there: np.ndarray          # (unknown,) where it asks for flows
    gap: np.ndarray            # (unknown,) equations at x
    then: np.ndarray           # (unknown,) at `there`
    correction: np.ndarray     # (unknown, 1) of x
    left: np.ndarray           # (unknown, 1) of `there`, by the same slopes
    lu: np.ndarray             # (unknown, unknown)
    pivot: np.ndarray          # (unknown,) int64
    jacobian: np.ndarray       # (site + 2, site + 1), or (site + 2, site) of costs
    base: np.ndarray           # (2, site) constants at which all, and the few who give slopes, are weighed
    rise: np.ndarray           # (site,) constants above those
    cost: np.ndarray           # (site,)
    aim: np.ndarray            # (site,) l ln s_j|m + ln s_m
    nest: np.ndarray           # (nest,) scratch
    number: np.ndarray         # (6,)
    flag: np.ndarray           # (5,) int64
    room: FlowRoom


def search_for(form, room):
    """A Search of this form with this FlowRoom."""
    sites, nests = room.times.size - 1, room.z.shape[0]
    n = sites + (form == UNIFORM)
    return Search(*(np.empty(n) for _ in range(4)), np.empty((n, 1)), np.empty((n, 1)), np.empty((n, n)),
                  np.empty(n, np.int64), np.empty((sites + 2, sites + (form != MOVES))), np.zeros((2, sites)),
                  np.zeros(sites), np.zeros(sites), np.empty(sites),
                  np.empty(nests), np.empty(6), np.zeros(5, np.int64), room)


@inlined
def correct_alike(out, found, there, aim, came, t, g, of_site, length):
    """Berry's equation 27, taken from the constants at `there`, of which flows are found; came (nest,) is scratch."""
    sites, mean = of_site.size - 1, 0.0
    _sum_nests(came, found, of_site)
    level = log(max(found[sites], 1e-300) / (max(t.outside, OUTSIDE_FLOOR) * t.entrants[g])) if t.has_outside else 0.0
    level += log((1.0 - t.outside if t.has_outside else 1.0) * t.entrants[g])
    for nest in range(length.size):
        came[nest] = level - (1.0 - length[nest]) * log(max(came[nest], 1e-300))
    for j in range(sites):
        out[j, 0] = length[of_site[j]] * log(max(found[j], 1e-300))
    for j in range(sites):
        out[j, 0] -= aim[j] + came[of_site[j]]
        mean += (out[j, 0] - there[j]) / sites
    for j in range(0 if t.has_outside else sites):
        out[j, 0] -= mean


@inlined
def set_aim(aim, wanted, shares, of_site, length):
    """Fill aim (site,) with l ln s_j|m + ln s_m of the shares that are wanted; wanted (nest,) is scratch."""
    _sum_nests(wanted, shares, of_site)
    for j in range(aim.size):
        of_nest = wanted[of_site[j]]
        aim[j] = length[of_site[j]] * log(shares[j] / of_nest) + log(of_nest)


@inlined
def _sum_nests(out, values, of_site):
    """(nest,) sums of values by site."""
    out[:] = 0.0
    for j in range(of_site.size - 1):
        out[of_site[j]] += values[j]


@inlined
def gaps(found, there, gap, t, g):
    """Fill gap with the equations at the flows found `there`; the largest error, relative."""
    everything, off, sites = 0.0, 0.0, t.given.size
    for j in range(sites):
        everything += found[j] - t.given[j]
    for j in range(sites):
        gap[j] = found[j] - t.given[j] - t.shares[g, j] * everything - t.drift[j]
        off = _worse(off, gap[j] / t.scale[g])
    if t.form != MOVES:
        off = _outside_gap(off, found[sites], there, gap, t, g)
    if t.form != ENTRY and t.solved:
        moved, last = found[sites + 1], gap.size - 1
        off = _worse(off, (moved - t.moves) / t.candidates)
        gap[last] = moved * log(max(moved, 1e-300) / t.moves)
    elif t.form == UNIFORM:
        gap[sites] = 0.0
    return off


@inlined
def _outside_gap(off, out, there, gap, t, g):
    """In place of the last site's row the share outside, or the level of alpha; value ln(value / target).

    To first order that is value - target, but nearly linear in the unknowns.
    """
    sites, entrants = t.given.size, t.entrants[g]
    gap[sites - 1] = 0.0
    for j in range(0 if t.has_outside else sites):
        gap[sites - 1] += there[j]
    if t.has_outside:
        gap[sites - 1] = out * log(max(out, 1e-300) / (max(t.outside, OUTSIDE_FLOOR) * entrants))
        off = _worse(off, out / entrants - t.outside)
    return off


@inlined
def _worse(off, error):
    """The larger of two errors, not a number if one is none."""
    return off if abs(error) <= off or off != off else abs(error)


@inlined
def fill_rows(slopes, rows, t, g):
    """Fill rows (equation, unknown): slopes of equations from those of flows, that of a logarithm times its value."""
    n, sites = rows.shape[0], t.given.size
    for k in range(n):
        everything = 0.0
        for j in range(sites):
            everything += slopes[j, k]
        for j in range(sites):
            rows[j, k] = slopes[j, k] - t.shares[g, j] * everything
        if t.form != MOVES:
            rows[sites - 1, k] = slopes[sites, k] if t.has_outside else 1.0 if k < sites else 0.0
        if t.form == MOVES or t.form == UNIFORM and t.solved:
            rows[n - 1, k] = slopes[sites + 1, k]
        elif t.form == UNIFORM:
            rows[n - 1, k] = 1.0 if k == n - 1 else 0.0


@inlined
def largest(x):
    """The largest of |x| (unknown, 1), not a number if one is none."""
    largest = 0.0
    for k in range(x.shape[0]):
        largest = _worse(largest, x[k, 0])
    return largest
