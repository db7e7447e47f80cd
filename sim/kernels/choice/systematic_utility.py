"""Utilities of enterprises over all sites, peers included and errors apart.

Signatures: utilities: enterprises -> v (chooser, site + 1), outside option last. Identities: what an enterprise sees
is what `choose` lets it see before anybody has moved.
"""

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.still_peers import add_still_peers, begin_still, still_for
from sim.kernels.choice.utility import fill_offers, peers_of, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, pasted


def base_utilities(quarter, m, slots, state, counts, tables, peers, moving):
    """(slot, site + 1) utilities of the enterprises in `slots` of member m, errors apart."""
    return utilities(quarter, np.full(len(slots), m), slots, state, counts, tables, peers, moving)


def utilities(quarter, member, slot, state, counts, tables, peers, moving, room=None):
    """(chooser, site + 1) the same of the enterprises in `slot` of `member`, those of a member side by side.

    room is that of choices by these tables.
    """
    v = np.empty((len(slot), tables.site.shape[1] + 1))
    _fill_members(v, quarter, member, slot, state, counts, tables, peers, moving, room or room_for(tables, peers),
                  still_for(peers, tables.site.shape[1]))
    return v


@compiled
def _fill_members(v, quarter, member, slot, state, counts, tables, peers, moving, room, still):
    first = 0
    while first < slot.size:
        m, last = member[first], first + 1
        while last < slot.size and member[last] == m:
            last += 1
        view, near = view_of(m, tables, moving, room.wide), peers_of(peers, m)
        begin_still(room.w, near, still)
        _fill_rows(v[first:last], quarter, m, slot[first:last], own(counts, m), state, view, near, room, still)
        first = last


@pasted
def _fill_rows(v, quarter, m, slots, counts, state, view, peers, room, still):
    who, rows, fields, w, amount = room.who, room.rows, room.fields, room.w, room.amount
    for first in range(0, slots.size, LANES):
        block = slots[first:first + LANES]
        gather(m, block, rows.place, quarter, state, view.tables, who, rows, own(room.worthy, m))
        for t in range(block.size):
            row, found = v[first + t], room.v[t]
            fill_offers(t, view, who, room.v)
            add_still_peers(who.kind[t], who.site[t], who.weight[t], counts, peers, fields, w, amount, still, found)
            for j in range(row.size):
                row[j] = found[j]
