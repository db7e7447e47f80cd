"""Choosers side by side, as expected flows and searches for constants need them, and what they choose.

Signatures: weigh: v (chooser, site + 1) utilities at some constants -> Lanes in place; choose_sites: chances of a block
at constants and costs above those. Identities: P(m) and P(j|m) are those of `expected.nested_logit`.

With E_j = e^((V_j - T)/l), T the largest utility of j's nest, constants that rise by r_j make it E_j e^(r_j/l): one
exponential a site and not one a chooser and site. The cost of leaving is a rise of the own site's utility alone, so
the own site is kept apart, as an exponent, which no cost makes too large.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.expected import LOWEST
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log

TINY = 1e-300
TILE = 64                      # sites that are turned to lanes at a time: they stay in the nearest cache


class Lanes(NamedTuple):
    """Choosers side by side, weighed at some constants; those of a site next to each other, for slopes by site."""

    row: np.ndarray            # (block, LANES) int64, of v; -1 in an empty lane
    at: np.ndarray             # (block, LANES) int64, present site; -1 for an entrant and in an empty lane
    amount: np.ndarray         # (block, LANES) choices that a chooser stands for, 0 in an empty lane
    e: np.ndarray              # (block, site + 1, LANES) E_j, 0 at the own site
    top: np.ndarray            # (block, nest, LANES) T, over all sites but the own
    own: np.ndarray            # (block, LANES) (V - T)/l of the own site
    sum: np.ndarray            # (block, nest, LANES) of e by nest


class FlowRoom(NamedTuple):
    """Scratch of expected flows, which a search makes once."""

    times: np.ndarray          # (site + 1,) e^(r_j/l)
    lift: np.ndarray           # (site,) (r_j + c_j)/l
    z: np.ndarray              # (nest, LANES) sum of a nest's exponentials
    share: np.ndarray          # (nest, LANES) P(m)
    scale: np.ndarray          # (nest, LANES) what an exponential is worth as a probability
    pull: np.ndarray           # (nest, LANES) the same, times a weight
    lane: np.ndarray           # (6, LANES) rows as named below
    home: np.ndarray           # (LANES,) int64, nest of the own site, -1 without
    risen: np.ndarray          # (1,) int64, whether constants are others than those of the weighing
    inflow: np.ndarray         # (site + 1, LANES) lanes apart, short of e^(r_j/l)
    column: np.ndarray         # (site, LANES) the same of a column of slopes
    chance: np.ndarray         # (LANES, site + 1) probabilities
    same: np.ndarray           # (site + 1, site) 1 where two are in one nest
    total: np.ndarray          # (site + 2,) inflow, and what moves

    def another(self):
        """Room for somebody else who works at the same time; what nobody writes to is shared."""
        return FlowRoom(*map(np.empty_like, self))._replace(same=self.same)


OWN, OVER, DOWN, STAY, LARGEST, MOVED = range(6)      # rows of FlowRoom.lane


def room_for_flows(of_site, length):
    """Room for flows between the alternatives of these nests."""
    sites, nests = of_site.size - 1, length.size
    same = (of_site[:, None] == of_site[:-1]).astype(float)
    return FlowRoom(np.empty(sites + 1), np.empty(sites), *(np.empty((nests, LANES)) for _ in range(4)),
                    np.empty((6, LANES)), np.empty(LANES, np.int64), np.zeros(1, np.int64),
                    np.empty((sites + 1, LANES)), np.empty((sites, LANES)), np.empty((LANES, sites + 1)), same,
                    np.empty(sites + 2))


def room_for_lanes(blocks, of_site, length):
    """Empty Lanes."""
    return Lanes(np.full((blocks, LANES), -1), np.full((blocks, LANES), -1), np.zeros((blocks, LANES)),
                 np.empty((blocks, of_site.size, LANES)), np.empty((blocks, length.size, LANES)),
                 np.empty((blocks, LANES)), np.empty((blocks, length.size, LANES)))


def lanes_of(current, amount, group, of_site, length):
    """(Lanes of choosers, not weighed yet, and the first block of each group and of what follows); no group: one."""
    group = np.zeros(len(current), np.int64) if group is None else group
    order = np.lexsort((current, group))
    numbers = np.bincount(group)
    blocks = np.append(0, np.cumsum(-(-numbers // LANES)))
    behind = blocks[:-1] * LANES - np.append(0, np.cumsum(numbers)[:-1])
    lanes = room_for_lanes(blocks[-1], of_site, length)
    lane = np.arange(len(order)) + behind[group[order]]
    for part, values in ((lanes.row, order), (lanes.at, current[order]), (lanes.amount, amount[order])):
        part.reshape(-1)[lane] = values
    return lanes, blocks


@compiled
def weigh(v, shift, lanes, first, last, of_site, length):
    """Weigh the choosers of some blocks at constants `shift`."""
    for b in range(first, last):
        weigh_block(b, v, shift, lanes, of_site, length)


@inlined
def weigh_block(b, v, shift, lanes, of_site, length):
    """Fill e, top and own. A nest without another site than the own one has the own one's utility for top."""
    e, top, at, own, total = lanes.e[b], lanes.top[b], lanes.at[b], lanes.own[b], lanes.sum[b]
    top[:] = LOWEST
    for first in range(0, shift.size, TILE):
        for t in range(LANES):
            row = lanes.row[b, t]
            for j in range(first, min(first + TILE, shift.size)):
                e[j, t] = v[row, j] + shift[j] if row >= 0 else 0.0
    for t in range(LANES):
        row = lanes.row[b, t]
        e[shift.size, t] = v[row, shift.size] if row >= 0 else 0.0
        if at[t] >= 0:
            own[t] = e[at[t], t]
            e[at[t], t] = LOWEST
    for j in range(of_site.size):
        nest = of_site[j]                               # read outside the loop, which vectorises only so
        for t in range(LANES):
            top[nest, t] = max(top[nest, t], e[j, t])
    for t in range(LANES):
        if at[t] >= 0:
            nest = of_site[at[t]]
            top[nest, t] = own[t] if top[nest, t] == LOWEST else top[nest, t]
            own[t] = (own[t] - top[nest, t]) / length[nest]
    total[:] = 0.0
    for j in range(of_site.size):
        nest, inverse = of_site[j], 1.0 / length[of_site[j]]
        for t in range(LANES):
            e[j, t] = exp((e[j, t] - top[nest, t]) * inverse)
            total[nest, t] += e[j, t]


