"""Utilities of LANES enterprises over all sites, peers and errors apart.

Signatures: gather: slots of a member -> Crowd; fill_offers: v (LANES, site + 1), outside option last,
row t is filled. Identities: what a site offers depends on the enterprise's class, loadings, size and
age only, so it is the same in whatever order enterprises choose.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, MOVER, NEWCOMER, RND, SETTLED, TASTE_TAX, Awards, Moving, Peers, Places, Tables
from sim.kernels.choice.registration_value import (
    add_places,
    grant_at,
    has_grants,
    price_places,
    relief_on_arrival,
    relief_that_remains,
)
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.elementary import exp, log


class View(NamedTuple):
    """Everything that the enterprises of one member choose by, but the counts and the errors.

    tables, peers and moving are those of `arrays`, with the member's part of every (member, ...) array.
    """

    tables: Tables
    peers: Peers
    moving: Moving
    loading: np.ndarray           # (slot, loading)


class Crowd(NamedTuple):
    """Enterprises side by side, LANES of them or more: their rows of State lie far apart in memory."""

    site: np.ndarray              # int64, -1 for a candidate
    offered: np.ndarray           # int64, class row that other sites offer to
    staying: np.ndarray           # int64, class row at the own site
    kind: np.ndarray              # int64
    weight: np.ndarray            # int64
    log_size: np.ndarray
    years: np.ndarray             # age
    held: np.ndarray              # years since it registered at its legal place, 0 for the settled
    spun: np.ndarray              # int64, 1 for a spin-off
    loading: np.ndarray           # (chooser, term)
    legal: np.ndarray             # int64, legal place, -1 for none
    taste: np.ndarray             # taste for low tax
    research: np.ndarray          # R&D intensity
    priced: np.ndarray            # bool, whether any legal place may be worth something to it
    worth: np.ndarray             # (LANES, site) w_r, scratch of `registration_value`
    inside: np.ndarray            # (site,) scratch of the same


class Rows(NamedTuple):
    """What else a Crowd is made of, (chooser,) each."""

    place: np.ndarray             # int64, 0, 1, 2, ...
    id: np.ndarray                # uint64
    epoch: np.ndarray             # int64, and all that follow
    industry: np.ndarray
    hq_type: np.ndarray
    hightech: np.ndarray
    status: np.ndarray
    parent: np.ndarray            # uint64
    born: np.ndarray
    legal_since: np.ndarray


class Room(NamedTuple):
    """Scratch; width is the number of sites up to a multiple of any vector's length."""

    w: np.ndarray                 # (site, width) int64 decay weights of a member
    fields: np.ndarray            # (term, row, width) int64 peers as they stand
    n: np.ndarray                 # (term, width) peers that one enterprise sees
    v: np.ndarray                 # (LANES, site + 1)
    who: Crowd
    rows: Rows
    worthy: np.ndarray            # (member, class) bool, whether a legal place may be worth something to a class


@inlined
def view_of(m, state, tables, peers, moving):
    """The View of member m."""
    return View(tables=_tables_of(tables, m), peers=peers_of(peers, m), moving=_moving_of(moving, m),
                loading=state.loading[m])


def room_for(tables, peers, choosers=LANES):
    """Room to work in, for any member, with a Crowd of up to so many."""
    room = room_of(peers.phi.shape[1:3], tables.site.shape[1], tables.loading_of.size, choosers)
    return room._replace(worthy=_worthy(tables))


def _worthy(tables):
    """(member, class) whether relief, a grant or an award is offered to a class anywhere; most are offered nothing."""
    total, sites = np.zeros((1, tables.by_class.shape[1])), np.ones(tables.site.shape[1])
    for offered in (tables.places.relief, tables.grant, *np.moveaxis(tables.awards.amount, 1, 0)):
        if offered.shape[1]:
            total = total + np.abs(offered) @ sites
    return total > 0.0


