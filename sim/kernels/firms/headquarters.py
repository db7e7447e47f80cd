"""What happens to headquarters: where they appear, close, move, and rise above or fall below the criteria.

Signatures: first_look: State -> Watch; follow: State x Watch -> Watch in place, Flows counted.
Identities: between two looks, at every site, stock - stock before = entries - exits + flows in - flows
out + growth, exactly. Looked at after every process of a quarter, each event is judged by the size
that the enterprise has when it happens. The criteria are those that count the stock.

Decisions 19 and 30 (docs/decisions.md).
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import RND, part
from sim.kernels.indexing import own
from sim.kernels.marks import listed, marks_for
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp
from sim.kernels.numerics.memory import kept


class Watch(NamedTuple):
    """Who was a headquarters when last looked at, and where: side by side, in whatever order."""

    number: np.ndarray        # (member,) how many
    slot: np.ndarray          # (member, number) int32
    id: np.ndarray            # (member, number) uint64
    site: np.ndarray          # (member, number) int32
    met: np.ndarray           # (member, slot) int8, 1 where one of them stands


# What of a State is looked at.
Seen = namedtuple("Seen", "id parent site hightech log_size born loading")


class Flows(NamedTuple):
    """Events of headquarters in a quarter."""

    entries: np.ndarray       # (member, site), spin-offs included
    spinoffs: np.ndarray      # (member, site)
    exits: np.ndarray         # (member, site)
    growth: np.ndarray        # (member, site) those that rise above the criteria less those that fall below
    flows: np.ndarray         # (member, origin, destination), outside last


def no_flows(members, sites):
    """Flows that count nothing yet."""
    places = [np.zeros((members, sites), np.int32) for _ in range(4)]
    return Flows(*places, np.zeros((members, sites, sites + 1), np.int32))


def first_look(state, criteria):
    """The Watch of a State: criteria (member, 4) as `life.meets` reads it."""
    shape = state.site.shape
    watch = Watch(np.zeros(shape[0], np.int64), np.empty(shape, np.int32), np.empty(shape, np.uint64),
                  np.empty(shape, np.int32), np.zeros(shape, np.int8))
    follow(0, state, criteria, watch, no_flows(shape[0], 1 + int(state.site.max(initial=0))))
    return watch


def with_room(watch, slots):
    """The Watch with as many slots as the State has by now."""
    more = slots - watch.met.shape[1]
    if not more:
        return watch
    return Watch(watch.number, *(np.pad(array, ((0, 0), (0, more))) for array in watch[1:]))


def follow(quarter, state, criteria, watch, flows, choosing=False, grown=True, replaced=True, scratch=None):
    """Count what happened in a quarter since the last look and look again.

    An enterprise that is gone has closed, or, when `choosing`, has left the region. Who was not a headquarters and is
    one has come if it was born in the quarter, and has grown if not. Unless some have `grown`, only who was a
    headquarters or was born in the quarter is looked at; unless some have been `replaced`, slots have who they had.
    """
    _follow(quarter, part(Seen, state), criteria, watch, flows, (choosing, grown, replaced),
            kept(scratch, marks_for, state.site.shape[1]))


def join(quarter, state, criteria, watch, flows, member, slot):
    """Count those who came since the last look, in slots of members, (number,) each, where nothing else happened."""
    _join(quarter, part(Seen, state), criteria, watch, flows, member, slot)


@compiled
def _follow(quarter, state, criteria, watch, flows, how, marks):
    choosing, grown, replaced = how
    for m in range(state.site.shape[0]):
        bars = own(criteria, m)
        stay = _look_at_old(m, state, bars, watch, flows, choosing, grown, replaced)
        if grown:
            _mark_large(state.site[m], state.log_size[m], bars[0], watch.met[m], marks.flag)
        else:
            _mark_born(quarter, state.born[m], watch.met[m], marks.flag)
        number = listed(marks)
        watch.number[m] = _look_at_new(m, quarter, state, bars, watch, flows, marks.slot[:number], stay)


@compiled
def _join(quarter, state, criteria, watch, flows, member, slot):
    for n in range(member.size):
        m = member[n]
        watch.number[m] = _look_at_new(m, quarter, state, own(criteria, m), watch, flows, slot[n:n + 1],
                                       watch.number[m])


@inlined
def _look_at_old(m, state, bars, watch, flows, choosing, grown, replaced):
    """Count what happened to those who were headquarters; how many still are, who then come first in watch."""
    slot, site, identity, stay = watch.slot[m], watch.site[m], watch.id[m], 0
    for k in range(watch.number[m]):
        i, before = np.uint64(slot[k]), site[k]
        now, same = state.site[m, i], not replaced or identity[k] == state.id[m, i]
        if not (same and now == before and (not grown or _meets(m, i, state, bars))):
            met = same and _meets(m, i, state, bars)
            _count_change(m, before, now, same, met, flows, choosing)
            watch.met[m, i] = met
            if not met:
                continue
        slot[stay], site[stay], identity[stay] = slot[k], now, identity[k]
        stay += 1
    return stay


@inlined
def _count_change(m, before, now, same, met, flows, choosing):
    """One that was a headquarters has closed, left the region, shrunk or moved."""
    if now >= 0 and same:
        if not met:
            flows.growth[m, now] -= 1
        if before != now:
            flows.flows[m, before, now] += 1
    elif choosing:
        flows.flows[m, before, flows.flows.shape[2] - 1] += 1
    else:
        flows.exits[m, before] += 1


@inlined
def _mark_large(site, log_size, bar, met, flag):
    """Mark those of a member who are above the threshold and were no headquarters."""
    for i in range(site.size):
        flag[i] = (site[i] >= 0) & (log_size[i] >= bar) & (met[i] == 0)


@inlined
def _mark_born(quarter, born, met, flag):
    """The same of those who were born in the quarter."""
    for i in range(born.size):
        flag[i] = (born[i] == quarter) & (met[i] == 0)


@inlined
def _look_at_new(m, quarter, state, bars, watch, flows, slots, number):
    """Count who of these is a headquarters by now and add it to watch; how many there are then."""
    for k in range(slots.size):
        i = np.uint64(slots[k])
        if not _meets(m, i, state, bars):
            continue
        site = state.site[m, i]
        if state.born[m, i] < quarter:
            flows.growth[m, site] += 1
        else:
            flows.entries[m, site] += 1
            flows.spinoffs[m, site] += state.parent[m, i] != 0
        watch.slot[m, number], watch.site[m, number], watch.id[m, number] = slots[k], site, state.id[m, i]
        watch.met[m, i] = 1
        number += 1
    return number


@inlined
def _meets(m, i, state, bars):
    """What `life.meets` says of an enterprise, if it has a site."""
    above = state.log_size[m, i] - bars[0]
    if state.site[m, i] < 0 or above < 0.0:
        return False
    if above >= bars[1 + state.hightech[m, i]]:
        return True
    return bars[3] < np.inf and state.loading[m, i, RND] * exp(above) >= bars[3]     # research lies far apart in memory
