"""Bounds of utility from tangents of the logarithms of peers, which settle most choices without a logarithm.

Signatures: surely_best: an enterprise -> the alternative that is best beyond doubt, -1 where the bounds do not tell.
Identities: ln is concave, so with r = x / x0 - 1, ln x <= ln x0 + r everywhere; and ln x >= ln x0 + r - r^2 for
r >= -1/2, because the two sides are equal at r = 0 and their difference has the slope r (1 + 2r) / (1 + r). x are peers
as they stand, x0 those before anybody moved. An alternative whose lower bound is above the upper bounds of all others
is the one that `choice.best` finds, so no bit depends on whether it is looked for here.

Decision 101 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, LOG
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import log
from sim.kernels.numerics.memory import aligned

LEAST_PEERS = 1e-3             # x0 at the least: a tangent may touch anywhere
ROUNDING = 1e-9                # what rounding may do to a utility, relative to it and to 1


class Tangents(NamedTuple):
    """sum_p gamma_p (ln x0_p + x_p / x0_p - 1) = base + sum_p slope_p field_p, and scratch."""

    base: np.ndarray           # (kind, width)
    slope: np.ndarray          # (term, row, width) gamma_p / x0, per unit of a field
    level: np.ndarray          # (term, row, width) gamma_p (ln x0 - 1 + offset / x0)
    most: np.ndarray           # (width + 1,) utility at most, outside option last


def tangents_for(fields, kinds):
    """Room for the tangents of such fields (term, row, width) and so many kinds."""
    return Tangents(aligned((kinds, fields.shape[2])), aligned(fields.shape), aligned(fields.shape),
                    aligned((fields.shape[2] + 1,)))


@inlined
def draw_tangents(fields, peers, tangents):
    """Fill the tangents at the fields of a member; whether there are any: peers attract by their logarithm."""
    attract = peers.form == LOG
    for p in range(peers.gamma.size):
        attract &= peers.gamma[p] >= 0.0
    if attract:
        for p in range(peers.gamma.size):
            _draw_term(fields[p], peers.gamma[p], peers.offset, (tangents.level[p], tangents.slope[p]))
        for kind in range(tangents.base.shape[0]):
            _add_levels(tangents.base[kind], kind, peers, tangents.level)
    return attract


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
def surely_best(t, peers, room, tangents, error):
    """The alternative that the bounds tell is the best of the enterprise in lane t, -1 where they do not tell.

    Its own site is looked at first, for most stay. error (site + 1, LANES).
    """
    most, v, lead = tangents.most, room.v[t], np.int64(room.who.site[t])
    _fill_most(t, peers, room, tangents)
    most[v.size - 1] = 0.0                                 # nobody's peers are outside
    for j in range(v.size):
        most[j] = (most[j] + v[j]) + error[j, t]
    for _ in range(2):
        if lead < 0:
            lead = _largest(most, v.size)
        least = most[lead] - _slack(t, lead, peers, room, tangents) - ROUNDING * (1.0 + abs(most[lead]))
        ahead = 0
        for j in range(v.size):
            ahead += most[j] >= least
        if ahead == 1:
            return lead
        lead = np.int64(-1)
    return lead


@inlined
def _fill_most(t, peers, room, tangents):
    """What peers are worth at most."""
    most, kind, weight = tangents.most, room.who.kind[t], np.int64(0)
    site = max(room.who.site[t], 0)
    if peers.live and room.who.site[t] >= 0:               # it is in the fields itself
        weight = room.who.weight[t]
    for k in range(tangents.base.shape[1]):
        most[k] = tangents.base[kind, k]
    for p in range(peers.gamma.size):
        row = peers.row_of_kind[p, kind]
        if row >= 0 and peers.gamma[p] != 0.0:
            _add_tangent(most, room.fields[p, row], room.w[site], peers.phi[p, row, kind] * weight,
                         tangents.slope[p, row])


@inlined
def _add_tangent(most, field, w, mine, slope):
    """Add the worth of the peers of a term, without the enterprise itself."""
    for k in range(field.size):
        most[k] += np.float64(field[k] - mine * w[k]) * slope[k]


@inlined
def _largest(most, alternatives):
    lead = np.int64(0)
    for j in range(1, alternatives):
        if most[j] > most[lead]:
            lead = np.int64(j)
    return lead


@inlined
def _slack(t, j, peers, room, tangents):
    """How far the bounds of alternative j lie apart, sum_p gamma_p r_p^2; infinite where r < -1/2."""
    kind, site, weight, total = room.who.kind[t], max(room.who.site[t], 0), np.int64(0), 0.0
    if peers.live and room.who.site[t] >= 0:
        weight = room.who.weight[t]
    if j == room.v.shape[1] - 1:
        return total
    for p in range(peers.gamma.size):
        row, gamma = peers.row_of_kind[p, kind], peers.gamma[p]
        if row >= 0 and gamma != 0.0:
            others = np.float64(room.fields[p, row, j] - peers.phi[p, row, kind] * weight * room.w[site, j])
            apart = (peers.offset / FIELD_UNIT + others) * tangents.slope[p, row, j] - gamma
            total += apart * apart / gamma if apart >= -0.5 * gamma else np.inf
    return total
