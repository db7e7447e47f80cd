"""Bounds of utility from tangents of the logarithms of peers, which settle most choices without a logarithm.

Signatures: surely_best: an enterprise -> the alternative that is best beyond doubt, -1 where the bounds do not tell.
Identities: ln is concave, so with r = x / x0 - 1, ln x <= ln x0 + r everywhere, and ln x >= ln x0 + r - r^2 for
r >= -1/2 (both sides are equal at r = 0, where the difference has slope r (1 + 2r) / (1 + r)). x are peers as they
stand, x0 those before anybody moved. An alternative at its lower bound above all others at their upper bounds is the
one that `choice.best` finds; no bit depends on whether it is asked.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import FIELD_UNIT, LOG
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import log

LEAST_PEERS = 1e-3             # x0 at the least: a tangent may touch anywhere
ROUNDING = 1e-9                # what rounding may do to a utility, relative to it and to 1


class Tangents(NamedTuple):
    """Tangents gamma_p (level + x slope) of gamma_p ln x, without gamma_p, and scratch."""

    level: np.ndarray          # (term, row, width) ln x0 - 1
    slope: np.ndarray          # (term, row, width) 1 / x0
    most: np.ndarray           # (width + 1,) utility at most, outside option last


def tangents_for(fields):
    """Room for the tangents of such fields (term, row, width)."""
    return Tangents(np.empty(fields.shape), np.empty(fields.shape), np.empty(fields.shape[2] + 1))


@inlined
def draw_tangents(fields, peers, tangents):
    """Fill the tangents at the fields of a member; whether there are any: peers attract by their logarithm."""
    if peers.form != LOG:
        return False
    flat, level, slope = fields.reshape(fields.size), tangents.level.reshape(fields.size), tangents.slope.reshape(fields.size)
    for k in range(flat.size):
        level[k] = max(peers.offset + np.float64(flat[k]) * FIELD_UNIT, LEAST_PEERS)
    for k in range(flat.size):
        slope[k] = 1.0 / level[k]
    for k in range(flat.size):
        level[k] = log(level[k]) - 1.0
    attract = True
    for p in range(peers.gamma.size):
        attract &= peers.gamma[p] >= 0.0
    return attract


@inlined
def surely_best(t, peers, room, tangents, error):
    """The alternative that the bounds tell is the best of the enterprise in lane t, -1 where they do not tell.

    Of one that has a site they are asked about staying alone. error (site + 1, LANES).
    """
    most, v, lead = tangents.most, room.v[t], room.who.site[t]
    _fill_most(t, peers, room, tangents)
    for j in range(v.size):
        most[j] += error[j, t]
    if lead < 0:
        lead = _largest(most, v.size)
    least = most[lead] - _slack(t, lead, peers, room, tangents) - ROUNDING * (1.0 + abs(most[lead]))
    ahead = 0
    for j in range(v.size):
        ahead += most[j] >= least
    return np.int64(lead) if ahead == 1 else np.int64(-1)


@inlined
def _fill_most(t, peers, room, tangents):
    """Utility at most, errors apart."""
    most, kind, (site, weight) = tangents.most, room.who.kind[t], _place_of(t, peers, room.who)
    for j in range(room.v.shape[1]):
        most[j] = room.v[t, j]
    outside = most[room.v.shape[1] - 1]
    for p in range(peers.gamma.size):
        row, gamma = peers.row_of_kind[p, kind], peers.gamma[p]
        if row >= 0 and gamma != 0.0:
            _add_tangent(most, room.fields[p, row], room.w[site], peers.phi[p, row, kind] * weight,
                         (tangents.level[p, row], tangents.slope[p, row], gamma, peers.offset))
    most[room.v.shape[1] - 1] = outside


@inlined
def _place_of(t, peers, who):
    """The site at which an enterprise is in the fields itself, and its weight there, 0 if it is not."""
    if peers.live and who.site[t] >= 0:
        return who.site[t], who.weight[t]
    return np.int64(0), np.int64(0)


@inlined
def _add_tangent(most, field, w, mine, tangent):
    """most[k] += gamma (level + x slope), x the peers without the enterprise itself."""
    level, slope, gamma, offset = tangent
    for k in range(field.size):
        x = offset + np.float64(field[k] - mine * w[k]) * FIELD_UNIT
        most[k] += gamma * (level[k] + x * slope[k])


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
    kind, (site, weight), total = room.who.kind[t], _place_of(t, peers, room.who), 0.0
    if j == room.v.shape[1] - 1:
        return total
    for p in range(peers.gamma.size):
        row = peers.row_of_kind[p, kind]
        if row >= 0:
            field = room.fields[p, row, j] - peers.phi[p, row, kind] * weight * room.w[site, j]
            r = (peers.offset + np.float64(field) * FIELD_UNIT) * tangents.slope[p, row, j] - 1.0
            total += peers.gamma[p] * (r * r) if r >= -0.5 else np.inf
    return total
