"""What public accounts need to know of the enterprises, added up by place.

Signatures: tally: State -> Tally in place. Sums are of integers (employees in 1/1024), so they do not
depend on the order of slots, and every amount of money that is computed from them adds up exactly.
Whether an enterprise is registered elsewhere and by which criteria it is a headquarters are counts of 16 bits in one
code, so that it is added once by its site and once by its legal place, without a branch that nobody could foresee.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, LANES, MOVER, NEWCOMER, RND, part
from sim.kernels.choice.registration_value import recognised
from sim.kernels.indexing import own, row_of
from sim.kernels.marks import Marks, listed, marks_for
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp
from sim.kernels.numerics.memory import aligned, kept

FIELD = 16                                           # bits of a count in a code: a word has four
MOST = (1 << FIELD) - 1                              # that a count may be
TURN = MOST // LANES * LANES                         # slots whose counts are surely no more
MET, REAL, NOMINAL = (1 << FIELD * field for field in (1, 2, 3))
WAYS = 4                                             # sums of each site, taken in turn
PLACE = 4                                            # words of a legal place
WORD = 64                                            # places whose flags a word has
FIRST = np.uint32(2 ** 32 - PLACE)                   # takes the position of a word to that of its place


class Rules(NamedTuple):
    """What is in force in a quarter, whatever is perceived of it."""

    relief_by: np.ndarray     # (member, class, site) number of the policy whose relief applies, -1 for none
    relieving: np.ndarray     # (member, site) whether any policy gives relief there
    pays: np.ndarray          # (member, policy, class, site) 1 where a grant is paid on registration
    recognises: np.ndarray    # (member, policy, site) 1 where a policy recognises headquarters
    bar: np.ndarray           # (member, policy, class) ln employees that recognition asks for, inf for nobody
    research: np.ndarray      # (member, policy, class) employees times R&D intensity that it asks for
    paying: np.ndarray        # numbers of the policies that pay or recognise
    lowest: np.ndarray        # (member,) the lowest bar of those that recognise, inf where none does
    authority: np.ndarray     # (site,) jurisdiction that a place is in
    industries: int
    types: int


class Tally(NamedTuple):
    """By legal place or its jurisdiction, but for `apart` and `fixed`; `tally` adds to it."""

    employees: np.ndarray     # (member, site, high-tech) 1/1024
    relieved: np.ndarray      # (member, policy, authority, high-tech) 1/1024, those whose relief a policy gives
    paid: np.ndarray          # (member, policy, authority) grants paid on registration in the quarter
    entitled: np.ndarray      # (member, policy, authority) registrations of the quarter that a policy's relief suits
    recognised: np.ndarray    # (member, site) recognised headquarters
    registered: np.ndarray    # (member, is headquarters, site) enterprises; headquarters by the criteria
    apart: np.ndarray         # (member, is headquarters, functional site) those registered elsewhere
    fixed: np.ndarray         # (member, series, functional site) headquarters by criteria that stand still in money


# What of a State the accounts are made of.
Registered = namedtuple("Registered", "site industry hq_type hightech log_size born legal legal_since status loading")


class Bars(NamedTuple):
    """What an enterprise of a member has to be for a headquarters; the first four as `life.meets` reads them."""

    revenue: float            # ln employees
    tax: float                # ln of the further factor that tax needs, 0 where revenue is enough
    tax_high_tech: float
    research: float           # R&D intensity times employees over the bar
    real: float               # by how much the bar is lower where criteria keep pace with prices alone
    nominal: float            # the same where they keep pace with nothing


class Room(NamedTuple):
    """Scratch. Sums have a row more for who is not there, and WAYS of each, so that none waits for its neighbour."""

    size: np.ndarray          # (LANES,) int64, employees in 1/1024
    code: np.ndarray          # (LANES,) int64, what is counted by its site, FIELD bits each
    here: np.ndarray          # (LANES,) int64, what is counted by its legal place
    at_site: np.ndarray       # (LANES,) uint32, where its sums by site lie
    at_place: np.ndarray      # (LANES,) uint32, where its employees by place and high-tech lie
    by_site: np.ndarray       # (site + 1 x WAYS,) sums of code
    by_place: np.ndarray      # (site + 1 x WAYS x PLACE,) sums of here, of employees, ordinary and high-tech
    marks: Marks              # who needs more than a count


def _sums_for(sites):
    """Room for a tally of so many sites, but for marks."""
    return (*aligned((3, LANES), np.int64), *aligned((2, LANES), np.uint32),
            np.empty((sites + 1) * WAYS, np.int64), np.empty((sites + 1) * WAYS * PLACE, np.int64))


def tally(quarter, state, criteria, lower, rules, out, scratch=None):
    """Add the enterprises at the close of a quarter to a Tally.

    criteria (member, 4) as `life.meets` reads it; lower (2, member) by how much ln employees may fall short of it where
    criteria stand still: real, nominal.
    """
    _tally(quarter, part(Registered, state), criteria, lower, rules, out,
           Room(*kept(scratch, _sums_for, out.recognised.shape[1]), kept(scratch, marks_for, state.site.shape[1])))


@compiled
def _tally(quarter, state, criteria, lower, rules, out, room):
    for m in range(state.site.shape[0]):
        asked = own(criteria, m)
        bars = Bars(asked[0], max(asked[1], 0.0), max(asked[2], 0.0), asked[3], lower[0, m], lower[1, m])
        for begin in range(0, state.site.shape[1], TURN):
            _add_up(m, begin, min(begin + TURN, state.site.shape[1]), state, bars, room)
            _unfold(m, room, out)
        for k in range(_find_relieved(state.site[m], state.legal[m], own(rules.relieving, m), room)):
            _count_relief(m, room.marks.slot[k], quarter, state, rules, out)
        if rules.paying.size > 0:
            for k in range(_find_asked(m, quarter, state, own(rules.lowest, m), room)):
                _count_paid(m, room.marks.slot[k], quarter, state, rules, out)


@inlined
def _add_up(m, begin, end, state, bars, room):
    """Employees and codes of some of a member's slots."""
    at_site, at_place, by_site, by_place = room.at_site, room.at_place, room.by_site, room.by_place
    code, here, size = room.code, room.here, room.size
    by_site[:], by_place[:] = 0, 0
    for first in range(begin, end, LANES):
        lanes = slice(first, min(first + LANES, end))
        _fill_places(state.site[m, lanes], state.legal[m, lanes], state.hightech[m, lanes], room)
        _fill_codes(m, lanes, state, bars, room)
        for t in range(lanes.stop - lanes.start):
            by_site[at_site[t]] += code[t]
            by_place[at_place[t] & FIRST] += here[t]
            by_place[at_place[t]] += size[t]