def room_of(fields, sites, loadings, choosers=LANES):
    """Room for so many (term, row) fields of peers, sites, loadings and enterprises of a Crowd."""
    terms, rows = fields
    width = (sites + 7) // 8 * 8
    whole, real = (lambda: np.empty(choosers, np.int64)), (lambda: np.empty(choosers))
    who = Crowd(site=whole(), offered=whole(), staying=whole(), kind=whole(), weight=whole(), log_size=real(),
                years=real(), held=real(), spun=whole(), loading=np.empty((choosers, loadings)), legal=whole(),
                taste=real(), research=real(), priced=np.empty(choosers, bool), worth=np.empty((LANES, sites)),
                inside=np.empty(sites))
    apart = Rows(np.arange(choosers), np.empty(choosers, np.uint64), *(whole() for _ in range(5)),
                np.empty(choosers, np.uint64), whole(), whole())
    return Room(np.zeros((sites, width), np.int64), np.zeros((terms, rows, width), np.int64),
                np.zeros((terms, width)), np.empty((LANES, sites + 1)), who, apart, np.zeros((1, 1), bool))


@inlined
def _tables_of(tables, m):
    """The Tables of member m."""
    awards, places = tables.awards, tables.places
    return Tables(
        site=own(tables.site, m), by_class=own(tables.by_class, m), personal=own(tables.personal, m),
        loading_of=tables.loading_of, grant=own(tables.grant, m),
        awards=Awards(own(awards.amount, m), own(awards.bar, m), own(awards.research, m)),
        grant_beta=own(tables.grant_beta, m), cost_per_employee=own(tables.cost_per_employee, m),
        benefit_quarters=own(tables.benefit_quarters, m), stay=own(tables.stay, m),
        places=Places(places.separate, own(places.home, m), own(places.log_home, m), own(places.scale, m),
                      own(places.relief, m), places.order),
        industries=tables.industries, types=tables.types)


@inlined
def peers_of(peers, m):
    """The Peers of member m."""
    return Peers(
        gamma=own(peers.gamma, m), row_of_kind=peers.row_of_kind, phi=own(peers.phi, m), w=own(peers.w, m),
        offset=own(peers.offset, m), half=own(peers.half, m),
        payoff=peers.payoff, form=peers.form, live=peers.live)


@inlined
def _moving_of(moving, m):
    return Moving(cost=own(moving.cost, m), log_size=own(moving.log_size, m), age=own(moving.age, m),
                  log_distance=own(moving.log_distance, m), distance=own(moving.distance, m), outside=moving.outside)


@inlined
def gather(m, slots, place, quarter, state, view, room):
    """The enterprises in slots (chooser,), the k-th of them in place[k].

    Column after column, as they lie in memory: rows of a State are far apart in it.
    """
    who, rows = room.who, room.rows
    collect(state.site[m], slots, place, who.site)
    collect(state.legal[m], slots, place, who.legal)
    collect(state.kind[m], slots, place, who.kind)
    collect(state.weight[m], slots, place, who.weight)
    collect(state.log_size[m], slots, place, who.log_size)
    collect(state.industry[m], slots, place, rows.industry)
    collect(state.hq_type[m], slots, place, rows.hq_type)
    collect(state.hightech[m], slots, place, rows.hightech)
    collect(state.status[m], slots, place, rows.status)
    collect(state.parent[m], slots, place, rows.parent)
    collect(state.born[m], slots, place, rows.born)
    collect(state.legal_since[m], slots, place, rows.legal_since)
    for k in range(slots.size):
        i, t = slots[k], place[k]
        for a in range(view.tables.loading_of.size):
            who.loading[t, a] = view.loading[i, view.tables.loading_of[a]]
        who.taste[t], who.research[t] = view.loading[i, TASTE_TAX], view.loading[i, RND]
    _derive(slots.size, quarter, view.tables, own(room.worthy, m), who, rows)


@inlined
def collect(values, slots, place, column):
    """column[place[k]] = values[slots[k]]."""
    for k in range(slots.size):
        column[place[k]] = values[slots[k]]


