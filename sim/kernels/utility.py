"""Utilities of one enterprise over all sites, with peers on the counts as they stand.

Signatures: v (chooser, site + 1), outside option last, row t is filled; fields (term, row, site) int64.
Identities: fields = phi counts w, exact in any order of updates; an enterprise never counts itself.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.compiler import compiled, inlined
from sim.kernels.elementary import exp, log
from sim.kernels.layout import (FIELD_UNIT, LANES, LINEAR, LOG, MOVER, NEWCOMER, SATURATING, TABLE,
                                own, row_of)


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


class View(NamedTuple):
    """Everything that the enterprises of one member choose by, but the counts and the errors."""

    offers: Offers
    peers: PeersOf
    costs: Costs
    loading: np.ndarray           # (slot, loading)
    loading_of: np.ndarray        # (term,)
    industries: int
    types: int


class Room(NamedTuple):
    """Scratch for LANES enterprises."""

    fields: np.ndarray            # (term, row, site) int64
    v: np.ndarray                 # (LANES, site + 1)
    n: np.ndarray                 # (term x site,) peers, up to a multiple of any vector's length


@compiled
def view_of(m, state, tables, peers, moving):
    """The View of member m."""
    return View(_offers_of(tables, m), _peers_of(peers, m), _costs_of(moving, m), state.loading[m],
                tables.loading_of, tables.industries, tables.types)


@compiled
def room_for(tables, peers):
    """Room to work in, for any member."""
    terms, rows, sites = peers.phi.shape[1], peers.phi.shape[2], tables.site.shape[1]
    return Room(np.empty((terms, rows, sites), np.int64), np.empty((LANES, sites + 1)),
                np.zeros((terms * sites + 7) // 8 * 8))


@compiled
def _offers_of(tables, m):
    return Offers(tables.site[own(m, tables.site.shape[0])],
                  tables.by_class[own(m, tables.by_class.shape[0])],
                  tables.personal[own(m, tables.personal.shape[0])],
                  tables.grant[own(m, tables.grant.shape[0])],
                  tables.grant_beta[own(m, tables.grant_beta.size)],
                  tables.cost_per_employee[own(m, tables.cost_per_employee.size)])


@compiled
def _peers_of(peers, m):
    return PeersOf(peers.gamma[own(m, peers.gamma.shape[0])], peers.row_of_kind,
                   peers.phi[own(m, peers.phi.shape[0])],
                   peers.w[own(m, peers.w.shape[0])], peers.payoff,
                   peers.offset[own(m, peers.offset.size)], peers.half[own(m, peers.half.size)],
                   peers.form, peers.live)


@compiled
def _costs_of(moving, m):
    return Costs(moving.distance[own(m, moving.distance.shape[0])],
                 moving.cost[own(m, moving.cost.size)], moving.log_size[own(m, moving.log_size.size)],
                 moving.age[own(m, moving.age.size)],
                 moving.log_distance[own(m, moving.log_distance.size)], moving.outside)


@inlined
def person_of(m, i, quarter, state, view):
    """The enterprise in slot i; its class is ((status, industry), type), high-tech."""
    first = row_of(0, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], view.industries,
                   view.types)
    return Person(i, max(state.site[m, i], -1), first, view.industries * view.types * 2,
                  state.status[m, i], state.kind[m, i], state.weight[m, i], state.log_size[m, i],
                  (quarter - state.born[m, i]) * 0.25)


@compiled
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
def add_peers(t, person, view, room):
    """v[t, k] += sum_p gamma_p form(n_pk), without the enterprise itself while counts are live.

    The terms stand side by side in n, so that the logarithms of all take one loop that vectorises.
    """
    peers, n = view.peers, room.n
    for p in range(peers.gamma.size):
        _fill_peers(n, p, person, peers, room.fields)
    if peers.form == LOG:
        for k in range(n.size):
            n[k] = log(peers.offset + n[k])
    elif peers.form == SATURATING:
        for k in range(n.size):
            n[k] = n[k] / (n[k] + peers.half)
    for p in range(peers.gamma.size):
        if peers.row_of_kind[p, person.kind] >= 0 and peers.gamma[p] != 0.0:
            _add_term(room.v, t, n, p, person, peers, room.fields)


@inlined
def _own_weight(p, person, peers):
    """What the enterprise itself adds to a field at distance 0; nothing where counts are not live."""
    if peers.live and person.site >= 0:
        return peers.phi[p, peers.row_of_kind[p, person.kind], person.kind] * np.int64(person.weight)
    return np.int64(0)


@inlined
def _fill_peers(n, p, person, peers, fields):
    """The peers of one term that count at every site, without the enterprise itself."""
    sites, row = fields.shape[2], max(peers.row_of_kind[p, person.kind], 0)
    mine, site = _own_weight(p, person, peers), max(person.site, 0)
    for k in range(sites):
        n[p * sites + k] = np.float64(fields[p, row, k] - mine * peers.w[site, k]) * FIELD_UNIT


@inlined
def _add_term(v, t, n, p, person, peers, fields):
    """Add a term's worth; logarithms and saturation are taken already."""
    sites, gamma = fields.shape[2], peers.gamma[p]
    if peers.form == LINEAR:
        gamma /= max(_everywhere(p, person, peers, fields), 1e-300)
    if peers.form == TABLE:
        for k in range(sites):
            others = min(np.int64(n[p * sites + k] + 0.5), peers.payoff.shape[1] - 1)
            v[t, k] += gamma * peers.payoff[k, others]
    else:
        for k in range(sites):
            v[t, k] += gamma * n[p * sites + k]


