"""Which of several tastes an enterprise has, given that it stays where it is.

Signatures: staying: tastes (draw, taste, chooser), origins (draw, chooser) -> P(j | tastes) (draw, chooser), j the site
of the chooser; take: the same and uniform numbers (draw, chooser) -> number of the draw that each takes (chooser,).
Identities: P is the same, but for rounding, as `expected.expected_choices` at its site of an enterprise that has these
tastes and comes from there. Of the draws each is taken in proportion to its weight P: the k-th with probability
w_k / (w_1 + ... + w_k), whichever was taken before.
Utility is linear in tastes, so what does not depend on them (peers, a move, exposures) is computed once a chooser. Up
to DRAWS tastes of a chooser lie side by side, and loops over them vectorise. Rough weights tell nearly all choosers
which draw they take; exact ones, which would tell them the same, are computed of those alone one of whose uniform
numbers is too near a weight. What legal places are worth is not linear in the taste for low tax: weights of those who
are offered anything are always exact.
"""

import numpy as np

from sim.kernels.arrays import LANES, TASTE_TAX
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.expected import block_for, weigh_places
from sim.kernels.choice.registration_value import add_places, price_places, relief_on_arrival, relief_that_remains
from sim.kernels.choice.rough_weights import (
    DRAWS,
    HOME,
    MARGIN,
    OF_A_PLACE,
    TERMS,
    begin_trial,
    trial_for,
    weigh_roughly,
)
from sim.kernels.choice.still_peers import add_still_peers, begin_still, still_for
from sim.kernels.choice.utility import charge_move, fill_linear, peers_of, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined, pasted
from sim.kernels.numerics.memory import LINE, fetch


def staying(quarter, m, slots, tastes, origin, *given):
    """(draw, chooser) probabilities of the enterprises in `slots` of member m; tastes as in LOADINGS, no homes.

    given: State, counts (member, kind, site), Tables, Nests, Peers, Moving.
    """
    stay = np.empty(origin.shape)
    _find(quarter, m, slots, tastes, origin, np.zeros(origin.shape), stay, *given)
    return stay


def take(quarter, m, slots, tastes, origin, chance, *given):
    """(chooser,) which of up to DRAWS tastes the enterprises take by their uniform numbers, 0 for what is their own."""
    return _find(quarter, m, slots, tastes, origin, chance, np.empty((0, 0)), *given)


def _find(quarter, m, slots, tastes, origin, chance, stay, state, counts, tables, nests, peers, moving):
    taken, length = np.empty(len(slots), np.int64), nests.dissimilarity[m % len(nests.dissimilarity)]
    _weigh(stay, taken, quarter, m, slots, tastes, origin, chance, state, counts, tables, nests.of_site, length, peers,
           moving, room_for(tables, peers), block_for(nests.of_site.size, length.size),
           trial_for(tables, nests.of_site.size, length.size), still_for(peers, tables.site.shape[1]))
    return taken


@compiled
def _weigh(stay, taken, quarter, m, slots, tastes, origin, chance, state, counts, tables, of_site, length, peers,
           moving, room, block, trial, still):
    view, near, who, rows = view_of(m, tables, moving, room.wide), peers_of(peers, m), room.who, room.rows
    roughly = stay.size == 0 and trial.term.size <= TERMS
    begin_still(room.w, near, still)
    begin_trial(view.tables, of_site, length, trial)
    for first in range(0, slots.size, LANES):
        some = slots[first:first + LANES]
        gather(m, some, rows.place, quarter, state, view.tables, who, rows, own(room.worthy, m))
        _fetch_tastes(first, some.size, tastes)
        for t in range(some.size):
            trial.priced[t] = _fill_base(t, view, who, room.v)
            add_still_peers(who.kind[t], who.site[t], who.weight[t], own(counts, m), near, room.fields, room.w,
                            room.amount, still, room.v[t])
        for exact in range(2):                             # one text for both: each copy takes time to compile
            _fill_weights(exact, roughly, first, some.size, tastes, origin, of_site, length, view.tables, room, block,
                          trial)
            _take(chance, first, some.size, 0.0 if exact else MARGIN + OF_A_PLACE * of_site.size, trial)
        for t in range(some.size):
            taken[first + t] = trial.taken[t]
            for d in range(stay.shape[0]):
                stay[d, first + t] = trial.weight[d, t]