@inlined
def _fill_places(site, place, hightech, room):
    """Where sums of lanes lie."""
    at_site, at_place, sites = room.at_site, room.at_place, room.by_site.size // WAYS - 1
    for t in range(site.size):
        at_site[t] = (site[t] if site[t] >= 0 else sites) * WAYS + (t & (WAYS - 1))
    for t in range(site.size):
        at_place[t] = ((place[t] if site[t] >= 0 else sites) * WAYS + (t & (WAYS - 1))) * PLACE + 1 + hightech[t]


@inlined
def _fill_codes(m, lanes, state, bars, room):
    """Sizes and codes of lanes, by loops that vectorise."""
    site, place = state.site[m, lanes], state.legal[m, lanes]
    hightech, log_size = state.hightech[m, lanes], state.log_size[m, lanes]
    size, code, here = room.size, room.code, room.here
    for t in range(site.size):
        size[t] = np.int64(exp(log_size[t]) * EMPLOYEE + 0.5)
    for t in range(site.size):
        above, enough = log_size[t] - bars.revenue, bars.tax_high_tech if hightech[t] != 0 else bars.tax
        here[t] = 1 + MET * np.int64(above >= enough)
        code[t] = REAL * np.int64(above + bars.real >= enough) + NOMINAL * np.int64(above + bars.nominal >= enough)
    if bars.research < np.inf:                       # else it suffices nowhere, and lies far apart in memory
        for t in range(site.size):
            _add_research(t, log_size[t] - bars.revenue, state.loading[m, lanes.start + t, RND], bars, room)
    for t in range(site.size):
        code[t] += here[t] if site[t] != place[t] else 0


