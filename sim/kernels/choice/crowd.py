"""Those who choose, side by side.

Signatures: gather: slots of a member -> Crowd. Identities: row place[k] of a Crowd is the enterprise in slots[k].
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, MOVER, NEWCOMER, RND, SETTLED, TASTE_TAX
from sim.kernels.indexing import row_of
from sim.kernels.numerics.compiler import inlined
from sim.kernels.numerics.memory import fetch


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
    inside: np.ndarray            # (site,) scratch of the same, and all that follow
    gain: np.ndarray              # (site and more,)
    place: np.ndarray             # (site and more,) uint64


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


def crowd_for(choosers, sites, loadings):
    """(Crowd, Rows) with room for so many, of so many loadings."""
    site, offered, staying, kind, weight, spun, legal, *whole = np.empty((14, choosers), np.int64)
    log_size, years, held, taste, research = np.empty((5, choosers))
    identity, parent = np.empty((2, choosers), np.uint64)
    who = Crowd(site, offered, staying, kind, weight, log_size, years, held, spun, np.empty((choosers, loadings)),
                legal, taste, research, np.empty(choosers, bool), np.empty((LANES, sites)), np.empty(sites),
                np.empty(sites + LANES), np.empty(sites + LANES, np.uint64))
    return who, Rows(np.arange(choosers), identity, *whole[:5], parent, *whole[5:])


@inlined
def gather(m, slots, place, quarter, state, tables, who, rows, worthy):
    """The enterprises in slots (chooser,), the k-th of them in place[k].

    Column after column, as they lie in memory: rows of a State are far apart in it. Tables are the member's, worthy
    (class,) as in Room.
    """
    loading, loading_of = state.loading[m], tables.loading_of
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
        i, t = np.uint64(slots[k]), np.uint64(place[k])
        for a in range(loading_of.size):
            who.loading[t, a] = loading[i, np.uint64(loading_of[a])]
        who.taste[t], who.research[t] = loading[i, TASTE_TAX], loading[i, RND]
    _derive(slots.size, quarter, tables.industries, tables.types, worthy, who, rows)


@inlined
def fetch_rows(m, slots, state):
    """Ask for what `gather` will read of the enterprises in slots: their rows lie far apart, and memory is slow."""
    for k in range(slots.size):
        i = slots[k]
        fetch(state.kind[m], i)
        fetch(state.legal[m], i)
        fetch(state.weight[m], i)
        fetch(state.log_size[m], i)
        fetch(state.industry[m], i)
        fetch(state.hq_type[m], i)
        fetch(state.hightech[m], i)
        fetch(state.status[m], i)
        fetch(state.parent[m], i)
        fetch(state.born[m], i)
        fetch(state.legal_since[m], i)
        fetch(state.epoch[m], i)
        fetch(state.loading[m, i], 0)
        fetch(state.loading[m, i], 8)


@inlined
def collect(values, slots, place, column):
    """column[place[k]] = values[slots[k]]; an unsigned index is not tested for less than 0."""
    for k in range(slots.size):
        column[np.uint64(place[k])] = values[np.uint64(slots[k])]


@inlined
def _derive(number, quarter, industries, types, worthy, who, rows):
    """The rest of a Crowd; a class is ((status, industry), type), high-tech.

    Who is registered nowhere yet comes as a newcomer, everybody else as a mover.
    """
    classes = industries * types * 2
    for t in range(number):
        who.site[t] = max(who.site[t], -1)
        row = row_of(0, rows.industry[t], rows.hq_type[t], rows.hightech[t], industries, types)
        who.offered[t] = row + classes * (NEWCOMER if who.legal[t] < 0 else MOVER)
        who.staying[t] = row + classes * rows.status[t]
        who.years[t] = (quarter - rows.born[t]) * 0.25
        who.held[t] = 0.0 if rows.status[t] == SETTLED else (quarter - rows.legal_since[t]) * 0.25
        who.spun[t] = rows.parent[t] != 0
        who.priced[t] = worthy[who.offered[t]] | worthy[who.staying[t]]
