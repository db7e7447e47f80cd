"""The search for site constants, or costs of leaving, at which expected flows are those of the base year.

Signatures: search: Problem and weighed choosers -> unknowns, residuals and steps, in place; advance: one step of it, for
who works flows out himself. Identities: where it ends below the tolerance the equations hold to rounding errors; kinds
that are searched together have the bits of each alone.

Unknown are, by form, constants alpha of entrants (ENTRY), costs c of leaving each site (MOVES), or alpha and one cost
of all sites (UNIFORM). A row a site: flow less what is given of it, and less its share of all flows. The last site's
follows from the others, and in its place stands the share of entrants outside (or the level of alpha where there is no
outside option), and with costs the amount that moves.

Steps are Newton's, each shortened until it brings the solution nearer: the correction that is left by the same slopes
is smaller, a test in which the scales of the equations cancel. Slopes are kept while a step leaves less than a quarter
of it (Deuflhard 2004, Newton Methods for Nonlinear Problems, chapter 3). Entrants begin without any: were they alike,
the step would be

    d alpha_j = l ln(s_j|m / p_j|m) + ln(s_m / p_m) - ln(s_0 / p_0)          (Berry 1994, equation 27)

with p the chances of all together, and as long as that leaves less than a quarter it does for those who are not
(a contraction: Berry, Levinsohn and Pakes 1995, appendix I). Slopes in costs of leaving are worked out with all flows
where an elimination takes less time than a pass.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.choice.expected_flows import FlowRoom, add_up, weigh
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log
from sim.kernels.numerics.linear import _eliminate, _substitute

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
                  np.zeros(sites), np.zeros(sites), np.empty(sites), np.empty(nests), np.empty(6), np.zeros(5, np.int64), room)


@compiled
def search(v, alpha, lanes, blocks, few_v, few, s, t, of_site, length, tolerance, last, x, residual, steps):
    """Search for x (group, unknown) from there; residual and steps (group,) are told.

    v (chooser, site + 1) and Lanes of all, blocks (group + 1,) their first; `few` of few_v, if it has blocks, give the
    slopes until they do badly. alpha (site,) constants under which costs are searched for. Equations hold within
    `tolerance` in the end, and the last correction is below `last`, or does not shrink any more.
    """
    for g in range(x.shape[0]):
        first, end = blocks[g], blocks[g + 1]
        for k in range(2):
            for j in range(alpha.size):
                s.base[k, j] = alpha[j] if t.form == MOVES else x[g, j]
        weigh(v, s.base[0], lanes, first, end, of_site, length)
        weigh(few_v, s.base[1], few, 0, few.row.shape[0], of_site, length)
        asked = _begin(s, t, g, x[g], tolerance, last, of_site, length)
        while asked != DONE:
            if asked == SLOPES and few.row.shape[0] > 0 and s.flag[ALL] == 0:
                _look(few_v, few, 0, few.row.shape[0], s.x, s.base[1], s, t, of_site, length, s.jacobian)
            else:
                rows = 0 if asked == FLOWS else s.jacobian.shape[0]
                _look(v, lanes, first, end, s.x if asked == SLOPES else s.there, s.base[0], s, t, of_site, length,
                      s.jacobian[:rows])
            asked = _advance(s, t, g, of_site, length)
        _copy(s.x, x[g])
        residual[g], steps[g] = s.number[RESIDUAL], s.flag[STEPS]


@inlined
def _look(v, lanes, first, last, x, base, s, t, of_site, length, jacobian):
    """Flows of some blocks at x; who was weighed at constants too far from it is weighed there."""
    farthest = 0.0
    for j in range(base.size if t.form != MOVES else 0):
        s.rise[j] = x[j] - base[j]
        farthest = max(farthest, abs(s.rise[j]) / length[of_site[j]])
    if not farthest < FAR:
        for j in range(base.size):
            base[j], s.rise[j] = x[j], 0.0
        weigh(v, base, lanes, first, last, of_site, length)
    for j in range(base.size):
        s.cost[j] = x[j] if t.form == MOVES else x[base.size] if t.form == UNIFORM else 0.0
    add_up(lanes, first, last, s.rise, s.cost, of_site, length, jacobian, s.room)


@compiled
def first_costs(v, alpha, lanes, s, t, of_site, length, low, high, nearly):
    """s.cost at which enough of these movers move, by bisection on a number: the larger, the fewer.

    The number is the cost itself, the same everywhere, or where sites have costs ln B of ln(1 + B / s_j), the solution
    of a plain logit without distances.
    """
    s.rise[:] = 0.0
    weigh(v, alpha, lanes, 0, lanes.row.shape[0], of_site, length)
    while high - low > nearly:
        middle = 0.5 * (low + high)
        _set_costs(middle, s, t)
        add_up(lanes, 0, lanes.row.shape[0], s.rise, s.cost, of_site, length, s.jacobian[:0], s.room)
        if s.room.total[of_site.size] > t.moves:
            low = middle
        else:
            high = middle
    _set_costs(0.5 * (low + high), s, t)


@inlined
def _set_costs(number, s, t):
    for j in range(s.cost.size):
        s.cost[j] = log(1.0 + exp(number) / t.shares[0, j]) if t.form == MOVES else number


@compiled
def first_constants(v, lanes, blocks, s, t, of_site, length, x):
    """x (group, unknown) constants that would do if a group's entrants were alike and nobody moved (Berry 1994)."""
    sites = of_site.size - 1
    for g in range(x.shape[0]):
        entrants = 0
        for b in range(blocks[g], blocks[g + 1]):
            for lane in range(lanes.row.shape[1]):
                entrants += lanes.row[b, lane] >= 0 and lanes.at[b, lane] < 0
        x[g] = 0.0
        number = 0
        for b in range(blocks[g], blocks[g + 1]):
            for lane in range(lanes.row.shape[1]):
                row = lanes.row[b, lane]
                if row >= 0 and (lanes.at[b, lane] < 0 or entrants == 0):
                    number += 1
                    for j in range(sites):
                        x[g, j] -= v[row, j]
        _set_aim(s, t, g, of_site, length)
        level, mean = log((1.0 - t.outside) / max(t.outside, OUTSIDE_FLOOR)), 0.0
        for j in range(sites):
            x[g, j] = x[g, j] / number + s.aim[j]
            mean += x[g, j] / sites
        for j in range(sites):
            x[g, j] += level if t.has_outside else -mean


