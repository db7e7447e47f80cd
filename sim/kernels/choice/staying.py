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
from sim.kernels.choice.rough_weights import DRAWS, HOME, MARGIN, OF_A_PLACE, TERMS, begin_trial, trial_for, weigh_roughly
from sim.kernels.choice.still_peers import add_still_peers, begin_still, still_for
from sim.kernels.choice.utility import charge_move, fill_linear, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined


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
    view, roughly = view_of(m, state, tables, peers, moving, room), stay.size == 0 and trial.term.size <= TERMS
    begin_still(room, view.peers, still)
    begin_trial(view.tables, of_site, length, trial)
    for first in range(0, slots.size, LANES):
        some = slots[first:first + LANES]
        gather(m, some, room.rows.place, quarter, state, view, room)
        for t in range(some.size):
            priced = _fill_base(t, own(counts, m), view, room, still)
            if roughly and not priced:
                _fill_roughly(first + t, t, tastes, origin, view.tables, room.who, trial)
                weigh_roughly(t, room.who.site[t], room.v[t], of_site, length, trial)
            else:
                trial.weight[:, t] = np.nan
        _take(chance, first, some.size, MARGIN + OF_A_PLACE * of_site.size, trial)
        if _weigh_exactly(first, some.size, tastes, origin, of_site, length, view, room, block, trial):
            _take(chance, first, some.size, 0.0, trial)
        for t in range(some.size):
            taken[first + t] = trial.taken[t]
            for d in range(stay.shape[0]):
                stay[d, first + t] = trial.weight[d, t]


@inlined
def _fill_base(t, counts, view, room, still):
    """Fill v[t] with utilities without tastes; whether any legal place is worth something to the chooser in lane t."""
    who, tables = room.who, view.tables
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] >= TASTE_TAX:
            who.loading[t, a] = 0.0
    fill_linear(t, view, who, room.v)
    charge_move(t, view, who, room.v)
    add_still_peers(t, counts, view.peers, room, still)
    who.taste[t] = 1.0
    return tables.places.separate and price_places(t, tables, who)


@inlined
def _fill_roughly(n, t, tastes, origin, tables, who, trial):
    """Tastes of chooser n, and slopes where they differ between enterprises, for rough weights."""
    loading_of, site = tables.loading_of, who.site[t]
    for k in range(trial.term.size):
        a, taste = trial.term[k], loading_of[trial.term[k]] - TASTE_TAX
        for d in range(origin.shape[0]):
            trial.taste[k, d] = _taste(n, d, taste, tastes, origin)
        for j in range(tables.site.size if tables.varies[a] or loading_of[a] == TASTE_TAX else 0):
            trial.tilt[j, k] = _slope(t, a, j, tables, who) * trial.inverse[j]


@inlined
def _taste(n, d, taste, tastes, origin):
    """The taste of chooser n in one draw, 1 or 0 for homes."""
    if taste < HOME:
        return tastes[d, taste, n]
    return 1.0 if origin[d, n] == taste - HOME else 0.0


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
    """Number of the draw that each of so many takes, and whether weights wrong by the margin might place a number else.
    """
    total, taken, unsure, above = trial.total, trial.taken, trial.unsure, 1.0 + margin
    total[:] = 0.0
    taken[:], unsure[:] = 0, 0
    for d in range(chance.shape[0]):
        for t in range(number):
            weight = trial.weight[d, t]
            total[t] += weight
            mark = chance[d, first + t] * total[t]
            surely, surely_not = mark * above < weight, mark >= weight * above
            taken[t] = d if surely else taken[t]
            unsure[t] = 0 if surely else unsure[t] if surely_not else 1


@inlined
def _weigh_exactly(first, number, tastes, origin, of_site, length, view, room, block, trial):
    """Exact weights of those of so many who are unsure, as many at a time as fill the lanes; whether there are any."""
    who, some, t = room.who, False, 0
    while t < number:
        begin, lane = t, 0
        while t < number and lane < LANES:
            if trial.unsure[t]:
                _fill_lanes(t, lane, first, tastes, origin, view.tables, room, block.p, trial)
                lane += DRAWS
            t += 1
        if lane > 0:
            weigh_places(block, of_site, length)
        some |= lane > 0
        lane = 0
        for n in range(begin, t):
            if trial.unsure[n]:
                site = who.site[n]
                for d in range(DRAWS):
                    trial.weight[d, n] = block.p[site, lane + d] * block.scale[of_site[site], lane + d]
                lane += DRAWS
    return some


@inlined
def _fill_lanes(t, lane, first, tastes, origin, tables, room, p, trial):
    """Fill DRAWS lanes of p with the utilities of the chooser in lane t, what legal places are worth included."""
    who, v = room.who, room.v[t]
    for j in range(p.shape[0]):
        for d in range(DRAWS):
            p[j, lane + d] = v[j]
    for a in trial.term:
        for j in range(tables.site.size):
            slope = _slope(t, a, j, tables, who)
            for d in range(tastes.shape[0] if slope != 0.0 else 0):
                p[j, lane + d] += _taste(first + t, d, tables.loading_of[a] - TASTE_TAX, tastes, origin) * slope
    if tables.places.separate and who.priced[t]:
        for d in range(tastes.shape[0]):
            _add_worth(t, tastes[d, 0, first + t], lane + d, tables, who, room.v, p)


@inlined
def _add_worth(t, taste, lane, tables, who, v, p):
    """Add what legal places are worth at such a taste for low tax; nobody needs v[t] any more."""
    who.taste[t] = taste
    v[t, :] = 0.0
    if price_places(t, tables, who):
        add_places(t, tables, who, v)
    for j in range(tables.site.size):
        p[j, lane] += v[t, j]
