"""What legal places are worth: taxes and grants where an enterprise registers, seen from where it works.

Signatures: price_places: an enterprise -> its worth[t, r] of being registered at r; add_places: v
(LANES, site + 1), row t is raised by the inclusive value.
Identities: the value seen from j is l_r ln sum_r q_rj e^(w_r / l_r), q_rj the probability of being
registered at r without taxes and grants (a logit below the choice of site, McFadden 1978). It is 0
where w is 0 everywhere, w where w is the same everywhere or q has one place alone. Places are added
up in the order of their ids' keys, so relabelling sites changes no bit.

Decision 44 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import MOVER_STAYS, NEWCOMER_STAYS, SETTLED
from sim.kernels.choice.holiday import covered
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import apart, inlined
from sim.kernels.numerics.elementary import exp, log

TOGETHER = 4                   # places that a loop adds


class Promises(NamedTuple):
    """What of Tables tells as what an enterprise is registered."""

    benefit_quarters: np.ndarray  # (member, class, site)
    industries: int
    types: int
    separate: int


def promises_of(tables):
    """The Promises of Tables."""
    return Promises(tables.benefit_quarters, tables.industries, tables.types, tables.places.separate)


@inlined
def price_places(t, tables, who):
    """Fill who.worth[t] with w_r = b_t relief_r covered_r taste + b_g ln(1 + grant_r / cost); whether any is not 0.

    Where it is registered an enterprise keeps what it is there, and gets no grant for staying.
    """
    if not who.priced[t]:
        return False
    worth, legal, found = who.worth[t], who.legal[t], False
    relieved, taste = tables.places.relief.shape[0] > 0, who.taste[t]
    if relieved:
        _fill_relief(t, tables, who)
    else:
        worth[:] = 0.0
    if has_grants(tables):
        _add_grants(t, tables, who)
    if legal >= 0:
        worth[legal] = taste * relief_that_remains(t, legal, tables.places.relief, tables, who) if relieved else 0.0
    for r in range(worth.size):
        found |= worth[r] != 0.0
    return found


@inlined
def _fill_relief(t, tables, who):
    """Fill who.worth[t] with what relief on arrival is worth; most places promise it for one and the same time."""
    row, worth, before, share = who.offered[t], who.worth[t], -1.0, 0.0
    lasting, promised = tables.places.relief[row], tables.benefit_quarters[row]
    for r in range(worth.size):
        worth[r] = 0.0
        if lasting[r] != 0.0:
            if promised[r] != before:
                before = promised[r]
                share = covered(tables.stay[who.spun[t]], who.years[t], 0.25 * before)
            worth[r] = who.taste[t] * (lasting[r] * share)


@inlined
def relief_on_arrival(t, r, relief, tables, who):
    """Worth of the tax relief at r to who comes there, for as long as it is granted; relief (class, site) lasting."""
    row = who.offered[t]
    lasting = relief[row, r]
    if lasting == 0.0:
        return lasting
    return lasting * covered(tables.stay[who.spun[t]], who.years[t], 0.25 * tables.benefit_quarters[row, r])


@inlined
def relief_that_remains(t, r, relief, tables, who):
    """The same of what is left to who is there: nothing at expiry, so that the end of a holiday drives nobody away."""
    row = who.staying[t]
    lasting = relief[row, r]
    if lasting == 0.0:
        return lasting
    left = max(0.25 * tables.benefit_quarters[row, r] - who.held[t], 0.0)
    return lasting * covered(tables.stay[who.spun[t]], who.years[t], left)


@inlined
def _add_grants(t, tables, who):
    """Add the worth of what is paid on arrival."""
    if fill_grants(t, tables, who):
        value_grants(who.worth[t], who.inside, tables.cost_per_employee * exp(who.log_size[t]), tables.grant_beta)


@apart
def value_grants(worth, paid, cost, beta):
    """Add b_g ln(1 + grant_r / cost), which is 0 where nothing is paid, as no grant is negative."""
    for r in range(paid.size):
        worth[r] += beta * log(1.0 + max(paid[r], 0.0) / cost)


@inlined
def has_grants(tables):
    """Whether anything is paid to anybody on arrival."""
    return tables.grant.shape[0] > 0 or tables.awards.amount.shape[0] > 0


@inlined
def fill_grants(t, tables, who):
    """Fill who.inside with RMB million paid on arrival, awards to recognised headquarters included; whether any may be.
    """
    row, grants, awards = who.offered[t], who.inside, tables.awards
    some = tables.grant.shape[0] > 0
    for r in range(grants.size):
        grants[r] = tables.grant[row, r] if some else 0.0
    for p in range(awards.amount.shape[0]):
        if recognised(who.log_size[t], who.research[t], awards.bar[p, row], awards.research[p, row]):
            some = True
            for r in range(grants.size):
                grants[r] += max(awards.amount[p, row, r], 0.0)
    return some


@inlined
def recognised(log_size, research, bar, needed):
    """Whether an enterprise meets the thresholds: ln employees, and R&D intensity times employees."""
    return log_size >= bar and research * exp(log_size) >= needed


@inlined
def add_places(t, tables, who, v):
    """v[t, j] += l_r ln sum_r q_rj e^(w_r / l_r), the largest w taken out so that no l_r is too small.

    Only places that are worth something are gone through: the others weigh e^0 together.
    """
    top, scale, inside, worth = 0.0, tables.places.scale, who.inside, who.worth[t]
    for r in range(worth.size):
        top = max(top, worth[r])
    number = _list_places(worth, tables.places.order, who)
    nothing, gain, place = exp(-top / scale), who.gain, who.place
    for k in range(number):
        gain[k] = exp((gain[k] - top) / scale) - nothing
    for k in range(number, number + TOGETHER):             # and then none, as many as a loop adds
        gain[k], place[k] = 0.0, 0
    inside[:] = nothing
    for k in range(0, number, TOGETHER):
        home = tables.places.home
        _add_four(inside, gain[k:k + TOGETHER], home[place[k]], home[place[k + 1]], home[place[k + 2]],
                  home[place[k + 3]])
    _add_inclusive(v[t], inside, top, scale)


@inlined
def _list_places(worth, order, who):
    """List the places that are worth something, and what, in the order in which they are added up; how many."""
    n = 0
    for k in range(order.size):
        r = order[k]
        who.place[n], who.gain[n] = r, worth[r]
        n += worth[r] != 0.0
    return n


@apart
def _add_four(inside, gain, a, b, c, d):
    """Add what places weigh beyond e^0, as many in a loop: each has its cost."""
    of_a, of_b, of_c, of_d = gain[0], gain[1], gain[2], gain[3]
    for j in range(inside.size):
        inside[j] = (((inside[j] + of_a * a[j]) + of_b * b[j]) + of_c * c[j]) + of_d * d[j]


@apart
def _add_inclusive(v, inside, top, scale):
    for j in range(inside.size):
        v[j] += top + scale * log(max(inside[j], 1e-300))


@inlined
def enrol(m, i, place, quarter, state, promises):
    """Register the enterprise at a legal place, as what it comes there: a newcomer, or a mover."""
    came_as = NEWCOMER_STAYS if state.legal[m, i] < 0 else MOVER_STAYS
    row = row_of(came_as, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], promises.industries,
                 promises.types)
    promised = own(promises.benefit_quarters, m)[row, place]
    state.status[m, i] = came_as if promised > 0.0 else SETTLED
    state.legal[m, i] = place
    state.legal_since[m, i] = quarter