# -- one step ---------------------------------------------------------------------------------------

@compiled
def begin(s, t, x, tolerance, last, of_site, length):
    """What a search of one group asks for first; `advance` goes on when that is in s.room.total and s.jacobian."""
    return _begin(s, t, 0, x, tolerance, last, of_site, length)


@compiled
def advance(s, t, of_site, length):
    """What a search of one group asks for next."""
    return _advance(s, t, 0, of_site, length)


@inlined
def _begin(s, t, g, x, tolerance, last, of_site, length):
    _copy(x, s.there)
    s.number[TOLERANCE], s.number[LAST], s.number[DAMPING] = tolerance, last, 1.0
    s.flag[:] = 0
    s.flag[ASKED], s.flag[ALIKE] = START, t.form == ENTRY
    if t.form == ENTRY:
        _set_aim(s, t, g, of_site, length)
    return BOTH if t.eager else FLOWS


@inlined
def _advance(s, t, g, of_site, length):
    """What is asked for next, now that what was asked for is there."""
    if s.flag[ASKED] == SLOPES:
        return _with_slopes(s, t, g)
    off, start = _gaps(s, t, g), s.flag[ASKED] == START
    if not start:
        return _judged(off, s, t, g, of_site, length)
    _go(s, off)
    s.flag[ASKED] = FLOWS
    if t.eager:
        return _with_slopes(s, t, g)
    if s.flag[ALIKE] == 0:
        return _asking_for_slopes(s)
    s.flag[STALE] = 1
    _correct(s.correction, s.gap, s, t, g, of_site, length)
    return _proposed(s, t)


