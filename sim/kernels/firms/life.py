"""Enterprises grow, and are counted.

Signatures: State -> State in place, Events counted. Sums over enterprises are sums of integers
(employees in 1/1024), so they do not depend on the order of slots.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, LANES, RND, SETTLED, WEIGHT_ONE, part
from sim.kernels.indexing import own, row_of
from sim.kernels.marks import Marks, listed, marks_for
from sim.kernels.numerics.compiler import compiled, inlined, shared
from sim.kernels.numerics.elementary import exp, normal_quantiles, tails_for
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import aligned, kept

GROW = 8 * LANES               # slots whose quantiles are taken together, so that few tails are left over from vectors
MET = np.int64(1 << 32)        # a headquarters, in a word that counts enterprises in its lower half

Growing = namedtuple("Growing", "id site log_size")    # what of a State says how enterprises grow, and changes


def grow(quarter, state, stream, drift, sd, exponent, traits, density_growth, scratch=None):
    """d ln size = mu/4 + alpha d ln density + s0 (size / median)^-b sqrt(1/4) xi   (Gibrat; Stanley 1996).

    density_growth (member, site) is alpha d ln density of the quarter. The largest size reflects.
    """
    change = 0.25 * drift[:, None] + density_growth
    _grow(quarter, part(Growing, state), stream, change, sd, exponent, (traits.log_median, traits.log_largest),
          kept(scratch, _room_to_grow))


def _room_to_grow():
    return aligned((3, GROW)), tails_for(GROW)


@compiled
def _grow(quarter, state, stream, change, sd, exponent, bounds, scratch):
    """change (member, site) without the noise; bounds (member,) each, ln median and largest."""
    for m in range(state.site.shape[0]):
        _grow_member(m, combine(stream[m], np.uint64(quarter)), state, own(change, m),
                     0.5 * own(sd, m), own(exponent, m), (own(bounds[0], m), own(bounds[1], m)), scratch)


@inlined
def _grow_member(m, key, state, change, scale, b, bounds, scratch):
    lanes, tails = scratch
    median, largest = bounds[0], bounds[1]
    for first in range(0, state.site.shape[1], GROW):
        here = slice(first, min(first + GROW, state.site.shape[1]))
        identity, site_of, log_size = state.id[m, here], state.site[m, here], state.log_size[m, here]
        u, noise, spread = lanes[0, :site_of.size], lanes[1, :site_of.size], lanes[2, :site_of.size]
        for t in range(u.size):
            u[t] = unit(mix(key + identity[t]))
        normal_quantiles(u, noise, tails)
        for t in range(u.size):
            spread[t] = scale * exp(-b * max(log_size[t] - median, -5.0)) * noise[t]
        for t in range(u.size):
            site = site_of[t]
            if site >= 0:
                grown = log_size[t] + (change[site] + spread[t])
                log_size[t] = min(grown, 2.0 * largest - grown)


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
                counts[m, np.uint64(state.kind[m, i]), np.uint64(state.site[m, i])] += state.weight[m, i]


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


class Lanes(NamedTuple):
    """Scratch of the count."""

    cell: np.ndarray          # (LANES,) uint32, where the words of its cell lie; who has no site has one apart
    word: np.ndarray          # (LANES,) int64, 1 and for a headquarters MET more
    size: np.ndarray          # (LANES,) int64, employees
    words: np.ndarray         # (2 (cell + 1),) int64, of each cell the sum of words, then of employees
    marks: Marks              # who is not counted as 1 of its industry


def count(state, criteria, counts, enterprises, headquarters, employees, scratch=None):
    """Fill counts (member, kind, site) in sixteenths, enterprises and headquarters (member, site,
    industry, type) and employees (member, site) in 1/1024 from the live enterprises.

    criteria (member, 4) as `meets` reads it.
    """
    counts[:], employees[:] = 0, 0
    members, _, industries, types = enterprises.shape
    sums = Closing(counts, enterprises.reshape(members, -1), headquarters.reshape(members, -1), employees)
    lanes = Lanes(*kept(scratch, _lanes_for, sums.enterprises.shape[1]),
                  kept(scratch, marks_for, state.site.shape[1]))
    _count(part(Counted, state), criteria, sums, industries, types, lanes)


def _lanes_for(cells):
    return aligned((LANES,), np.uint32), *aligned((2, LANES), np.int64), np.empty(2 * (cells + 1), np.int64)


@compiled
def _count(state, criteria, sums, industries, types, lanes):
    for m in range(state.site.shape[0]):
        _add_up(m, state, own(criteria, m), industries, types, lanes)
        _unfold(sums.enterprises[m], sums.headquarters[m], sums.employees[m], lanes.words)
        _count_kinds(m, state, sums.enterprises[m], sums.counts[m], types, lanes.marks)


@inlined
def _add_up(m, state, bars, industries, types, lanes):
    cell, word, size, words = lanes.cell, lanes.word, lanes.size, lanes.words
    words[:] = 0
    for first in range(0, state.site.shape[1], LANES):
        here = slice(first, min(first + LANES, state.site.shape[1]))
        _fill_lanes(m, here, state, bars, industries, types, lanes)
        for t in range(here.stop - here.start):
            words[cell[t]] += word[t]
            words[cell[t] + np.uint32(1)] += size[t]


@inlined
def _fill_lanes(m, here, state, bars, industries, types, lanes):
    """Cells, words and employees of some of a member's slots, by loops that vectorise."""
    site, industry, hq_type = state.site[m, here], state.industry[m, here], state.hq_type[m, here]
    hightech, log_size = state.hightech[m, here], state.log_size[m, here]
    cell, word, size, nowhere = lanes.cell, lanes.word, lanes.size, lanes.words.size - 2
    revenue, tax, tax_high_tech = bars[0], max(bars[1], 0.0), max(bars[2], 0.0)
    for t in range(site.size):
        size[t] = np.int64(exp(log_size[t]) * EMPLOYEE + 0.5)
    for t in range(site.size):
        cell[t] = 2 * ((site[t] * industries + industry[t]) * types + hq_type[t]) if site[t] >= 0 else nowhere
    for t in range(site.size):
        word[t] = 1 + MET * np.int64(log_size[t] - revenue >= (tax_high_tech if hightech[t] != 0 else tax))
    if bars[3] < np.inf:                             # else research suffices nowhere, and lies far apart in memory
        for t in range(site.size):
            if word[t] == 1 and log_size[t] >= revenue:
                word[t] += MET * np.int64(meets(log_size[t], hightech[t], state.loading[m, here.start + t, RND], bars))


