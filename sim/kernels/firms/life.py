"""Enterprises grow and close, and are counted.

Signatures: State -> State in place, Events counted. Sums over enterprises are sums of integers
(employees in 1/1024), so they do not depend on the order of slots.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, EMPTY, ENTERED, LANES, OPENING, RND, SETTLED, SPUN_OFF, part
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined, shared
from sim.kernels.numerics.elementary import exp, log, normal_quantiles, tails_for
from sim.kernels.numerics.hashing import combine, mix, unit

HAZARD_CAP = 0.25                    # of a quarter; keeps most enterprises from the costly part
HALF = 0.32                          # quarterly(h) <= 0.32 h for h <= 1/2, where 1 - (1/2)^(1/4) = 0.159
ROUNDING = 1e-15                     # more than what rounding does to a quarterly probability


# What of a State says who closes.
Mortal = namedtuple("Mortal", "id parent site industry hq_type anchor log_size born")


class Drawn(NamedTuple):
    """Room for those whose draw is low enough that they may close."""

    u: np.ndarray             # (slot,) draws of all
    slot: np.ndarray          # (slot + 1,) whose, side by side
    draw: np.ndarray          # (slot + 1,) theirs
    hazard: np.ndarray        # (slot + 1,) of a year
    relative: np.ndarray      # (slot + 1,) ln of what size does to it


def close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits, closed):
    """Exits: probability 1 - (1 - h)^(1/4), h = hazard[age] (size / median)^-slope rent_factor[site].

    hazard (member, is a spin-off, age in years) yearly; rent_factor (member, site). At most 0.25 a
    quarter, or the highest of the hazards. Adds who closes to exits and, as the census has them, to closed (member,
    generation, year of age).
    """
    slots = state.site.shape[1]
    room = Drawn(np.empty(slots), np.empty(slots + 1, np.int64), *np.empty((3, slots + 1)))
    _close_down(quarter, part(Mortal, state), stream, hazard, size_slope, rent_factor, log_median, (exits, closed),
                room)


@compiled
def _close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, counted, room):
    exits, closed = counted
    for m in range(state.site.shape[0]):
        table = own(hazard, m)
        cap = max(HAZARD_CAP, quarterly(highest(table.reshape(table.size))))
        number = _draw_low(m, combine(stream[m], np.uint64(quarter)), state, cap, room)
        _fill_hazards(m, number, quarter, state, table, own(size_slope, m), own(rent_factor, m), own(log_median, m),
                      room)
        for k in range(number):
            i = room.slot[k]                               # anchors last as their policy
            if _is_below(room.draw[k], room.hazard[k], cap) and state.anchor[m, i] == 0:
                exits[m, state.site[m, i], state.industry[m, i], state.hq_type[m, i]] += 1
                closed[m, generation_of(state.parent[m, i], state.born[m, i]),
                       years_of(quarter, state.born[m, i], closed.shape[2])] += 1
                state.site[m, i] = EMPTY


@inlined
def _draw_low(m, key, state, cap, room):
    """How many drew no more than the cap, and their slots and draws, without a branch: others are far from closing."""
    n = 0
    for i in range(room.u.size):
        room.u[i] = unit(mix(key + state.id[m, i]))
    for i in range(room.u.size):
        room.slot[n], room.draw[n] = i, room.u[i]
        n += (state.site[m, i] >= 0) & (room.u[i] <= cap)
    return n


@inlined
def _fill_hazards(m, number, quarter, state, table, slope, factor, median, room):
    """Their yearly hazards; side by side the exponentials vectorise."""
    for k in range(number):
        i = room.slot[k]
        years = min((quarter - state.born[m, i]) // 4, table.shape[1] - 1)
        room.hazard[k] = table[int(state.parent[m, i] != 0), years] * factor[state.site[m, i]]
        room.relative[k] = -slope * (state.log_size[m, i] - median)
    for k in range(number):
        room.hazard[k] *= exp(room.relative[k])


@inlined
def _is_below(u, h, cap):
    """Whether u < min(quarterly(h), cap), of which h / 4 <= quarterly(h) tells most without its logarithm."""
    if u >= cap or u >= (HALF * h if h <= 0.5 else h) + ROUNDING:
        return False
    return u < 0.25 * h - ROUNDING or u < quarterly(h)


@inlined
def generation_of(parent, born):
    """Generation of the census."""
    if born < 0:
        return OPENING
    return SPUN_OFF if parent != 0 else ENTERED


@inlined
def years_of(quarter, born, ages):
    """Whole years of age, the last of so many for all older."""
    return min((quarter - born) // 4, ages - 1)


@inlined
def highest(rates):
    """The largest of (rate,) rates."""
    most = rates[0]
    for k in range(rates.size):
        most = max(most, rates[k])
    return most


@inlined
def quarterly(h):
    """Probability within a quarter that belongs to a yearly hazard: 1 - (1 - h)^(1/4)."""
    return 1.0 - exp(0.25 * log(1.0 - min(h, 1.0 - 1e-12)))


Growing = namedtuple("Growing", "id site log_size")    # what of a State says how enterprises grow, and changes


def grow(quarter, state, stream, drift, sd, exponent, traits, density_growth):
    """d ln size = mu/4 + alpha d ln density + s0 (size / median)^-b sqrt(1/4) xi   (Gibrat; Stanley 1996).

    density_growth (member, site) is alpha d ln density of the quarter. The largest size reflects.
    """
    change = 0.25 * drift[:, None] + density_growth
    bounds = np.stack(np.broadcast_arrays(traits.log_median, traits.log_largest), axis=1)
    _grow(quarter, part(Growing, state), stream, change, sd, exponent, bounds, (np.empty((3, LANES)), tails_for(LANES)))


@compiled
def _grow(quarter, state, stream, change, sd, exponent, bounds, scratch):
    """change (member, site) without the noise; bounds (member, 2) ln median and largest."""
    for m in range(state.site.shape[0]):
        _grow_member(m, combine(stream[m], np.uint64(quarter)), state, own(change, m),
                     0.5 * own(sd, m), own(exponent, m), own(bounds, m), scratch)


@inlined
def _grow_member(m, key, state, change, scale, b, bounds, scratch):
    lanes, tails = scratch
    u, noise, spread, median, largest = lanes[0], lanes[1], lanes[2], bounds[0], bounds[1]
    for first in range(0, state.site.shape[1], LANES):
        number = min(LANES, state.site.shape[1] - first)
        for t in range(number):
            u[t] = unit(mix(key + state.id[m, first + t]))
        normal_quantiles(u, noise, tails)
        for t in range(number):
            spread[t] = scale * exp(-b * max(state.log_size[m, first + t] - median, -5.0))
        for t in range(number):
            site = state.site[m, first + t]
            if site >= 0:
                grown = state.log_size[m, first + t] + (change[site] + spread[t] * noise[t])
                state.log_size[m, first + t] = min(grown, 2.0 * largest - grown)


Peer = namedtuple("Peer", "site kind weight")    # what of a State others see


def count_peers(state, counts):
    """Fill counts (member, kind, site) in sixteenths from the live enterprises."""
    counts[:] = 0
    _count_peers(part(Peer, state), counts)


@compiled
def _count_peers(state, counts):
    for m in range(state.site.shape[0]):
        for i in range(state.site.shape[1]):
            if state.site[m, i] >= 0:
                counts[m, state.kind[m, i], state.site[m, i]] += state.weight[m, i]


Tenant = namedtuple("Tenant", "site anchor log_size")    # what of a State says who has floor of its own


def take_owners(state, own_floor, employees):
    """Take off employees (member, site) those who work on floor that is their anchor's own.

    own_floor (member, anchor) is the share of an anchor's floor that it owns.
    """
    _take_owners(part(Tenant, state), own_floor, employees)


@compiled
def _take_owners(state, own_floor, employees):
    for m in range(state.site.shape[0]):
        for i in range(state.site.shape[1]):
            if state.anchor[m, i] != 0 and state.site[m, i] >= 0:
                share = own(own_floor, m)[abs(state.anchor[m, i]) - 1]
                employees[m, state.site[m, i]] -= np.int64(share * EMPLOYEE * exp(state.log_size[m, i]))


# What of a State the sums of a quarter's close are made of.
Counted = namedtuple("Counted", "site industry hq_type hightech kind weight log_size loading")


class Closing(NamedTuple):
    """Sums over a member's enterprises at a quarter's close."""

    counts: np.ndarray        # (member, kind, site) sixteenths
    enterprises: np.ndarray   # (member, cell), a cell being (site, industry, type)
    headquarters: np.ndarray  # (member, cell)
    employees: np.ndarray     # (member, site) 1/1024


def count(state, criteria, counts, enterprises, headquarters, employees):
    """Fill counts (member, kind, site) in sixteenths, enterprises and headquarters (member, site,
    industry, type) and employees (member, site) in 1/1024 from the live enterprises.

    criteria (member, 4) as `meets` reads it.
    """
    counts[:], enterprises[:], headquarters[:], employees[:] = 0, 0, 0, 0
    members, _, industries, types = enterprises.shape
    sums = Closing(counts, enterprises.reshape(members, -1), headquarters.reshape(members, -1), employees)
    _count(part(Counted, state), criteria, sums, industries, types, (np.empty(LANES), np.empty(LANES, np.int8)))


@compiled
def _count(state, criteria, sums, industries, types, lanes):
    for m in range(state.site.shape[0]):
        _count_member(m, state, own(criteria, m), sums, industries, types, lanes)


@inlined
def _count_member(m, state, bars, sums, industries, types, lanes):
    size, met = lanes
    counts, employees, enterprises, headquarters = \
        sums.counts[m], sums.employees[m], sums.enterprises[m], sums.headquarters[m]
    for first in range(0, state.site.shape[1], LANES):
        number = min(LANES, state.site.shape[1] - first)
        _fill_lanes(m, first, number, state, bars, size, met)
        for t in range(number):
            i, site = first + t, state.site[m, first + t]
            if site >= 0:
                cell = (site * industries + state.industry[m, i]) * types + state.hq_type[m, i]
                counts[state.kind[m, i], site] += state.weight[m, i]
                enterprises[cell] += 1
                headquarters[cell] += met[t]
                employees[site] += np.int64(size[t])


@inlined
def _fill_lanes(m, first, number, state, bars, size, met):
    """Employees, not yet whole, and what `meets` says of some of a member's slots, by loops that vectorise."""
    revenue, tax, tax_high_tech = bars[0], max(bars[1], 0.0), max(bars[2], 0.0)
    for t in range(number):
        size[t] = exp(state.log_size[m, first + t]) * EMPLOYEE + 0.5
    for t in range(number):
        met[t] = state.log_size[m, first + t] - revenue >= (tax_high_tech if state.hightech[m, first + t] else tax)
    if bars[3] < np.inf:                             # else research suffices nowhere, and lies far apart in memory
        for t in range(number):
            if met[t] == 0 and state.log_size[m, first + t] >= revenue:
                met[t] = meets(state.log_size[m, first + t], state.hightech[m, first + t],
                               state.loading[m, first + t, RND], bars)


