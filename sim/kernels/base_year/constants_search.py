"""The search for site constants, or costs of leaving, at which expected flows are those of the base year.

Signatures: search: Problem and weighed choosers -> unknowns, residuals and steps, in place; advance: one step of it,
for who works flows out himself. Identities: where it ends below the tolerance the equations hold to rounding errors;
kinds that are searched together have the bits of each alone.

Steps are Newton's, each shortened until it brings the solution nearer: the correction that is left by the same slopes
is smaller, a test in which the scales of the equations cancel. Slopes are kept while a step leaves less than a quarter
of it (Deuflhard 2004, Newton Methods for Nonlinear Problems, chapter 3). Entrants begin without any: were they alike,
the step would be

    d alpha_j = l ln(s_j|m / p_j|m) + ln(s_m / p_m) - ln(s_0 / p_0)          (Berry 1994, equation 27)

with p the chances of all together, and as long as that leaves less than a quarter it does for those who are not
(a contraction: Berry, Levinsohn and Pakes 1995, appendix I). Slopes in costs of leaving are worked out with all flows
where an elimination takes less time than a pass.
"""

import numpy as np

from sim.kernels.base_year.chooser_lanes import weigh
from sim.kernels.base_year.equations import (
    ALIKE,
    ALL,
    ASKED,
    BOTH,
    DAMPING,
    DONE,
    ENTRY,
    FACTOR,
    FAR,
    FLOWS,
    LAST,
    LONGEST,
    MOST_STEPS,
    MOVES,
    NOISE,
    RESIDUAL,
    SHORTEST,
    SIZE,
    SLOPES,
    STALE,
    START,
    STEPS,
    TOLERANCE,
    UNIFORM,
    correct_alike,
    fill_rows,
    gaps,
    largest,
    set_aim,
)
from sim.kernels.base_year.expected_flows import add_up
from sim.kernels.numerics.compiler import compiled, inlined, pasted
from sim.kernels.numerics.linear import _eliminate, _substitute

RENEW, BLIND, PROPOSE = range(4, 7)           # what is to be done, beside asking for flows or slopes


@compiled
def search(v, alpha, lanes, blocks, few_v, few, s, t, of_site, length, tolerance, last, x, residual, steps):
    """Search for x (group, unknown) from there; residual and steps (group,) are told.

    v (chooser, site + 1) and Lanes of all, blocks (group + 1,) their first; `few` of few_v, if it has blocks, give the
    slopes until they do badly. alpha (site,) constants under which costs are searched for. Equations hold within
    `tolerance` in the end, and the last correction is below `last`, or does not shrink any more.
    """
    nought, some_blocks = np.int64(0), few.row.shape[0]
    for g in range(x.shape[0]):
        first, end = blocks[g], blocks[g + 1]
        for k in range(2):
            for j in range(alpha.size):
                s.base[k, j] = alpha[j] if t.form == MOVES else x[g, j]
        weigh(v, s.base[0], lanes, first, end, of_site, length)
        weigh(few_v, s.base[1], few, nought, some_blocks, of_site, length)
        asked = _begin(s, t, g, x[g], tolerance, last, of_site, length)
        while asked != DONE:
            some = asked == SLOPES and some_blocks > 0 and s.flag[ALL] == 0
            rows = 0 if asked == FLOWS else s.jacobian.shape[0]
            _look(few_v if some else v, few if some else lanes, nought if some else first, some_blocks if some else end,
                  s.x if asked == SLOPES else s.there, s.base[np.int64(some)], s, t, of_site, length, s.jacobian[:rows])
            asked = _advance(s, t, g, of_site, length)
        _copy(s.x, x[g])
        residual[g], steps[g] = s.number[RESIDUAL], s.flag[STEPS]


@pasted
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
def begin(s, t, x, tolerance, last, of_site, length):
    """What a search of one group asks for first; `advance` goes on when that is in s.room.total and s.jacobian."""
    return _begin(s, t, 0, x, tolerance, last, of_site, length)


@compiled
def advance(s, t, of_site, length):
    """What a search of one group asks for next."""
    return _advance(s, t, 0, of_site, length)