@inlined
def _unfold(enterprises, headquarters, employees, words):
    """Counts and sums from the words of cells."""
    cells = enterprises.size // employees.size
    for c in range(enterprises.size):
        enterprises[c] = np.int32(words[2 * c])      # the lower half
        headquarters[c] = words[2 * c] >> 32
    for j in range(employees.size):
        for c in range(cells * j, cells * (j + 1)):
            employees[j] += words[2 * c + 1]


@inlined
def _count_kinds(m, state, enterprises, counts, types, marks):
    """Kinds at sites as if everybody counted as 1 of its industry, and then those who do not."""
    site, industry, kind, weight = state.site[m], state.industry[m], state.kind[m], state.weight[m]
    industries = enterprises.size // (types * counts.shape[1])
    for j in range(counts.shape[1]):
        for h in range(industries):
            for k in range(types):
                counts[h, j] += WEIGHT_ONE * enterprises[(j * industries + h) * types + k]
    for i in range(site.size):
        marks.flag[i] = (site[i] >= 0) & ((kind[i] != industry[i]) | (weight[i] != WEIGHT_ONE))
    for n in range(listed(marks)):
        i = np.uint64(marks.slot[n])
        counts[np.uint64(industry[i]), np.uint64(site[i])] -= WEIGHT_ONE
        counts[np.uint64(kind[i]), np.uint64(site[i])] += weight[i]


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
