"""Bounds of utility from tangents of the logarithms of peers, which settle most choices without a logarithm.

Signatures: surely_best: an enterprise -> the alternative that is best beyond doubt, -1 where the bounds do not tell.
Identities: ln is concave, so with r = x / x0 - 1, ln x <= ln x0 + r everywhere; and ln x >= ln x0 + r - r^2 for
r >= -1/2, because the two sides are equal at r = 0 and their difference has the slope r (1 + 2r) / (1 + r). x are peers
as they stand, x0 those before anybody moved. An alternative whose lower bound is above the upper bounds of all others
is the one that `choice.best` finds, so no bit depends on whether it is looked for here. Errors are rough ones, wrong
by WRONG at most.

Decision 101 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, LOG
from sim.kernels.choice.rough_errors import WRONG
from sim.kernels.numerics.compiler import apart, inlined
from sim.kernels.numerics.elementary import log
from sim.kernels.numerics.memory import aligned

LEAST_PEERS = 1e-3             # x0 at the least: a tangent may touch anywhere
ROUNDING = 1e-9                # what rounding may do to a utility, relative to it and to 1
TOGETHER = 3                   # terms of peers that one loop adds


class Tangents(NamedTuple):
    """sum_p gamma_p (ln x0_p + x_p / x0_p - 1) = base + sum_p slope_p field_p, and scratch.

    A kind's terms, those that it looks at, are listed TOGETHER times several, the rest of them of nothing.
    """

    fields: np.ndarray         # (term and row, width) int64, the room's
    base: np.ndarray           # (kind, width)
    slope: np.ndarray          # (term and row, width) gamma_p / x0, per unit of a field; a row of 0 for nothing
    level: np.ndarray          # (term, row, width) gamma_p (ln x0 - 1 + offset / x0)
    most: np.ndarray           # (width,) utility at most, outside option last
    number: np.ndarray         # (kind,) int64, how many terms it looks at
    field: np.ndarray          # (kind, term) uint64, number of the field, any where nothing is listed
    touch: np.ndarray          # (kind, term) uint64, number of its slope
    mine: np.ndarray           # (kind, term) int64, phi: how many times itself it is in the field
    gamma: np.ndarray          # (kind, term)
    inverse: np.ndarray        # (kind, term) 1 / gamma


def tangents_for(fields, kinds):
    """Room for the tangents of such fields (term, row, width) and so many kinds."""
    terms, rows, width = fields.shape
    listed = kinds, -(-terms // TOGETHER) * TOGETHER
    slope = aligned((terms * rows + 1, width))
    slope[:] = 0.0
    return Tangents(fields.reshape(-1, width), aligned((kinds, width)), slope, aligned(fields.shape),
                    aligned((width,)), np.empty(kinds, np.int64), *np.empty((2, *listed), np.uint64),
                    np.empty(listed, np.int64), *np.empty((2, *listed)))


@inlined
def draw_tangents(fields, peers, tangents):
    """Fill the tangents at the fields of a member; whether there are any: peers attract by their logarithm."""
    attract, rows = peers.form == LOG, fields.shape[1]
    for p in range(peers.gamma.size):
        attract &= peers.gamma[p] >= 0.0
    if attract:
        for p in range(peers.gamma.size):
            _draw_term(fields[p], peers.gamma[p], peers.offset,
                       (tangents.level[p], tangents.slope[p * rows:(p + 1) * rows]))
        for kind in range(tangents.base.shape[0]):
            _add_levels(tangents.base[kind], kind, peers, tangents.level)
            _list_terms(kind, peers, rows, tangents)
    return attract


@inlined
def _list_terms(kind, peers, rows, tangents):
    """List the terms that a kind looks at, and nothing after them."""
    n = 0
    for p in range(peers.gamma.size):
        row, gamma = peers.row_of_kind[p, kind], peers.gamma[p]
        if row >= 0 and gamma != 0.0:
            tangents.field[kind, n] = tangents.touch[kind, n] = p * rows + row
            tangents.mine[kind, n] = peers.phi[p, row, kind]
            tangents.gamma[kind, n], tangents.inverse[kind, n] = gamma, 1.0 / gamma
            n += 1
    tangents.number[kind] = n
    for k in range(n, tangents.field.shape[1]):
        tangents.field[kind, k], tangents.touch[kind, k] = 0, tangents.slope.shape[0] - 1
        tangents.mine[kind, k] = 0
        tangents.gamma[kind, k], tangents.inverse[kind, k] = 0.0, 0.0


@inlined
def _draw_term(fields, gamma, offset, tangent):
    """Fill the tangents of a term; fields, level and slope are (row, width)."""
    field, (level, slope) = fields.reshape(fields.size), tangent
    level, slope = level.reshape(field.size), slope.reshape(field.size)
    for k in range(field.size):
        touch = max(offset + np.float64(field[k]) * FIELD_UNIT, LEAST_PEERS)
        slope[k] = gamma / touch * FIELD_UNIT
        level[k] = gamma * (log(touch) - 1.0 + offset / touch)


@inlined
def _add_levels(base, kind, peers, level):
    base[:] = 0.0
    for p in range(peers.gamma.size):
        row = peers.row_of_kind[p, kind]
        if row >= 0 and peers.gamma[p] != 0.0:
            for k in range(base.size):
                base[k] += level[p, row, k]


@inlined
def surely_best(t, peers, who, decay, v, tangents, rough):
    """The alternative that the bounds tell is the best of the enterprise in lane t, -1 where they do not tell.

    v (site + 1,) are its utilities without peers, decay (site, width) the weights of Room. Its own site is looked at
    first, for most stay.
    """
    error = rough.error
    most, outside, weight = tangents.most, decay.shape[0], np.int64(0)
    if peers.live and who.site[t] >= 0:                    # it is in the fields itself
        weight = who.weight[t]
    kind, w, fields = np.uint64(who.kind[t]), decay[np.uint64(max(who.site[t], 0))], tangents.fields
    field, touch, mine = tangents.field[kind], tangents.touch[kind], tangents.mine[kind]
    gamma, inverse, slope = tangents.gamma[kind], tangents.inverse[kind], tangents.slope
    base, a, b, c = tangents.base[kind], mine[0] * weight, mine[1] * weight, mine[2] * weight
    of_a, of_b, of_c = fields[field[0]], fields[field[1]], fields[field[2]]
    slope_a, slope_b, slope_c = slope[touch[0]], slope[touch[1]], slope[touch[2]]
    _fill_most(most, base, v, w, (a, b, c), of_a, of_b, of_c, slope_a, slope_b, slope_c)
    for n in range(TOGETHER, tangents.number[kind]):
        _add_term(most, fields[field[n]], mine[n] * weight, w, slope[touch[n]])
    most[outside] = v[outside]                             # nobody's peers are outside
    for j in range(error.shape[0]):
        most[j] += error[j, t]
    lead = np.int64(who.site[t])
    for _ in range(0 if rough.doubt[t] else 2):
        if lead < 0:
            lead = _largest(most, error.shape[0])
        apart = 0.0
        if lead < outside:
            offset = peers.offset / FIELD_UNIT
            apart = (_square(of_a[lead] - a * w[lead], offset, slope_a[lead], gamma[0], inverse[0])
                     + _square(of_b[lead] - b * w[lead], offset, slope_b[lead], gamma[1], inverse[1])
                     + _square(of_c[lead] - c * w[lead], offset, slope_c[lead], gamma[2], inverse[2]))
            for n in range(TOGETHER, tangents.number[kind]):
                apart += _square(fields[field[n], lead] - mine[n] * weight * w[lead], offset, slope[touch[n], lead],
                                 gamma[n], inverse[n])
        least = most[lead] - apart - 2.0 * WRONG - ROUNDING * (1.0 + abs(most[lead]))
        ahead = 0
        for j in range(error.shape[0]):
            ahead += most[j] >= least
        if ahead == 1:
            return lead
        lead = np.int64(-1)
    return np.int64(-1)


@apart
def _fill_most(most, base, v, w, mine, of_a, of_b, of_c, slope_a, slope_b, slope_c):
    """Utility at most, with the peers of TOGETHER terms in a loop: each loop has its cost."""
    a, b, c = mine
    for k in range(most.size):
        most[k] = (((base[k] + np.float64(of_a[k] - a * w[k]) * slope_a[k])
                    + np.float64(of_b[k] - b * w[k]) * slope_b[k])
                   + np.float64(of_c[k] - c * w[k]) * slope_c[k]) + v[k]


@apart
def _add_term(most, field, mine, w, slope):
    """Add the worth of the peers of a term, without the enterprise itself."""
    for k in range(most.size):
        most[k] += np.float64(field[k] - mine * w[k]) * slope[k]


@inlined
def _square(others, offset, slope, gamma, inverse):
    """gamma r^2, how far the bounds of a term lie apart; infinite where r < -1/2."""
    apart = (offset + np.float64(others)) * slope - gamma
    return apart * apart * inverse if apart >= -0.5 * gamma else np.inf


@inlined
def _largest(most, alternatives):
    lead = np.int64(0)
    for j in range(1, alternatives):
        if most[j] > most[lead]:
            lead = np.int64(j)
    return lead