@inlined
def _add_research(t, above, intensity, bars, room):
    """Add what lane t meets by its research."""
    if above + max(0.0, bars.real, bars.nominal) >= 0.0:
        room.here[t] |= MET * _suffices(above, intensity, bars)
        room.code[t] |= REAL * _suffices(above + bars.real, intensity, bars) \
            | NOMINAL * _suffices(above + bars.nominal, intensity, bars)


@inlined
def _suffices(above, intensity, bars):
    """Whether R&D is enough for a headquarters so far above the bar of revenue, 1 or 0."""
    return np.int64((above >= 0.0) & (intensity * exp(above) >= bars.research))


@inlined
def _unfold(m, room, out):
    """Add counts from sums of codes, and employees."""
    for k in range(out.recognised.shape[1] * WAYS):
        j, code, here = k // WAYS, room.by_site[k], room.by_place[PLACE * k]
        out.apart[m, 0, j] += code & MOST
        out.apart[m, 1, j] += (code >> FIELD) & MOST
        out.fixed[m, 0, j] += (code >> 2 * FIELD) & MOST
        out.fixed[m, 1, j] += (code >> 3 * FIELD) & MOST
        out.registered[m, 0, j] += here & MOST
        out.registered[m, 1, j] += here >> FIELD
        out.employees[m, j, 0] += room.by_place[PLACE * k + 1]
        out.employees[m, j, 1] += room.by_place[PLACE * k + 2]


@inlined
def _find_relieved(site, place, relieving, room):
    """How many are registered where relief is given, and their slots; WORD places are looked up in one word."""
    flag, found = room.marks.flag, 0
    for first in range(0, relieving.size, WORD):
        word = np.uint64(0)
        for j in range(first, min(first + WORD, relieving.size)):
            word |= np.uint64(relieving[j]) << np.uint64(j - first)
        if word != 0:
            if found == 0:
                flag[:] = 0
            found += 1
            for i in range(site.size):
                bit = np.uint64(place[i]) - np.uint64(first)         # of another word's place it is large
                there = (word >> (bit & np.uint64(WORD - 1))) & np.uint64(1)
                flag[i] |= (site[i] >= 0) & (bit < np.uint64(WORD)) & (there != 0)
    return listed(room.marks) if found > 0 else 0


@inlined
def _count_relief(m, i, quarter, state, rules, out):
    """Employees of one whose relief a policy gives; and one who registers and whom relief is for, known or not."""
    place, hightech, relief_by = state.legal[m, i], state.hightech[m, i], own(rules.relief_by, m)
    row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i], hightech, rules.industries,
                 rules.types)
    policy = relief_by[row, place]
    if policy >= 0:
        employees = np.int64(exp(state.log_size[m, i]) * EMPLOYEE + 0.5)
        out.relieved[m, policy, rules.authority[place], hightech] += employees
    if state.legal_since[m, i] == quarter:
        policy = relief_by[_row_on_arrival(m, i, quarter, state, rules), place]
        if policy >= 0:
            out.entitled[m, policy, rules.authority[place]] += 1


@inlined
def _row_on_arrival(m, i, quarter, state, rules):
    """Row of the class as which an enterprise that registers in the quarter comes."""
    came_as = NEWCOMER if state.born[m, i] == quarter else MOVER
    return row_of(came_as, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], rules.industries,
                  rules.types)


@inlined
def _find_asked(m, quarter, state, lowest, room):
    """How many may be paid or recognised, and their slots: who registers, and who is large."""
    site, since, log_size = state.site[m], state.legal_since[m], state.log_size[m]
    for i in range(site.size):
        room.marks.flag[i] = (site[i] >= 0) & ((since[i] == quarter) | (log_size[i] >= lowest))
    return listed(room.marks)


@inlined
def _count_paid(m, i, quarter, state, rules, out):
    """Grants on registration in the quarter, and recognition."""
    place, row = state.legal[m, i], _row_on_arrival(m, i, quarter, state, rules)
    known, bar, research = False, own(rules.bar, m), own(rules.research, m)
    for k in range(rules.paying.size):
        p = rules.paying[k]
        if recognised(state.log_size[m, i], state.loading[m, i, RND], bar[p, row], research[p, row]):
            known = known or own(rules.recognises, m)[p, place] > 0
            if state.legal_since[m, i] == quarter:
                out.paid[m, p, rules.authority[place]] += own(rules.pays, m)[p, row, place]
    out.recognised[m, place] += known