@pasted
def _begin(s, t, g, x, tolerance, last, of_site, length):
    _copy(x, s.there)
    s.number[TOLERANCE], s.number[LAST], s.number[DAMPING] = tolerance, last, 1.0
    s.flag[:] = 0
    s.flag[ASKED], s.flag[ALIKE] = START, t.form == ENTRY
    if t.form == ENTRY:
        set_aim(s.aim, s.nest, t.shares[g], of_site, length)
    return BOTH if t.eager else FLOWS


@pasted
def _advance(s, t, g, of_site, length):
    """What is asked for next, now that what was asked for is there."""
    todo, start = RENEW, s.flag[ASKED] == START
    if s.flag[ASKED] != SLOPES:
        off = gaps(s.room.total, s.there, s.then, t, g)
        if s.flag[ALIKE] == 1 or not start:
            _correct(s, t, g, of_site, length)
        todo = _started(off, s, t) if start else _judged(off, s, t)
    if todo == RENEW or todo == BLIND:
        _renew(s, t, g)
    if todo == BLIND:
        for k in range(s.x.size):
            s.x[k] -= s.correction[k, 0]
        return DONE
    if todo == PROPOSE or todo == RENEW:
        return _proposed(s, t)
    s.flag[ASKED] = todo
    return todo


@pasted
def _started(off, s, t):
    """What is to be done about the first flows."""
    _go(s, off)
    s.flag[ASKED] = FLOWS
    if t.eager:
        return RENEW
    if s.flag[ALIKE] == 0:
        return SLOPES
    _copy(s.left[:, 0], s.correction[:, 0])
    s.flag[STALE] = 1
    return PROPOSE


@pasted
def _renew(s, t, g):
    """The correction of x by new slopes."""
    fill_rows(s.jacobian, s.lu, t, g)
    _eliminate(s.lu, s.pivot)
    s.flag[ASKED], s.flag[STALE], s.flag[ALIKE] = FLOWS, 0, 0
    _copy(s.gap, s.correction[:, 0])
    _substitute(s.lu, s.pivot, s.correction)


@pasted
def _judged(off, s, t):
    """What is to be done about flows `there`: go there, or not, and ask for slopes where those at hand do badly.

    Where slopes come with all flows, a search ends with a step from within the tolerance that no flows are worked out
    for; the residual is that before it.
    """
    size, factor, near, rest = s.number[SIZE], s.number[FACTOR], off < s.number[TOLERANCE], largest(s.left)
    nearer = near or rest <= (1.0 - 0.25 * factor) * size
    good = nearer and rest <= 0.25 * size
    ended = near and (rest <= s.number[LAST] or not good and size < NOISE)
    if nearer and not (ended and off > s.number[RESIDUAL]):      # where rounding errors are left, the better of two
        _go(s, off)
        s.number[DAMPING] = min(1.0, 2.0 * factor)
    if ended:
        return BLIND if t.eager and rest > NOISE else DONE
    if t.eager and nearer:
        return RENEW
    if t.eager:
        s.number[DAMPING] = 0.5 * factor
        return PROPOSE
    if good:
        _copy(s.left[:, 0], s.correction[:, 0])
        s.flag[STALE] = 1
        return PROPOSE
    if s.flag[STALE] == 0:
        if not nearer and s.flag[ALL] == 1:
            s.number[DAMPING] = 0.5 * factor
        s.flag[ALL] = 1
    return SLOPES


@pasted
def _go(s, off):
    """Go `there`, where equations are off by so much."""
    _copy(s.there, s.x)
    _copy(s.then, s.gap)
    s.number[RESIDUAL] = off


@pasted
def _proposed(s, t):
    """Set `there`, or end: below the tolerance, once corrections are rounding errors; or where it cannot go on."""
    size = largest(s.correction)
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


@pasted
def _correct(s, t, g, of_site, length):
    """s.left: what slopes, or those of entrants who are alike, make of the gaps just found."""
    if s.flag[ALIKE] == 1:
        correct_alike(s.left, s.room.total, s.there, s.aim, s.nest, t, g, of_site, length)
    else:
        _copy(s.then, s.left[:, 0])
        _substitute(s.lu, s.pivot, s.left)