@inlined
def _asking_for_slopes(s):
    s.flag[ASKED] = SLOPES
    return SLOPES


@inlined
def _with_slopes(s, t, g):
    """Correct x by new slopes."""
    _fill_rows(s, t, g)
    _eliminate(s.lu, s.pivot)
    s.flag[ASKED], s.flag[STALE], s.flag[ALIKE] = FLOWS, 0, 0
    _copy(s.gap, s.correction[:, 0])
    _substitute(s.lu, s.pivot, s.correction)
    return _proposed(s, t)


@inlined
def _judged(off, s, t, g, of_site, length):
    """Go `there`, or not, and ask for slopes where those at hand do badly."""
    size, factor, near = s.number[SIZE], s.number[FACTOR], off < s.number[TOLERANCE]
    _correct(s.left, s.then, s, t, g, of_site, length)
    rest = _largest(s.left)
    nearer = near or rest <= (1.0 - 0.25 * factor) * size
    good = nearer and rest <= 0.25 * size
    ended = near and (rest <= s.number[LAST] or not good and size < NOISE)
    if nearer and not (ended and off > s.number[RESIDUAL]):      # where rounding errors are left, the better of two
        _go(s, off)
        s.number[DAMPING] = min(1.0, 2.0 * factor)
    if ended and t.eager and rest > NOISE:
        _step_blindly(s, t, g)
    if ended:
        return DONE
    if t.eager:
        return _with_slopes(s, t, g) if nearer else _shortened(0.5 * factor, s, t)
    if good:
        _copy(s.left[:, 0], s.correction[:, 0])
        s.flag[STALE] = 1
        return _proposed(s, t)
    if s.flag[STALE] == 0:
        if not nearer and s.flag[ALL] == 1:
            s.number[DAMPING] = 0.5 * factor
        s.flag[ALL] = 1
    return _asking_for_slopes(s)


@inlined
def _step_blindly(s, t, g):
    """A Newton step from within the tolerance, which no flows are worked out for; the residual is that before it."""
    _with_slopes(s, t, g)
    for k in range(s.x.size):
        s.x[k] -= s.correction[k, 0]


@inlined
def _shortened(damping, s, t):
    """A shorter step by the same correction."""
    s.number[DAMPING] = damping
    return _proposed(s, t)


@inlined
def _go(s, off):
    """Go `there`, where equations are off by so much."""
    _copy(s.there, s.x)
    _copy(s.then, s.gap)
    s.number[RESIDUAL] = off


@inlined
def _proposed(s, t):
    """Set `there`, or end: below the tolerance, once corrections are rounding errors; or where it cannot go on."""
    size = _largest(s.correction)
    ended = s.number[RESIDUAL] < s.number[TOLERANCE] and size <= s.number[LAST]
    if ended or s.number[DAMPING] < SHORTEST or not np.isfinite(size) or s.flag[STEPS] == MOST_STEPS:
        return DONE
    factor = min(s.number[DAMPING], LONGEST / size) if size > 0.0 else 1.0
    for k in range(s.x.size):
        s.there[k] = s.x[k] - factor * s.correction[k, 0]
    s.number[SIZE], s.number[FACTOR] = size, factor
    s.flag[STEPS] += 1
    return BOTH if t.eager else FLOWS


@inlined
def _copy(given, out):
    for k in range(given.size):
        out[k] = given[k]


@inlined
def _largest(x):
    """The largest of |x| (unknown, 1), not a number if one is none."""
    largest = 0.0
    for k in range(x.shape[0]):
        largest = _worse(largest, x[k, 0])
    return largest


