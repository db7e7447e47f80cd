"""Enterprises grow, and are counted.

Signatures: State -> State in place, Events counted. Sums over enterprises are sums of integers
(employees in 1/1024), so they do not depend on the order of slots.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, LANES, RND, SETTLED, part
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined, shared
from sim.kernels.numerics.elementary import exp, normal_quantiles, tails_for
from sim.kernels.numerics.hashing import combine, mix, unit

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