@inlined
def choose_sites(b, lanes, room, of_site, length):
    """P(m), what an exponential is worth, and the probability of the own site.

    P(j) = P(m) P(j|m), P(j|m) = e^(V_j/l_m) / sum_nest, P(m) ~ (sum_nest)^l_m (McFadden 1978).
    """
    at, lane, home = lanes.at[b], room.lane, room.home
    for t in range(LANES):
        lane[OWN, t], home[t] = LOWEST, -1
        if at[t] >= 0:
            lane[OWN, t], home[t] = lanes.own[b, t] + room.lift[at[t]], of_site[at[t]]
    for t in range(LANES):
        lane[OVER, t] = max(lane[OWN, t], 0.0)         # taken out of the own site's nest
        lane[OWN, t] = exp(lane[OWN, t] - lane[OVER, t])
        lane[DOWN, t] = exp(-lane[OVER, t])
    _sum_nests(b, lanes, room, of_site)
    for nest in range(length.size):
        index = length[nest]
        for t in range(LANES):
            mine = home[t] == nest
            z = max(room.z[nest, t] * lane[DOWN, t] + lane[OWN, t] if mine else room.z[nest, t], TINY)
            room.z[nest, t] = z
            room.share[nest, t] = lanes.top[b, nest, t] + index * (log(z) + (lane[OVER, t] if mine else 0.0))
    _share_nests(room)


@inlined
def _sum_nests(b, lanes, room, of_site):
    """The nests' sums of exponentials but for own sites, which were summed before if no constant rose."""
    if room.risen[0] == 0:
        for nest in range(room.z.shape[0]):
            for t in range(LANES):
                room.z[nest, t] = lanes.sum[b, nest, t]
    else:
        room.z[:] = 0.0
        for j in range(of_site.size):
            nest, times = of_site[j], room.times[j]
            for t in range(LANES):
                room.z[nest, t] += lanes.e[b, j, t] * times


@inlined
def _share_nests(room):
    """From log-sums of nests to P(m) and P(m) / sum_nest, and from there to the probability of the own site."""
    share, lane, largest, mass = room.share, room.lane, room.lane[LARGEST], room.lane[STAY]
    largest[:] = LOWEST
    mass[:] = 0.0
    for nest in range(share.shape[0]):
        for t in range(LANES):
            largest[t] = max(largest[t], share[nest, t])
    for nest in range(share.shape[0]):
        for t in range(LANES):
            share[nest, t] = exp(share[nest, t] - largest[t])
            mass[t] += share[nest, t]
    for t in range(LANES):
        largest[t], mass[t] = 1.0 / mass[t], 0.0       # from here on what a share is divided by, and who stays
    for nest in range(share.shape[0]):
        for t in range(LANES):
            share[nest, t] *= largest[t]
            scale = share[nest, t] / room.z[nest, t]
            mine = room.home[t] == nest
            mass[t] += scale * lane[OWN, t] if mine else 0.0
            room.scale[nest, t] = scale * lane[DOWN, t] if mine else scale
