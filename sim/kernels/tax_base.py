"""What public accounts need to know of the enterprises, added up by place.

Signatures: tally: State -> Tally in place. Sums are of integers (employees in 1/1024), so they do not
depend on the order of slots, and every amount of money that is computed from them adds up exactly.
Whether an enterprise is registered elsewhere and by which criteria it is a headquarters are bits of one code, so
that it is counted once by its site and once by its legal place, without a branch that nobody could foresee.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, LANES, MOVER, NEWCOMER, RND, part
from sim.kernels.choice.registration_value import recognised
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp

AWAY, MET, REAL, NOMINAL, CODES = 1, 2, 4, 8, 16     # bits of a code, and how many codes there are


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
    industries: int
    types: int


class Tally(NamedTuple):
    """By legal place, but for `apart` and `fixed`; filled by `tally`."""

    employees: np.ndarray     # (member, site, high-tech) 1/1024
    relieved: np.ndarray      # (member, policy, site, high-tech) 1/1024, those whose relief a policy gives
    paid: np.ndarray          # (member, policy, site) grants paid on registration in the quarter
    entitled: np.ndarray      # (member, policy, site) registrations of the quarter that a policy's relief is for
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
    """Scratch."""

    size: np.ndarray          # (LANES,) employees in 1/1024, not yet whole
    code: np.ndarray          # (LANES,)
    by_site: np.ndarray       # (site, code) enterprises
    by_place: np.ndarray      # (legal place, 0 or MET) enterprises
    slot: np.ndarray          # (slot + 1,) of those who need more than a count


def tally(quarter, state, criteria, lower, rules, out):
    """Fill a Tally from the enterprises at the close of a quarter.

    criteria (member, 4) as `life.meets` reads it; lower (2, member) by how much ln employees may fall short of it where
    criteria stand still: real, nominal.
    """
    for sums in out:
        sums[:] = 0
    sites = out.recognised.shape[1]
    room = Room(np.empty(LANES), np.empty(LANES, np.int32), np.empty((sites, CODES), np.int64),
                np.empty((sites, MET + 1), np.int64), np.empty(state.site.shape[1] + 1, np.int64))
    _tally(quarter, part(Registered, state), criteria, lower, rules, out, room)


@compiled
def _tally(quarter, state, criteria, lower, rules, out, room):
    for m in range(state.site.shape[0]):
        asked = own(criteria, m)
        bars = Bars(asked[0], max(asked[1], 0.0), max(asked[2], 0.0), asked[3], lower[0, m], lower[1, m])
        relieved = _add_up(m, state, bars, own(rules.relieving, m), out.employees[m], room)
        _unfold(m, room, out)
        for k in range(relieved):
            _count_relief(m, room.slot[k], quarter, state, rules, out)
        if rules.paying.size > 0:
            for k in range(_find_asked(m, quarter, state, own(rules.lowest, m), room.slot)):
                _count_paid(m, room.slot[k], quarter, state, rules, out)


@inlined
def _add_up(m, state, bars, relieving, employees, room):
    """Employees and codes of a member; how many are registered where relief is given, whose slots are in room."""
    n = 0
    site_of, place_of, hightech = state.site[m], state.legal[m], state.hightech[m]
    room.by_site[:], room.by_place[:] = 0, 0
    for first in range(0, site_of.size, LANES):
        number = min(LANES, site_of.size - first)
        _fill_lanes(m, first, number, state, bars, room)
        for t in range(number):
            site, place = site_of[first + t], place_of[first + t]
            if site < 0:
                continue
            employees[place, hightech[first + t]] += np.int64(room.size[t])
            room.by_site[site, room.code[t]] += 1
            room.by_place[place, room.code[t] & MET] += 1
            room.slot[n] = first + t
            n += relieving[place]
    return n


@inlined
def _fill_lanes(m, first, number, state, bars, room):
    """Sizes and codes of some of a member's slots, by loops that vectorise."""
    site_of, place_of, hightech, log_size = state.site[m], state.legal[m], state.hightech[m], state.log_size[m]
    for t in range(number):
        room.size[t] = exp(log_size[first + t]) * EMPLOYEE + 0.5
    for t in range(number):
        above, enough = log_size[first + t] - bars.revenue, bars.tax_high_tech if hightech[first + t] else bars.tax
        room.code[t] = (np.int32(site_of[first + t] != place_of[first + t]) | (np.int32(above >= enough) << 1)
                        | (np.int32(above + bars.real >= enough) << 2)
                        | (np.int32(above + bars.nominal >= enough) << 3))
    if bars.research < np.inf:                       # else it suffices nowhere, and lies far apart in memory
        for t in range(number):
            _add_research(t, log_size[first + t] - bars.revenue, state.loading[m, first + t, RND], bars, room.code)


@inlined
def _add_research(t, above, intensity, bars, code):
    """Add what lane t meets by its research."""
    if above + max(0.0, bars.real, bars.nominal) >= 0.0:
        code[t] |= (_suffices(above, intensity, bars) << 1) | (_suffices(above + bars.real, intensity, bars) << 2) \
            | (_suffices(above + bars.nominal, intensity, bars) << 3)


@inlined
def _suffices(above, intensity, bars):
    """Whether R&D is enough for a headquarters so far above the bar of revenue, 1 or 0."""
    return np.int32((above >= 0.0) & (intensity * exp(above) >= bars.research))


@inlined
def _unfold(m, room, out):
    """Counts of enterprises from counts of codes."""
    for j in range(room.by_site.shape[0]):
        ordinary, met = room.by_place[j, 0], room.by_place[j, MET]
        out.registered[m, 0, j], out.registered[m, 1, j] = ordinary + met, met
        for code in range(CODES):
            number = room.by_site[j, code]
            out.apart[m, 0, j] += number * (code & AWAY)
            out.apart[m, 1, j] += number * (code & AWAY & (code >> 1))
            out.fixed[m, 0, j] += number * ((code >> 2) & 1)
            out.fixed[m, 1, j] += number * (code >> 3)


@inlined
def _count_relief(m, i, quarter, state, rules, out):
    """Employees of one whose relief a policy gives; and one who registers and whom relief is for, known or not."""
    place, hightech, relief_by = state.legal[m, i], state.hightech[m, i], own(rules.relief_by, m)
    row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i], hightech, rules.industries,
                 rules.types)
    policy = relief_by[row, place]
    if policy >= 0:
        out.relieved[m, policy, place, hightech] += np.int64(exp(state.log_size[m, i]) * EMPLOYEE + 0.5)
    if state.legal_since[m, i] == quarter:
        policy = relief_by[_row_on_arrival(m, i, quarter, state, rules), place]
        if policy >= 0:
            out.entitled[m, policy, place] += 1


@inlined
def _row_on_arrival(m, i, quarter, state, rules):
    """Row of the class as which an enterprise that registers in the quarter comes."""
    came_as = NEWCOMER if state.born[m, i] == quarter else MOVER
    return row_of(came_as, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], rules.industries,
                  rules.types)


@inlined
def _find_asked(m, quarter, state, lowest, slot):
    """How many may be paid or recognised, and their slots: who registers, and who is large."""
    n = 0
    for i in range(state.site.shape[1]):
        slot[n] = i
        n += (state.site[m, i] >= 0) & ((state.legal_since[m, i] == quarter) | (state.log_size[m, i] >= lowest))
    return n


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
                out.paid[m, p, place] += own(rules.pays, m)[p, row, place]
    out.recognised[m, place] += known
