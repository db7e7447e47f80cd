"""What public accounts need to know of the enterprises, added up by legal place.

Signatures: tally: State -> Tally in place. Sums are of integers (employees in 1/1024), so they do not
depend on the order of slots, and every amount of money that is computed from them adds up exactly.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import EMPLOYEE, LANES, MOVER, NEWCOMER, RND, part
from sim.kernels.choice.registration_value import recognised
from sim.kernels.firms.life import meets
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp


class Rules(NamedTuple):
    """What is in force in a quarter, whatever is perceived of it."""

    relief_by: np.ndarray     # (member, class, site) number of the policy whose relief applies, -1 for none
    pays: np.ndarray          # (member, policy, class, site) 1 where a grant is paid on registration
    recognises: np.ndarray    # (member, policy, site) 1 where a policy recognises headquarters
    bar: np.ndarray           # (member, policy, class) ln employees that recognition asks for, inf for nobody
    research: np.ndarray      # (member, policy, class) employees times R&D intensity that it asks for
    industries: int
    types: int


class Tally(NamedTuple):
    """By legal place, but for `apart`; filled by `tally`."""

    employees: np.ndarray     # (member, site, high-tech) 1/1024
    relieved: np.ndarray      # (member, policy, site, high-tech) 1/1024, those whose relief a policy gives
    paid: np.ndarray          # (member, policy, site) grants paid on registration in the quarter
    entitled: np.ndarray      # (member, policy, site) registrations of the quarter that a policy's relief is for
    recognised: np.ndarray    # (member, site) recognised headquarters
    registered: np.ndarray    # (member, is headquarters, site) enterprises; headquarters by the criteria
    apart: np.ndarray         # (member, is headquarters, functional site) those registered elsewhere


# What of a State the accounts are made of.
Registered = namedtuple("Registered", "site industry hq_type hightech log_size born legal legal_since status loading")


class Bars(NamedTuple):
    """What spares most enterprises the costly part."""

    size: np.ndarray          # (LANES,) scratch
    relieving: np.ndarray     # (member, site) whether any policy gives relief there
    lowest: np.ndarray        # (member,) ln employees below which nobody is a headquarters or recognised


def tally(quarter, state, criteria, rules, out):
    """Fill a Tally from the enterprises at the close of a quarter."""
    for sums in out:
        sums[:] = 0
    lowest = np.minimum(criteria[:, 0], rules.bar.min(axis=(1, 2), initial=np.inf))
    spared = Bars(np.empty(LANES), (rules.relief_by >= 0).any(axis=1), lowest)
    _tally(quarter, part(Registered, state), criteria, rules, out, spared)


@compiled
def _tally(quarter, state, criteria, rules, out, spared):
    for m in range(state.site.shape[0]):
        bars = own(criteria, m)
        _tally_member(m, quarter, state, bars, rules, out, spared)


@inlined
def _tally_member(m, quarter, state, bars, rules, out, spared):
    relieving, lowest = own(spared.relieving, m), own(spared.lowest, m)
    for first in range(0, state.site.shape[1], LANES):
        number = min(LANES, state.site.shape[1] - first)
        for t in range(number):
            spared.size[t] = exp(state.log_size[m, first + t]) * EMPLOYEE + 0.5
        for t in range(number):
            i = first + t
            site, place = state.site[m, i], state.legal[m, i]
            if site < 0:
                continue
            out.employees[m, place, state.hightech[m, i]] += np.int64(spared.size[t])
            out.registered[m, 0, place] += 1
            if place != site:
                out.apart[m, 0, site] += 1
            if relieving[place]:
                _count_relief(m, i, np.int64(spared.size[t]), state, rules, out)
                if state.legal_since[m, i] == quarter:
                    _count_entitled(m, i, quarter, state, rules, out)
            if state.log_size[m, i] >= lowest:
                _count_large(m, i, quarter, state, bars, rules, out)


@inlined
def _count_relief(m, i, employees, state, rules, out):
    """Employees of those whose relief a policy gives."""
    place, hightech = state.legal[m, i], state.hightech[m, i]
    row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i], hightech, rules.industries,
                 rules.types)
    policy = own(rules.relief_by, m)[row, place]
    if policy >= 0:
        out.relieved[m, policy, place, hightech] += employees


@inlined
def _count_entitled(m, i, quarter, state, rules, out):
    """An enterprise that registers in the quarter and whom a policy's relief is for, whether it knows of it or not."""
    place = state.legal[m, i]
    policy = own(rules.relief_by, m)[_row_on_arrival(m, i, quarter, state, rules), place]
    if policy >= 0:
        out.entitled[m, policy, place] += 1


@inlined
def _row_on_arrival(m, i, quarter, state, rules):
    """Row of the class as which an enterprise that registers in the quarter comes."""
    came_as = NEWCOMER if state.born[m, i] == quarter else MOVER
    return row_of(came_as, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], rules.industries,
                  rules.types)


@inlined
def _count_large(m, i, quarter, state, bars, rules, out):
    """Headquarters by the criteria; grants on registration in the quarter, and recognition."""
    place, site = state.legal[m, i], state.site[m, i]
    if meets(state.log_size[m, i], state.hightech[m, i], state.loading[m, i, RND], bars):
        out.registered[m, 1, place] += 1
        out.apart[m, 1, site] += place != site
    row = _row_on_arrival(m, i, quarter, state, rules)
    known, bar, research = False, own(rules.bar, m), own(rules.research, m)
    for p in range(bar.shape[0]):
        if recognised(state.log_size[m, i], state.loading[m, i, RND], bar[p, row], research[p, row]):
            known = known or own(rules.recognises, m)[p, place] > 0
            if state.legal_since[m, i] == quarter:
                out.paid[m, p, place] += own(rules.pays, m)[p, row, place]
    out.recognised[m, place] += known
