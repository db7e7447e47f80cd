"""Utilities of LANES enterprises over all sites, peers and errors apart.

Signatures: fill_offers: v (LANES, site + 1), outside option last, row t is filled. Identities: what a site
offers depends on the enterprise's class, loadings, size and age only, so it is the same in whatever order
enterprises choose.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, MOVER, NEWCOMER, TASTE_TAX, Awards, Moving, Peers, Places, Tables
from sim.kernels.choice.crowd import Crowd, Rows, crowd_for
from sim.kernels.choice.registration_value import (
    add_places,
    fill_grants,
    has_grants,
    price_places,
    relief_on_arrival,
    relief_that_remains,
    value_grants,
)
from sim.kernels.choice.wide import Wide, add_up, begin_wide, wide_for, width_of
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import apart, inlined
from sim.kernels.numerics.elementary import exp
from sim.kernels.numerics.memory import aligned


class View(NamedTuple):
    """Everything that the enterprises of one member choose by, but peers and errors.

    tables and moving are those of `arrays`, with the member's part of every (member, ...) array.
    """

    tables: Tables
    moving: Moving
    personal: np.ndarray          # (term and class, width) Tables.personal, all terms in one
    wide: Wide


class Room(NamedTuple):
    """Scratch; width is the number of places up to a multiple of any vector's length."""

    w: np.ndarray                 # (site, width) int64 decay weights of a member
    fields: np.ndarray            # (term, row, width) int64 peers as they stand
    amount: np.ndarray            # (site,) int64 enterprises of a site that count as peers
    n: np.ndarray                 # (term, width) peers that one enterprise sees
    v: np.ndarray                 # (LANES, width)
    wide: Wide
    who: Crowd
    rows: Rows
    worthy: np.ndarray            # (member, class) bool, whether a legal place may be worth something to a class


@inlined
def view_of(m, tables, moving, wide):
    """The View of member m."""
    own_tables = tables_of(tables, m)
    begin_wide(own_tables, wide)
    return View(own_tables, _moving_of(moving, m), own_tables.personal.reshape(-1, wide.site.size), wide)


def room_for(tables, peers, choosers=LANES):
    """Room to work in, for any member, with a Crowd of up to so many."""
    return priced_by(tables, room_of(peers.phi.shape[1:3], tables.site.shape[1], tables.loading_of.size, choosers))


def priced_by(tables, room):
    """The Room for other Tables of as many sites and loadings."""
    return room._replace(worthy=_worthy(tables))


def _worthy(tables):
    """(member, class) whether relief, a grant or an award is offered to a class anywhere; most are offered nothing."""
    total, sites = np.zeros((1, tables.by_class.shape[1])), np.ones(tables.site.shape[1])
    for offered in (tables.places.relief, tables.grant, *tables.awards.amount.swapaxes(0, 1)):
        if offered.shape[1]:
            total = total + np.abs(offered @ sites)       # no class gains at one place and loses at another
    return total > 0.0


def room_of(fields, sites, loadings, choosers=LANES):
    """Room for so many (term, row) fields of peers, sites, loadings and enterprises of a Crowd."""
    terms, rows = fields
    width = width_of(sites)
    w, fields = aligned((sites, width), np.int64), aligned((terms, rows, width), np.int64)
    n, v = aligned((terms, width)), aligned((LANES, width))
    w[:], fields[:], n[:], v[:] = 0, 0, 0.0, 0.0
    return Room(w, fields, np.empty(sites, np.int64), n, v, wide_for(sites, loadings),
                *crowd_for(choosers, sites, loadings), np.zeros((1, 1), bool))


@inlined
def tables_of(tables, m):
    """The Tables of member m."""
    awards, places = tables.awards, tables.places
    return Tables(
        site=own(tables.site, m), by_class=own(tables.by_class, m), personal=own(tables.personal, m),
        loading_of=tables.loading_of, varies=tables.varies, grant=own(tables.grant, m),
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
def some_of(first, last, who):
    """A part of a Crowd, with the same scratch."""
    return Crowd(
        who.site[first:last], who.offered[first:last], who.staying[first:last], who.kind[first:last],
        who.weight[first:last], who.log_size[first:last], who.years[first:last], who.held[first:last],
        who.spun[first:last], who.loading[first:last], who.legal[first:last], who.taste[first:last],
        who.research[first:last], who.priced[first:last], who.worth, who.inside, who.gain, who.place)


@inlined
def is_priced(m, i, state, promises, worthy):
    """Whether a legal place may be worth something to the enterprise in slot i, worthy (class,) as in Room."""
    row = row_of(0, state.industry[m, i], state.hq_type[m, i], state.hightech[m, i], promises.industries,
                 promises.types)
    rows = promises.industries * promises.types * 2
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
    charge_move(t, view.moving, who, v)


@inlined
def fill_linear(t, view, who, v):
    """The same without the cost of a move and what legal places are worth: what is linear in tastes and exposures."""
    _offers_to(t, view, who, v)
    if who.site[t] >= 0:
        v[t, who.site[t]] = _stay(t, view.tables, who)
    v[t, view.tables.site.size] = 0.0 if view.moving.outside else -1e300


@inlined
def charge_move(t, moving, who, v):
    """Take what a move costs off the utilities of all places but its own."""
    site = who.site[t]
    if site >= 0:
        stay = v[t, site]
        cost = (moving.cost[site] + moving.log_size * who.log_size[t] + moving.age * min(who.years[t], 10.0))
        _charge(v[t], cost, moving.log_distance, moving.distance[site])
        v[t, site] = stay


@apart
def _charge(v, cost, rate, distance):
    for j in range(distance.size):
        v[j] -= cost + rate * distance[j]


@inlined
def _offers_to(t, view, who, v):
    """What sites offer a class to come, personal parts and grants included."""
    tables = view.tables
    add_up(who.offered[t], who.loading[t], tables.by_class, view.personal, view.wide, v[t])
    for a in range(0 if tables.places.separate else tables.loading_of.size):
        if tables.loading_of[a] == TASTE_TAX:
            for j in range(tables.site.size):
                v[t, j] += who.loading[t, a] * relief_on_arrival(t, j, tables.personal[a], tables, who)
    if has_grants(tables) and not tables.places.separate and fill_grants(t, tables, who):
        value_grants(v[t], who.inside, tables.cost_per_employee * exp(who.log_size[t]), tables.grant_beta)


@inlined
def _stay(t, tables, who):
    """What its own site offers an enterprise as what it is there."""
    row, site = who.staying[t], who.site[t]
    value = tables.site[site] + tables.by_class[row, site]
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] == TASTE_TAX:
            value += who.loading[t, a] * relief_that_remains(t, site, tables.personal[a], tables, who)
        else:
            value += who.loading[t, a] * tables.personal[a, row * tables.varies[a], site]
    return value
