"""What public accounts need to know of the enterprises, added up by legal place.

Signatures: tally: State -> Tally in place. Sums are of integers (employees in 1/1024), so they do not
depend on the order of slots, and every amount of money that is computed from them adds up exactly.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.compiler import compiled, inlined
from sim.kernels.elementary import exp
from sim.kernels.layout import LANES, MOVER, NEWCOMER, RND, own, row_of
from sim.kernels.life import EMPLOYEE, meets
from sim.kernels.places import recognised


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
    recognised: np.ndarray    # (member, site) recognised headquarters
    registered: np.ndarray    # (member, is headquarters, site) enterprises; headquarters by the yardstick
    apart: np.ndarray         # (member, is headquarters, functional site) those registered elsewhere


def tally(quarter, state, yardstick, rules, out):
    """Fill a Tally from the enterprises at the close of a quarter."""
    for sums in out:
        sums[:] = 0
    _tally(quarter, state, yardstick, rules, out, np.empty(LANES))


@compiled
def _tally(quarter, state, yardstick, rules, out, size):
    for m in range(state.site.shape[0]):
        bars = yardstick[own(m, yardstick.shape[0])]
        _tally_member(m, quarter, state, bars, rules, out, size)


@inlined
def _tally_member(m, quarter, state, bars, rules, out, size):
    for first in range(0, state.site.shape[1], LANES):
        number = min(LANES, state.site.shape[1] - first)
        for t in range(number):
            size[t] = exp(state.log_size[m, first + t]) * EMPLOYEE + 0.5
        for t in range(number):
            i = first + t
            if state.site[m, i] >= 0:
                _count_one(m, i, np.int64(size[t]), quarter, state, bars, rules, out)


@inlined
def _count_one(m, i, employees, quarter, state, bars, rules, out):
    place, site, hightech = state.legal[m, i], state.site[m, i], state.hightech[m, i]
    headquarters = meets(state.log_size[m, i], hightech, state.loading[m, i, RND], bars)
    out.employees[m, place, hightech] += employees
    out.registered[m, 0, place] += 1
    out.registered[m, 1, place] += headquarters
    if place != site:
        out.apart[m, 0, site] += 1
        out.apart[m, 1, site] += headquarters
    row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i], hightech, rules.industries,
                 rules.types)
    policy = rules.relief_by[own(m, rules.relief_by.shape[0]), row, place]
    if policy >= 0:
        out.relieved[m, policy, place, hightech] += employees
    _count_grants(m, i, quarter, state, rules, out)


@inlined
def _count_grants(m, i, quarter, state, rules, out):
    """Grants on registration in the quarter, as a newcomer or a mover, and recognition."""
    place = state.legal[m, i]
    came_as = NEWCOMER if state.born[m, i] == quarter else MOVER
    row = row_of(came_as, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], rules.industries,
                 rules.types)
    known = False
    for p in range(rules.bar.shape[1]):
        if recognised(state.log_size[m, i], state.loading[m, i, RND],
                      rules.bar[own(m, rules.bar.shape[0]), p, row],
                      rules.research[own(m, rules.research.shape[0]), p, row]):
            known = known or rules.recognises[own(m, rules.recognises.shape[0]), p, place] > 0
            if state.legal_since[m, i] == quarter:
                out.paid[m, p, place] += rules.pays[own(m, rules.pays.shape[0]), p, row, place]
    out.recognised[m, place] += known
