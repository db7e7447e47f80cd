"""How likely enterprises are to stay where they are, with several tastes at a time.

Signatures: staying: tastes (draw, taste, chooser), origins (draw, chooser) -> P(j | tastes) (draw, chooser), j the site
of the chooser.
Identities: the same, but for rounding, as `expected.expected_choices` at its site of an enterprise that has these
tastes and comes from there. Utility is linear in tastes, so what does not depend on them (peers, a move, exposures) is
computed once a chooser. Choosers lie side by side, LANES of them, and loops over them vectorise: one draw of their
tastes after another. What legal places are worth is not linear in the taste for low tax; it is computed for every
draw, of those alone who are offered anything.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import HOMES, LANES, LOADINGS, TASTE_TAX
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.expected import block_for, weigh_places
from sim.kernels.choice.registration_value import add_places, price_places, relief_on_arrival, relief_that_remains
from sim.kernels.choice.still_peers import add_still_peers, begin_still, still_for
from sim.kernels.choice.utility import charge_move, fill_linear, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined

HOME = len(LOADINGS) - len(HOMES) - TASTE_TAX  # tastes beside those for homes, which follow from the origin
NO_CLASS, ITS_OWN = -1, -2                     # of a lane that is empty, or whose slopes are those of no class


class Lanes(NamedTuple):
    """What LANES choosers prefer."""

    base: np.ndarray           # (site + 1, LANES) utilities without tastes
    taste: np.ndarray          # (taste, LANES)
    slope: np.ndarray          # (term, site, LANES) what a taste of one adds
    matters: np.ndarray        # (term, site) bool, whether it adds anything to anybody's
    number: np.ndarray         # (site + 1,) how many terms that is at a site
    term: np.ndarray           # (site, term) which
    filled: np.ndarray         # (term, LANES) class whose slopes a lane holds
    priced: np.ndarray         # (LANES,) bool, whether a legal place is worth something
    alike: np.ndarray          # (term, class) the first class, or itself where its slopes are others


def staying(quarter, m, slots, tastes, origin, state, counts, tables, nests, peers, moving):
    """(draw, chooser) probabilities of the enterprises in `slots` of member m; tastes as in LOADINGS, no homes."""
    stay = np.empty(origin.shape)
    length = nests.dissimilarity[m % len(nests.dissimilarity)]
    _fill_stay(stay, quarter, m, slots, tastes, origin, state, counts, tables, nests.of_site, length, peers, moving,
               room_for(tables, peers), block_for(nests.of_site.size, length.size), _lanes_for(tables),
               still_for(peers, tables.site.shape[1]))
    return stay


def _lanes_for(tables):
    """Lanes with nobody in them."""
    sites, terms = tables.site.shape[1], tables.loading_of.size
    return Lanes(np.zeros((sites + 1, LANES)), np.zeros((HOME + len(HOMES), LANES)), np.zeros((terms, sites, LANES)),
                 np.zeros((terms, sites), bool), np.zeros(sites + 1, np.int64),
                 np.zeros((sites, terms), np.int64), np.full((terms, LANES), NO_CLASS), np.zeros(LANES, bool),
                 np.empty((terms, tables.by_class.shape[1]), np.int64))


@compiled
def _fill_stay(stay, quarter, m, slots, tastes, origin, state, counts, tables, of_site, length, peers, moving, room,
               block, lanes, still):
    view, who = view_of(m, state, tables, peers, moving, room), room.who
    begin_still(room, view.peers, still)
    _compare_classes(view.tables, lanes.alike)
    for first in range(0, slots.size, LANES):
        some = slots[first:first + LANES]
        gather(m, some, room.rows.place, quarter, state, view, room)
        for t in range(some.size):
            _fill_lane(t, own(counts, m), view, room, lanes, still)
            _fill_slopes(t, view.tables, who, lanes)
        _list_terms(view.tables.loading_of, lanes)
        for d in range(tastes.shape[0]):
            _fill_tastes(tastes[d], origin[d], first, some.size, lanes.taste)
            _add_tastes(view.tables.loading_of, lanes, block.p)
            for t in range(some.size if view.tables.places.separate else 0):
                if lanes.priced[t]:
                    _add_worth(t, lanes.taste[0, t], view.tables, who, room.v, block.p)
            weigh_places(block, of_site, length)
            for t in range(some.size):
                stay[d, first + t] = block.p[who.site[t], t] * block.scale[of_site[who.site[t]], t]


@inlined
def _compare_classes(tables, alike):
    """Which classes have the slopes of the first; none where relief depends on an enterprise's age as well."""
    for a in range(tables.loading_of.size):
        for row in range(alike.shape[1] if tables.loading_of[a] >= TASTE_TAX else 0):
            same = True
            for j in range(tables.site.size):
                same &= tables.personal[a, row, j] == tables.personal[a, 0, j]
            alike[a, row] = 0 if same else row
            if tables.loading_of[a] == TASTE_TAX:
                alike[a, row] = ITS_OWN


