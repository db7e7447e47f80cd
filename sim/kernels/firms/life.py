"""Enterprises grow and close, and are counted.

Signatures: State -> State in place, Events counted. Sums over enterprises are sums of integers
(employees in 1/1024), so they do not depend on the order of slots.
"""

from collections import namedtuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, EMPTY, LANES, SETTLED, part
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined, shared
from sim.kernels.numerics.elementary import exp, log, normal_quantiles, tails_for
from sim.kernels.numerics.hashing import combine, mix, unit

HAZARD_CAP = 0.25                    # of a quarter; keeps most enterprises from the costly part


# What of a State says who closes.
Mortal = namedtuple("Mortal", "id parent site industry hq_type anchor log_size born")


def close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits):
    """Exits: probability 1 - (1 - h)^(1/4), h = hazard[age] (size / median)^-slope rent_factor[site].

    hazard (member, is a spin-off, age in years) yearly; rent_factor (member, site). At most 0.25 a
    quarter, or the highest of the hazards.
    """
    _close_down(quarter, part(Mortal, state), stream, hazard, size_slope, rent_factor, log_median, exits,
                np.empty(state.site.shape[1]))


@compiled
def _close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits, u):
    for m in range(state.site.shape[0]):
        key = combine(stream[m], np.uint64(quarter))
        table = own(hazard, m)
        _close_member(m, key, quarter, state, table, max(HAZARD_CAP, quarterly(highest(table.reshape(table.size)))),
                      own(size_slope, m), own(rent_factor, m), own(log_median, m), u, exits)


@inlined
def highest(rates):
    """The largest of (rate,) rates."""
    most = rates[0]
    for k in range(rates.size):
        most = max(most, rates[k])
    return most


@inlined
def _close_member(m, key, quarter, state, table, cap, slope, factor, median, u, exits):
    """Most enterprises are far from closing: a draw above the cap, or above the yearly hazard, is enough."""
    for i in range(u.size):
        u[i] = unit(mix(key + state.id[m, i]))
    for i in range(u.size):
        site = state.site[m, i]
        if site < 0 or u[i] > cap:
            continue
        years = min((quarter - state.born[m, i]) // 4, table.shape[1] - 1)
        h = table[int(state.parent[m, i] != 0), years] * factor[site]
        h *= exp(-slope * (state.log_size[m, i] - median))
        if u[i] < h and u[i] < min(quarterly(h), cap) and state.anchor[m, i] == 0:   # anchors last as their policy
            exits[m, site, state.industry[m, i], state.hq_type[m, i]] += 1
            state.site[m, i] = EMPTY


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
Counted = namedtuple("Counted", "site industry hq_type hightech log_size loading")


def count(state, criteria, counts, enterprises, headquarters, employees):
    """Fill counts (member, kind, site) in sixteenths, enterprises and headquarters (member, site,
    industry, type) and employees (member, site) in 1/1024 from the live enterprises.

    criteria (member, 4) as `meets` reads it.
    """
    count_peers(state, counts)
    enterprises[:], headquarters[:], employees[:] = 0, 0, 0
    _count(part(Counted, state), criteria, enterprises, headquarters, employees, np.empty(LANES))


@compiled
def _count(state, criteria, enterprises, headquarters, employees, size):
    for m in range(state.site.shape[0]):
        _count_member(m, state, own(criteria, m), enterprises, headquarters, employees, size)


@inlined
def _count_member(m, state, bars, enterprises, headquarters, employees, size):
    for first in range(0, state.site.shape[1], LANES):
        number = min(LANES, state.site.shape[1] - first)
        for t in range(number):
            size[t] = exp(state.log_size[m, first + t]) * EMPLOYEE + 0.5
        for t in range(number):
            i, site = first + t, state.site[m, first + t]
            if site >= 0:
                industry, hq_type = state.industry[m, i], state.hq_type[m, i]
                enterprises[m, site, industry, hq_type] += 1
                employees[m, site] += np.int64(size[t])
                if state.log_size[m, i] >= bars[0]:            # few, and only they read the rest
                    enough = meets(state.log_size[m, i], state.hightech[m, i], state.loading[m, i, 1], bars)
                    headquarters[m, site, industry, hq_type] += enough


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
