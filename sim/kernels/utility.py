"""Utilities of LANES enterprises over all sites, peers and errors apart.

Signatures: gather: slots of a member -> Crowd; fill_offers: v (LANES, site + 1), outside option last,
row t is filled. Identities: what a site offers depends on the enterprise's class, loadings, size and
age only, so it is the same in whatever order enterprises choose.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.compiler import inlined
from sim.kernels.elementary import exp, log
from sim.kernels.layout import LANES, MOVER, NEWCOMER, RND, TASTE_TAX, own, row_of
from sim.kernels.places import add_places, grant_at, has_grants, price_places


class Offers(NamedTuple):
    """`layout.Tables` of one member."""

    site: np.ndarray
    by_class: np.ndarray
    personal: np.ndarray
    grant: np.ndarray
    award: np.ndarray
    bar: np.ndarray
    research: np.ndarray
    grant_beta: float
    cost_per_employee: float
    home: np.ndarray
    scale: float
    relief: np.ndarray
    order: np.ndarray
    separate: int


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


class Crowd(NamedTuple):
    """Up to LANES enterprises side by side: their rows of State lie far apart in memory."""

    site: np.ndarray              # int64, -1 for a candidate
    offered: np.ndarray           # int64, class row that other sites offer to
    staying: np.ndarray           # int64, class row at the own site
    kind: np.ndarray              # int64
    weight: np.ndarray            # int64
    log_size: np.ndarray
    years: np.ndarray             # age
    loading: np.ndarray           # (LANES, term)
    legal: np.ndarray             # int64, legal place, -1 for none
    taste: np.ndarray             # (LANES,) taste for low tax
    research: np.ndarray          # (LANES,) R&D intensity
    worth: np.ndarray             # (LANES, site) w_r, scratch of `places`
    inside: np.ndarray            # (site,) scratch of the same


class Room(NamedTuple):
    """Scratch; width is the number of sites up to a multiple of any vector's length."""

    w: np.ndarray                 # (site, width) int64 decay weights of a member
    fields: np.ndarray            # (term, row, width) int64 peers as they stand
    n: np.ndarray                 # (term, width) peers that one enterprise sees
    v: np.ndarray                 # (LANES, site + 1)
    who: Crowd


@inlined
def view_of(m, state, tables, peers, moving):
    """The View of member m."""
    return View(_offers_of(tables, m), peers_of(peers, m), _costs_of(moving, m), state.loading[m],
                tables.loading_of, tables.industries, tables.types)


def room_for(tables, peers):
    """Room to work in, for any member."""
    return room_of(peers.phi.shape[1:3], tables.site.shape[1], tables.loading_of.size)


def room_of(fields, sites, loadings):
    """Room for so many (term, row) fields of peers, sites and loadings."""
    terms, rows = fields
    width = (sites + 7) // 8 * 8
    who = Crowd(np.empty(LANES, np.int64), np.empty(LANES, np.int64), np.empty(LANES, np.int64),
                np.empty(LANES, np.int64), np.empty(LANES, np.int64), np.empty(LANES), np.empty(LANES),
                np.empty((LANES, loadings)), np.empty(LANES, np.int64), np.empty(LANES), np.empty(LANES),
                np.empty((LANES, sites)), np.empty(sites))
    return Room(np.zeros((sites, width), np.int64), np.zeros((terms, rows, width), np.int64),
                np.zeros((terms, width)), np.empty((LANES, sites + 1)), who)


@inlined
def _offers_of(tables, m):
    return Offers(tables.site[own(m, tables.site.shape[0])],
                  tables.by_class[own(m, tables.by_class.shape[0])],
                  tables.personal[own(m, tables.personal.shape[0])],
                  tables.grant[own(m, tables.grant.shape[0])],
                  tables.awards.amount[own(m, tables.awards.amount.shape[0])],
                  tables.awards.bar[own(m, tables.awards.bar.shape[0])],
                  tables.awards.research[own(m, tables.awards.research.shape[0])],
                  tables.grant_beta[own(m, tables.grant_beta.size)],
                  tables.cost_per_employee[own(m, tables.cost_per_employee.size)],
                  tables.places.home[own(m, tables.places.home.shape[0])],
                  tables.places.scale[own(m, tables.places.scale.size)],
                  tables.places.relief[own(m, tables.places.relief.shape[0])], tables.places.order,
                  tables.places.separate)


