"""Naive twins of the public accounts: one enterprise after another, Python's own whole numbers."""

import math

from sim.kernels import arrays
from tests.oracles.naive_draws import own
from tests.oracles.naive_registration import row_of

RMB = 10**6


def is_headquarters(m, i, state, criteria, lower=0.0):
    revenue, tax, tax_high_tech, research = own(criteria, m)
    above = state.log_size[m, i] - revenue + lower
    needed = tax_high_tech if state.hightech[m, i] else tax
    return above >= 0 and (above >= needed or state.loading[m, i, arrays.RND] * math.exp(above) >= research)


def tally(quarter, state, criteria, lower, rules, out):
    for array in out:
        array[:] = 0
    for m in range(len(state.site)):
        for i in range(state.site.shape[1]):
            if state.site[m, i] >= 0:
                count_one(m, i, quarter, state, criteria, rules, out)
                for series, by_how_much in enumerate(lower):
                    out.fixed[m, series, state.site[m, i]] += is_headquarters(m, i, state, criteria, by_how_much[m])


def count_one(m, i, quarter, state, criteria, rules, out):
    place, site, hightech = (int(array[m, i]) for array in (state.legal, state.site, state.hightech))
    employees = math.floor(1024 * math.exp(state.log_size[m, i]) + 0.5)
    headquarters = is_headquarters(m, i, state, criteria)
    out.employees[m, place, hightech] += employees
    for kind in (0, 1) if headquarters else (0,):
        out.registered[m, kind, place] += 1
        out.apart[m, kind, site] += place != site
    policy = own(rules.relief_by, m)[row_of(state.status[m, i], m, i, state, rules)][place]
    if policy >= 0:
        out.relieved[m, policy, rules.authority[place], hightech] += employees
    came_as = arrays.NEWCOMER if state.born[m, i] == quarter else arrays.MOVER
    row, known = row_of(came_as, m, i, state, rules), False
    meant = own(rules.relief_by, m)[row][place]
    if state.legal_since[m, i] == quarter and meant >= 0:
        out.entitled[m, meant, rules.authority[place]] += 1
    for p in range(rules.bar.shape[1]):
        research = state.loading[m, i, arrays.RND] * math.exp(state.log_size[m, i])
        if state.log_size[m, i] >= own(rules.bar, m)[p][row] and research >= own(rules.research, m)[p][row]:
            known |= bool(own(rules.recognises, m)[p][place])
            if state.legal_since[m, i] == quarter:
                out.paid[m, p, rules.authority[place]] += own(rules.pays, m)[p][row][place]
    out.recognised[m, place] += known


def transfers(own_taxes, at_base, theta, fund):
    """Whole RMB that each gives to each, the fund last; theta a list of rows, fund a share by giver."""
    number = len(own_taxes)
    given = [[0] * (number + 1) for _ in range(number + 1)]
    for a in range(number):
        rest = max(int(own_taxes[a]) - int(at_base[a]), 0)
        given[a][number] = round(fund[a] * rest)
        rest -= given[a][number]
        for b in range(number):
            if b != a:
                given[a][b] = math.floor(theta[a][b] * rest)
    return given