@inlined
def _fill_lane(t, counts, view, room, lanes, still):
    """Utilities of the chooser in lane t without tastes, and whether any legal place is worth something to it."""
    who, tables, v = room.who, view.tables, room.v
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] >= TASTE_TAX:
            who.loading[t, a] = 0.0
    fill_linear(t, view, who, v)
    charge_move(t, view, who, v)
    add_still_peers(t, counts, view.peers, room, still)
    for j in range(lanes.base.shape[0]):
        lanes.base[j, t] = v[t, j]
    who.taste[t] = 1.0
    lanes.priced[t] = tables.places.separate and price_places(t, tables, who)


@inlined
def _fill_slopes(t, tables, who, lanes):
    """What a taste of one adds to the utilities of the chooser in lane t, unless the lane holds that already."""
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] >= TASTE_TAX:
            there, here = lanes.alike[a, who.offered[t]], lanes.alike[a, who.staying[t]]
            if there == ITS_OWN or here != there or lanes.filled[a, t] != there:
                lanes.filled[a, t] = there if here == there else ITS_OWN
                for j in range(tables.site.size):
                    lanes.slope[a, j, t] = _slope(t, a, j, tables, who)
                    lanes.matters[a, j] |= lanes.slope[a, j, t] != 0.0


@inlined
def _slope(t, a, j, tables, who):
    """What a taste of one adds to the utility of site j by term a."""
    here = j == who.site[t]
    if tables.loading_of[a] != TASTE_TAX:
        return tables.personal[a, who.staying[t] if here else who.offered[t], j]
    if here:
        return relief_that_remains(t, j, tables.personal[a], tables, who)
    return relief_on_arrival(t, j, tables.personal[a], tables, who)


@inlined
def _fill_tastes(tastes, origin, first, number, lanes):
    """One draw of the tastes (taste, chooser) of so many choosers."""
    for t in range(number):
        for a in range(HOME):
            lanes[a, t] = tastes[a, first + t]
        for k in range(lanes.shape[0] - HOME):
            lanes[HOME + k, t] = 1.0 if origin[first + t] == k else 0.0


@inlined
def _list_terms(loading_of, lanes):
    """Which tastes matter at a site, in the order of the terms."""
    lanes.number[:] = 0
    for a in range(loading_of.size):
        for j in range(lanes.matters.shape[1]):
            if lanes.matters[a, j]:
                lanes.term[j, lanes.number[j]] = a
                lanes.number[j] += 1


@inlined
def _add_tastes(loading_of, lanes, p):
    """p (site + 1, LANES) = utilities with tastes, two terms in a loop where it can be: each loop has its cost."""
    base, taste, slope, term = lanes.base, lanes.taste, lanes.slope, lanes.term
    for j in range(p.shape[0]):
        number = lanes.number[j]
        if number == 0:
            for t in range(LANES):
                p[j, t] = base[j, t]
        elif number == 1:
            a = term[j, 0]
            of_a = loading_of[a] - TASTE_TAX
            for t in range(LANES):
                p[j, t] = base[j, t] + taste[of_a, t] * slope[a, j, t]
        else:
            a, b = term[j, 0], term[j, 1]
            of_a, of_b = loading_of[a] - TASTE_TAX, loading_of[b] - TASTE_TAX
            for t in range(LANES):
                p[j, t] = (base[j, t] + taste[of_a, t] * slope[a, j, t]) + taste[of_b, t] * slope[b, j, t]
        for k in range(2, number - 1, 2):
            a, b = term[j, k], term[j, k + 1]
            of_a, of_b = loading_of[a] - TASTE_TAX, loading_of[b] - TASTE_TAX
            for t in range(LANES):
                p[j, t] = (p[j, t] + taste[of_a, t] * slope[a, j, t]) + taste[of_b, t] * slope[b, j, t]
        if number > 2 and number % 2 == 1:
            a = term[j, number - 1]
            of_a = loading_of[a] - TASTE_TAX
            for t in range(LANES):
                p[j, t] += taste[of_a, t] * slope[a, j, t]


@inlined
def _add_worth(t, taste, tables, who, v, p):
    """Add what legal places are worth at such a taste for low tax."""
    who.taste[t] = taste
    v[t, :] = 0.0
    if price_places(t, tables, who):
        add_places(t, tables, who, v)
    for j in range(tables.site.size):
        p[j, t] += v[t, j]