@inlined
def peers_of(peers, m):
    """The PeersOf member m."""
    return PeersOf(peers.gamma[own(m, peers.gamma.shape[0])], peers.row_of_kind,
                   peers.phi[own(m, peers.phi.shape[0])],
                   peers.w[own(m, peers.w.shape[0])], peers.payoff,
                   peers.offset[own(m, peers.offset.size)], peers.half[own(m, peers.half.size)],
                   peers.form, peers.live)


@inlined
def _costs_of(moving, m):
    return Costs(moving.distance[own(m, moving.distance.shape[0])],
                 moving.cost[own(m, moving.cost.size)], moving.log_size[own(m, moving.log_size.size)],
                 moving.age[own(m, moving.age.size)],
                 moving.log_distance[own(m, moving.log_distance.size)], moving.outside)


@inlined
def gather(m, slots, quarter, state, view, who):
    """The enterprises in up to LANES slots; a class is ((status, industry), type), high-tech.

    Who is registered nowhere yet comes as a newcomer, everybody else as a mover.
    """
    for t in range(slots.size):
        i = slots[t]
        row = row_of(0, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], view.industries,
                     view.types)
        rows = view.industries * view.types * 2
        who.site[t] = max(state.site[m, i], -1)
        who.offered[t] = row + rows * (NEWCOMER if state.legal[m, i] < 0 else MOVER)
        who.staying[t] = row + rows * state.status[m, i]
        who.kind[t], who.weight[t] = state.kind[m, i], state.weight[m, i]
        who.log_size[t] = state.log_size[m, i]
        who.years[t] = (quarter - state.born[m, i]) * 0.25
        for a in range(view.loading_of.size):
            who.loading[t, a] = view.loading[i, view.loading_of[a]]
        who.legal[t], who.taste[t] = state.legal[m, i], view.loading[i, TASTE_TAX]
        who.research[t] = view.loading[i, RND]


@inlined
def fill_offers(t, view, who, v):
    """Fill v[t] with an enterprise's utility of every site and the outside, peers and errors apart.

    An enterprise with a site is offered other sites as a mover, its own as what it is there.
    """
    costs, site, outside = view.costs, who.site[t], view.offers.site.size
    _offers_to(t, view, who, v)
    if site >= 0:
        v[t, site] = _stay(t, view, who)
    if view.offers.separate and price_places(t, view.offers, who):
        add_places(t, view.offers, who, v)
    v[t, outside] = 0.0 if costs.outside else -1e300
    if site >= 0:
        stay = v[t, site]
        cost = (costs.cost + costs.log_size * who.log_size[t] + costs.age * min(who.years[t], 10.0))
        for j in range(outside + 1):
            v[t, j] -= cost + costs.log_distance * costs.distance[site, j]
        v[t, site] = stay


@inlined
def _offers_to(t, view, who, v):
    """What sites offer a class to come, personal parts and grants included."""
    offers, row = view.offers, who.offered[t]
    for j in range(offers.site.size):
        v[t, j] = offers.site[j] + offers.by_class[row, j]
    for a in range(view.loading_of.size):
        times = who.loading[t, a]
        for j in range(offers.site.size):
            v[t, j] += times * offers.personal[a, row, j]
    if has_grants(offers) and not offers.separate:
        cost = offers.cost_per_employee * exp(who.log_size[t])
        for j in range(offers.site.size):
            grant = grant_at(t, j, offers, who)
            if grant > 0.0:
                v[t, j] += offers.grant_beta * log(1.0 + grant / cost)


@inlined
def _stay(t, view, who):
    """What its own site offers an enterprise as what it is there."""
    offers, row, site = view.offers, who.staying[t], who.site[t]
    value = offers.site[site] + offers.by_class[row, site]
    for a in range(view.loading_of.size):
        value += who.loading[t, a] * offers.personal[a, row, site]
    return value