@shared
def meets(log_size, hightech, research, bars):
    """Revenue above the threshold, and tax at the statutory rate or R&D above theirs.

    bars (4,): ln employees of the revenue threshold; ln of the further factor that tax needs at the
    statutory rates of ordinary and of high-tech enterprises; R&D intensity that suffices.
    """
    above = log_size - bars[0]
    return above >= 0.0 and (above >= bars[1 + hightech] or research * exp(above) >= bars[3])


# What of a State says until when an enterprise has what it was promised, and changes.
Promised = namedtuple("Promised", "site industry hq_type hightech legal legal_since status")


def expire(quarter, state, tables):
    """Enterprises whose promised time at their legal place is over are settled."""
    _expire(quarter, part(Promised, state), tables.benefit_quarters, tables.industries, tables.types)


@compiled
def _expire(quarter, state, benefit_quarters, industries, types):
    for m in range(state.site.shape[0]):
        promised = own(benefit_quarters, m)
        for i in range(state.site.shape[1]):
            legal = state.legal[m, i]
            if state.status[m, i] != SETTLED and state.site[m, i] >= 0 and legal >= 0:
                row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i],
                             state.hightech[m, i], industries, types)
                if quarter - state.legal_since[m, i] >= promised[row, legal]:
                    state.status[m, i] = SETTLED