@inlined
def _derive(number, quarter, tables, worthy, who, rows):
    """The rest of a Crowd; a class is ((status, industry), type), high-tech.

    Who is registered nowhere yet comes as a newcomer, everybody else as a mover.
    """
    classes = tables.industries * tables.types * 2
    for t in range(number):
        who.site[t] = max(who.site[t], -1)
        row = row_of(0, rows.industry[t], rows.hq_type[t], rows.hightech[t], tables.industries, tables.types)
        who.offered[t] = row + classes * (NEWCOMER if who.legal[t] < 0 else MOVER)
        who.staying[t] = row + classes * rows.status[t]
        who.years[t] = (quarter - rows.born[t]) * 0.25
        who.held[t] = 0.0 if rows.status[t] == SETTLED else (quarter - rows.legal_since[t]) * 0.25
        who.spun[t] = rows.parent[t] != 0
        who.priced[t] = worthy[who.offered[t]] | worthy[who.staying[t]]


@inlined
def some_of(first, last, room):
    """The Room whose Crowd is a part of another's."""
    who = room.who
    return Room(room.w, room.fields, room.n, room.v, Crowd(
        who.site[first:last], who.offered[first:last], who.staying[first:last], who.kind[first:last],
        who.weight[first:last], who.log_size[first:last], who.years[first:last], who.held[first:last],
        who.spun[first:last], who.loading[first:last], who.legal[first:last], who.taste[first:last],
        who.research[first:last], who.priced[first:last], who.worth, who.inside), room.rows, room.worthy)


@inlined
def is_priced(m, i, state, tables, worthy):
    """Whether a legal place may be worth something to the enterprise in slot i, worthy (class,) as in Room."""
    row = row_of(0, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], tables.industries, tables.types)
    rows = tables.industries * tables.types * 2
    came = NEWCOMER if state.legal[m, i] < 0 else MOVER
    return worthy[row + rows * came] | worthy[row + rows * state.status[m, i]]


@inlined
def fill_offers(t, view, who, v):
    """Fill v[t] with an enterprise's utility of every site and the outside, peers and errors apart.

    An enterprise with a site is offered other sites as a mover, its own as what it is there.
    """
    fill_linear(t, view, who, v)
    if view.tables.places.separate and price_places(t, view.tables, who):
        add_places(t, view.tables, who, v)
    charge_move(t, view, who, v)


@inlined
def fill_linear(t, view, who, v):
    """The same without the cost of a move and what legal places are worth: what is linear in tastes and exposures."""
    _offers_to(t, view, who, v)
    if who.site[t] >= 0:
        v[t, who.site[t]] = _stay(t, view, who)
    v[t, view.tables.site.size] = 0.0 if view.moving.outside else -1e300


@inlined
def charge_move(t, view, who, v):
    """Take what a move costs off the utilities of all places but its own."""
    moving, site = view.moving, who.site[t]
    if site >= 0:
        stay = v[t, site]
        cost = (moving.cost[site] + moving.log_size * who.log_size[t] + moving.age * min(who.years[t], 10.0))
        for j in range(view.tables.site.size + 1):
            v[t, j] -= cost + moving.log_distance * moving.distance[site, j]
        v[t, site] = stay


@inlined
def _offers_to(t, view, who, v):
    """What sites offer a class to come, personal parts and grants included."""
    tables, row = view.tables, who.offered[t]
    for j in range(tables.site.size):
        v[t, j] = tables.site[j] + tables.by_class[row, j]
    for a in range(tables.loading_of.size):
        times = who.loading[t, a]
        if times == 0.0:                                   # most are at home in one of several places, or in none
            continue
        if tables.loading_of[a] == TASTE_TAX:
            for j in range(tables.site.size):
                v[t, j] += times * relief_on_arrival(t, j, tables.personal[a], tables, who)
        else:
            for j in range(tables.site.size):
                v[t, j] += times * tables.personal[a, row, j]
    if has_grants(tables) and not tables.places.separate:
        cost = tables.cost_per_employee * exp(who.log_size[t])
        for j in range(tables.site.size):
            grant = grant_at(t, j, tables, who)
            if grant > 0.0:
                v[t, j] += tables.grant_beta * log(1.0 + grant / cost)


@inlined
def _stay(t, view, who):
    """What its own site offers an enterprise as what it is there."""
    tables, row, site = view.tables, who.staying[t], who.site[t]
    value = tables.site[site] + tables.by_class[row, site]
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] == TASTE_TAX:
            value += who.loading[t, a] * relief_that_remains(t, site, tables.personal[a], tables, who)
        else:
            value += who.loading[t, a] * tables.personal[a, row, site]
    return value