@pasted
def _fill_weights(exact, roughly, first, number, tastes, origin, of_site, length, tables, room, block, trial):
    """Rough weights of so many choosers, or exact ones of those who are unsure, as many at a time as fill the lanes."""
    who, lane = room.who, np.int64(0)                  # a literal would be a type of its own
    for t in range(number):
        if exact == 0 and (trial.priced[t] or not roughly):
            trial.weight[:, t] = np.nan
        elif exact == 0 or trial.unsure[t] != 0:
            _fill_slopes(exact, first + t, t, tastes, origin, tables, who, trial)
            if exact == 0:
                weigh_roughly(t, who.site[t], room.v[t], of_site, length, trial)
            else:
                _fill_lanes(t, lane, first, tastes, tables, who, room.v, block.p, trial)
                trial.packed[lane // DRAWS], lane = t, lane + DRAWS
        if lane == LANES or (lane > 0 and t == number - 1):
            weigh_places(block, of_site, length)
            for k in range(lane // DRAWS):
                n = trial.packed[k]
                for d in range(DRAWS):
                    trial.weight[d, n] = (block.p[who.site[n], k * DRAWS + d]
                                          * block.scale[of_site[who.site[n]], k * DRAWS + d])
            lane = np.int64(0)


@inlined
def _fetch_tastes(first, number, tastes):
    """Ask for the tastes of so many choosers: draws lie far apart, and memory is slow."""
    for d in range(tastes.shape[0]):
        for a in range(HOME):
            for n in range(first, first + number, LINE // 8):
                fetch(tastes[d, a], n)


@inlined
def _fill_base(t, view, who, v):
    """Fill v[t] with utilities without tastes and peers; whether any legal place is worth something to the chooser."""
    tables = view.tables
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] >= TASTE_TAX:
            who.loading[t, a] = 0.0
    fill_linear(t, view, who, v)
    charge_move(t, view.moving, who, v)
    who.taste[t] = 1.0
    return tables.places.separate and price_places(t, tables, who)


@inlined
def _fill_slopes(exact, n, t, tastes, origin, tables, who, trial):
    """Tastes of chooser n, in lane t, and what one of each adds to utilities.

    For rough weights to V / l, and only of terms by which enterprises differ.
    """
    for k in range(trial.term.size):
        a, taste = trial.term[k], tables.loading_of[trial.term[k]] - TASTE_TAX
        for d in range(origin.shape[0]):
            value = tastes[d, taste, n] if taste < HOME else 1.0 if origin[d, n] == taste - HOME else 0.0
            if exact:
                trial.exact[k, d] = value
            else:
                trial.taste[k, d] = value
        for j in range(tables.site.size if exact or tables.varies[a] or taste == 0 else 0):
            slope = _slope(t, a, j, tables, who)
            if exact:
                trial.slope[k, j] = slope
            else:
                trial.tilt[j, k] = slope * trial.inverse[j]


@inlined
def _slope(t, a, j, tables, who):
    """What a taste of one adds to the utility of site j by term a, for the chooser in lane t."""
    here = j == who.site[t]
    if tables.loading_of[a] != TASTE_TAX:
        return tables.personal[a, who.staying[t] if here else who.offered[t], j]
    if here:
        return relief_that_remains(t, j, tables.personal[a], tables, who)
    return relief_on_arrival(t, j, tables.personal[a], tables, who)


@inlined
def _take(chance, first, number, margin, trial):
    """The draw that each of so many takes, and who might take another if weights were wrong by the margin."""
    total, taken, unsure = trial.total, trial.taken, trial.unsure
    total[:] = 0.0
    taken[:], unsure[:], above = 0, 0, 1.0 + margin
    for d in range(chance.shape[0]):
        weights, chances = trial.weight[d], chance[d, first:first + number]
        for t in range(number):
            weight = weights[t]
            total[t] += weight
            mark = chances[t] * total[t]
            surely, surely_not = mark * above < weight, mark >= weight * above
            taken[t] = d if surely else taken[t]
            unsure[t] = 0 if surely else unsure[t] if surely_not else 1


@inlined
def _fill_lanes(t, lane, first, tastes, tables, who, v, p, trial):
    """Fill DRAWS lanes of p with the utilities of the chooser in lane t, what legal places are worth included."""
    base = v[t]
    for j in range(p.shape[0]):
        for d in range(lane, lane + DRAWS):
            p[j, d] = base[j]
    for k in range(trial.term.size):
        for j in range(tables.site.size):
            for d in range(DRAWS):
                p[j, lane + d] += trial.exact[k, d] * trial.slope[k, j]
    for d in range(tastes.shape[0] if trial.priced[t] else 0):
        _add_worth(t, tastes[d, 0, first + t], lane + d, tables, who, v, p)


@inlined
def _add_worth(t, taste, lane, tables, who, v, p):
    """Add what legal places are worth at such a taste for low tax; nobody needs v[t] any more."""
    who.taste[t] = taste
    v[t, :] = 0.0
    if price_places(t, tables, who):
        add_places(t, tables, who, v)
    for j in range(tables.site.size):
        p[j, lane] += v[t, j]