@inlined
def _correct(out, gap, s, t, g, of_site, length):
    """out (unknown, 1): what slopes, or those of entrants who are alike, make of the gaps just found."""
    if s.flag[ALIKE] == 1:
        _correct_alike(out, s, t, g, of_site, length)
    else:
        _copy(gap, out[:, 0])
        _substitute(s.lu, s.pivot, out)


@inlined
def _correct_alike(out, s, t, g, of_site, length):
    """Berry's equation 27, taken from the constants at `there`."""
    found, sites, mean, came = s.room.total, of_site.size - 1, 0.0, s.nest
    _sum_nests(came, found, of_site)
    level = log(max(found[sites], 1e-300) / (max(t.outside, OUTSIDE_FLOOR) * t.entrants[g])) if t.has_outside else 0.0
    level += log((1.0 - t.outside if t.has_outside else 1.0) * t.entrants[g])
    for nest in range(length.size):
        came[nest] = level - (1.0 - length[nest]) * log(max(came[nest], 1e-300))
    for j in range(sites):
        out[j, 0] = length[of_site[j]] * log(max(found[j], 1e-300))
    for j in range(sites):
        out[j, 0] -= s.aim[j] + came[of_site[j]]
        mean += (out[j, 0] - s.there[j]) / sites
    for j in range(0 if t.has_outside else sites):
        out[j, 0] -= mean


@inlined
def _set_aim(s, t, g, of_site, length):
    """s.aim (site,): l ln s_j|m + ln s_m of the shares that are wanted."""
    wanted = s.nest
    _sum_nests(wanted, t.shares[g], of_site)
    for j in range(s.aim.size):
        of_nest = wanted[of_site[j]]
        s.aim[j] = length[of_site[j]] * log(t.shares[g, j] / of_nest) + log(of_nest)


@inlined
def _sum_nests(out, values, of_site):
    """(nest,) sums of values by site."""
    out[:] = 0.0
    for j in range(of_site.size - 1):
        out[of_site[j]] += values[j]


# -- equations --------------------------------------------------------------------------------------

@inlined
def _gaps(s, t, g):
    """s.then, the equations at the flows just found, and the largest error, relative."""
    found, sites, gap = s.room.total, s.cost.size, s.then
    everything, off = 0.0, 0.0
    for j in range(sites):
        everything += found[j] - t.given[j]
    for j in range(sites):
        gap[j] = found[j] - t.given[j] - t.shares[g, j] * everything - t.drift[j]
        off = _worse(off, gap[j] / t.scale[g])
    if t.form != MOVES:
        off = _outside_gap(off, s, t, g)
    if t.form != ENTRY and t.solved:
        moved, last = found[sites + 1], gap.size - 1
        off = _worse(off, (moved - t.moves) / t.candidates)
        gap[last] = moved * log(max(moved, 1e-300) / t.moves)
    elif t.form == UNIFORM:
        gap[sites] = 0.0
    return off


@inlined
def _outside_gap(off, s, t, g):
    """In place of the last site's row the share outside, or the level of alpha; value ln(value / target).

    To first order that is value - target, but nearly linear in the unknowns.
    """
    sites = s.cost.size
    out, entrants = s.room.total[sites], t.entrants[g]
    s.then[sites - 1] = 0.0
    for j in range(0 if t.has_outside else sites):
        s.then[sites - 1] += s.there[j]
    if t.has_outside:
        s.then[sites - 1] = out * log(max(out, 1e-300) / (max(t.outside, OUTSIDE_FLOOR) * entrants))
        off = _worse(off, out / entrants - t.outside)
    return off


@inlined
def _worse(off, error):
    """The larger of two errors, not a number if one is none."""
    return off if abs(error) <= off or off != off else abs(error)


@inlined
def _fill_rows(s, t, g):
    """s.lu (equation, unknown): slopes of the equations from those of the flows, that of a logarithm times its value."""
    slopes, rows, sites = s.jacobian, s.lu, s.cost.size
    n = rows.shape[0]
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