@inlined
def _everywhere(p, person, peers, fields):
    """The sum of one term's peers over sites, of integers and hence exact in any order."""
    row, mine, site = peers.row_of_kind[p, person.kind], _own_weight(p, person, peers), max(person.site, 0)
    total = np.int64(0)
    for k in range(fields.shape[2]):
        total += fields[p, row, k] - mine * peers.w[site, k]
    return np.float64(total) * FIELD_UNIT


@inlined
def fill_offers(t, person, view, v):
    """Fill v[t] with an enterprise's utility of every site and the outside, peers and errors apart.

    An enterprise with a site is offered other sites as a mover, its own as what it is there.
    """
    costs, outside = view.costs, view.offers.site.size
    status = NEWCOMER if person.site < 0 else MOVER
    _add_offers(v, t, status * person.row_step + person.first_row, person, view)
    v[t, outside] = 0.0 if costs.outside else -1e300
    if person.site >= 0:
        stay = _staying(person, view)
        cost = (costs.cost + costs.log_size * person.log_size + costs.age * min(person.years, 10.0))
        for j in range(outside + 1):
            v[t, j] -= cost + costs.log_distance * costs.distance[person.site, j]
        v[t, person.site] = stay


@inlined
def _add_offers(v, t, row, person, view):
    """What sites offer one class row, personal parts and grants included."""
    offers = view.offers
    for j in range(offers.site.size):
        v[t, j] = offers.site[j] + offers.by_class[row, j]
    for a in range(view.loading_of.size):
        times = view.loading[person.slot, view.loading_of[a]]
        for j in range(offers.site.size):
            v[t, j] += times * offers.personal[a, row, j]
    if offers.grant.shape[0] > 0:
        cost = offers.cost_per_employee * exp(person.log_size)
        for j in range(offers.site.size):
            if offers.grant[row, j] > 0.0:
                v[t, j] += offers.grant_beta * log(1.0 + offers.grant[row, j] / cost)


@inlined
def _staying(person, view):
    """What its own site offers an enterprise as what it is there."""
    row = person.status * person.row_step + person.first_row
    value = view.offers.site[person.site] + view.offers.by_class[row, person.site]
    for a in range(view.loading_of.size):
        value += (view.loading[person.slot, view.loading_of[a]]
                  * view.offers.personal[a, row, person.site])
    return value
