"""Utilities of one enterprise over all sites, with peers on the counts as they stand.

Signatures: v (site + 1,) is filled, outside option last; fields (term, row, site) int64.
Identities: fields = phi counts w, exact in any order of updates; an enterprise never counts itself.
`*_of(tables, m)` are the views of one member, made once a member.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.compiler import inlined
from sim.kernels.elementary import exp, log
from sim.kernels.layout import (FIELD_UNIT, LINEAR, LOG, MOVER, NEWCOMER, SATURATING, TABLE, own)


class Person(NamedTuple):
    """One enterprise, as scalars."""

    slot: int
    site: int                     # -1 for a candidate
    first_row: int                # its class row in status 0
    row_step: int                 # rows from one status to the next
    status: int
    kind: int
    weight: int
    log_size: float
    years: float                  # age


class Offers(NamedTuple):
    """`layout.Tables` of one member."""

    site: np.ndarray
    by_class: np.ndarray
    personal: np.ndarray
    grant: np.ndarray
    grant_beta: float
    cost_per_employee: float


class PeersOf(NamedTuple):
    """`layout.Peers` of one member."""

    gamma: np.ndarray
    row_of_kind: np.ndarray
    phi: np.ndarray
    w: np.ndarray
    payoff: np.ndarray
    offset: float
    half: float
    form: int
    live: int


class Costs(NamedTuple):
    """`layout.Moving` of one member."""

    distance: np.ndarray
    cost: float
    log_size: float
    age: float
    log_distance: float
    outside: int


@inlined
def offers_of(tables, m):
    return Offers(tables.site[own(m, tables.site.shape[0])],
                  tables.by_class[own(m, tables.by_class.shape[0])],
                  tables.personal[own(m, tables.personal.shape[0])],
                  tables.grant[own(m, tables.grant.shape[0])],
                  tables.grant_beta[own(m, tables.grant_beta.size)],
                  tables.cost_per_employee[own(m, tables.cost_per_employee.size)])


@inlined
def peers_of(peers, m):
    return PeersOf(peers.gamma[own(m, peers.gamma.shape[0])], peers.row_of_kind, peers.phi,
                   peers.w[own(m, peers.w.shape[0])], peers.payoff,
                   peers.offset[own(m, peers.offset.size)], peers.half[own(m, peers.half.size)],
                   peers.form, peers.live)


@inlined
def costs_of(moving, m):
    return Costs(moving.distance[own(m, moving.distance.shape[0])],
                 moving.cost[own(m, moving.cost.size)], moving.log_size[own(m, moving.log_size.size)],
                 moving.age[own(m, moving.age.size)],
                 moving.log_distance[own(m, moving.log_distance.size)], moving.outside)


@inlined
def person_of(m, i, quarter, state, industries, types):
    """The enterprise in slot i; its class is ((status, industry), type), high-tech."""
    first = (state.industry[m, i] * types + state.hq_type[m, i]) * 2 + state.hightech[m, i]
    return Person(i, max(state.site[m, i], -1), first, industries * types * 2, state.status[m, i],
                  state.kind[m, i], state.weight[m, i], state.log_size[m, i],
                  (quarter - state.born[m, i]) * 0.25)


@inlined
def fill_fields(fields, counts, peers):
    """fields[p, r, k] = sum_kind phi[p, r, kind] sum_j w[j, k] counts[kind, j]."""
    kinds, sites = counts.shape
    spread = np.zeros(sites, np.int64)
    fields[:] = 0
    for kind in range(kinds):
        spread[:] = 0
        for j in range(sites):
            if counts[kind, j] != 0:
                for k in range(sites):
                    spread[k] += counts[kind, j] * peers.w[j, k]
        for p in range(peers.phi.shape[0]):
            for r in range(peers.phi.shape[1]):
                phi = peers.phi[p, r, kind]
                if phi != 0:
                    for k in range(sites):
                        fields[p, r, k] += phi * spread[k]


@inlined
def shift_fields(fields, kind, site, weight, phi, w):
    """Add `weight` sixteenths of an enterprise of a kind at a site; negative to take it away."""
    for p in range(phi.shape[0]):
        for r in range(phi.shape[1]):
            amount = phi[p, r, kind] * weight
            if amount != 0:
                for k in range(fields.shape[2]):
                    fields[p, r, k] += amount * w[site, k]


@inlined
def add_peers(v, n, person, peers, fields):
    """v_k += sum_p gamma_p form(n_pk), without the enterprise itself while counts are live.

    n (site + 1,) is scratch.
    """
    sites = fields.shape[2]
    for p in range(peers.gamma.size):
        row, gamma = peers.row_of_kind[p, person.kind], peers.gamma[p]
        if row < 0 or gamma == 0.0:
            continue
        mine = np.int64(0)
        if peers.live and person.site >= 0:
            mine = peers.phi[p, row, person.kind] * np.int64(person.weight)
        if mine != 0:
            for k in range(sites):
                n[k] = np.float64(fields[p, row, k] - mine * peers.w[person.site, k]) * FIELD_UNIT
        else:
            for k in range(sites):
                n[k] = np.float64(fields[p, row, k]) * FIELD_UNIT
        if peers.form == LOG:
            for k in range(sites):
                v[k] += gamma * log(peers.offset + n[k])
        elif peers.form == LINEAR:
            total = np.int64(0)              # of integers, hence exact in any order
            for k in range(sites):
                total += fields[p, row, k]
                if mine != 0:
                    total -= mine * peers.w[person.site, k]
            slope = gamma / max(np.float64(total) * FIELD_UNIT, 1e-300)
            for k in range(sites):
                v[k] += slope * n[k]
        elif peers.form == SATURATING:
            for k in range(sites):
                v[k] += gamma * n[k] / (n[k] + peers.half)
        elif peers.form == TABLE:
            for k in range(sites):
                others = min(np.int64(n[k] + 0.5), peers.payoff.shape[1] - 1)
                v[k] += gamma * peers.payoff[k, others]


@inlined
def add_offers(v, row, person, loading, loading_of, offers):
    """Fill v with what sites offer one class row, personal parts and grants included."""
    sites = offers.site.size
    for j in range(sites):
        v[j] = offers.site[j] + offers.by_class[row, j]
    for a in range(loading_of.size):
        times = loading[person.slot, loading_of[a]]
        for j in range(sites):
            v[j] += times * offers.personal[a, row, j]
    if offers.grant.shape[0] > 0:
        cost = offers.cost_per_employee * exp(person.log_size)
        for j in range(sites):
            if offers.grant[row, j] > 0.0:
                v[j] += offers.grant_beta * log(1.0 + offers.grant[row, j] / cost)


@inlined
def staying(person, loading, loading_of, offers):
    """What its own site offers an enterprise as what it is there."""
    row = person.status * person.row_step + person.first_row
    value = offers.site[person.site] + offers.by_class[row, person.site]
    for a in range(loading_of.size):
        value += loading[person.slot, loading_of[a]] * offers.personal[a, row, person.site]
    return value


@inlined
def subtract_moving(v, person, costs):
    """v_j -= c0 + c1 ln size + c2 min(age, 10) + c3 ln(1 + d) for every place but the present one."""
    cost = (costs.cost + costs.log_size * person.log_size + costs.age * min(person.years, 10.0))
    stay = v[person.site]
    for j in range(v.size):
        v[j] -= cost + costs.log_distance * costs.distance[person.site, j]
    v[person.site] = stay


@inlined
def utilities(v, n, person, loading, loading_of, offers, peers, fields, costs):
    """Fill v with the enterprise's utility of every site and of the outside option, errors apart.

    An enterprise with a site is offered other sites as a mover, its own as what it is there.
    loading (slot, loading) is the member's; n (site + 1,) is scratch.
    """
    status = NEWCOMER if person.site < 0 else MOVER
    add_offers(v, status * person.row_step + person.first_row, person, loading, loading_of, offers)
    v[v.size - 1] = 0.0 if costs.outside else -1e300
    if person.site >= 0:
        v[person.site] = staying(person, loading, loading_of, offers)
        subtract_moving(v, person, costs)
    add_peers(v, n, person, peers, fields)
