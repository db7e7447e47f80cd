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

from sim.kernels.arrays import EMPTY, LANES, part
from sim.kernels.firms.life import meets
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined


class Watch(NamedTuple):
    """Who stood in a slot when last looked at, where, and whether it was a headquarters; (member, slot)."""

    id: np.ndarray            # uint64
    site: np.ndarray          # int32, EMPTY where nobody has a site
    met: np.ndarray           # int8


Seen = namedtuple("Seen", "id parent site hightech log_size loading")    # what of a State is looked at


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
    watch = Watch(state.id.copy(), np.maximum(state.site, EMPTY), np.zeros(state.site.shape, np.int8))
    flows = no_flows(len(state.site), 1 + int(state.site.max(initial=0)))
    follow(state, criteria, watch, flows, False)
    return watch


def with_room(watch, slots):
    """The Watch with as many slots as the State has by now."""
    more = slots - watch.site.shape[1]
    if not more:
        return watch
    pad = lambda array, value: np.pad(array, ((0, 0), (0, more)), constant_values=value)   # noqa: E731
    return Watch(pad(watch.id, 0), pad(watch.site, EMPTY), pad(watch.met, 0))


def follow(state, criteria, watch, flows, choosing):
    """Count what happened since the last look and look again.

    An enterprise that is gone has closed, or, when `choosing`, has left the region.
    """
    _follow(part(Seen, state), criteria, watch, flows, choosing, np.empty(LANES, bool))


@compiled
def _follow(state, criteria, watch, flows, choosing, stirs):
    for m in range(state.site.shape[0]):
        bars = own(criteria, m)
        for first in range(0, state.site.shape[1], LANES):
            number = min(LANES, state.site.shape[1] - first)
            _find_stirring(m, first, number, state, bars[0], watch, stirs)
            for t in range(number):
                if stirs[t]:
                    _follow_one(m, first + t, state, bars, watch, flows, choosing)


@inlined
def _find_stirring(m, first, number, state, bar, watch, stirs):
    """Whom to look at closely, in a loop that vectorises: most are small, and where they were."""
    for t in range(number):
        i = first + t
        now = max(state.site[m, i], EMPTY)
        large = (now >= 0) & (state.log_size[m, i] >= bar)
        stirs[t] = large | (watch.met[m, i] != 0) | (watch.site[m, i] != now)


@inlined
def _follow_one(m, i, state, bars, watch, flows, choosing):
    before, now, was = watch.site[m, i], max(state.site[m, i], EMPTY), watch.met[m, i]
    met = 0
    if now >= 0 and state.log_size[m, i] >= bars[0]:               # few, and only they read the rest
        met = 1 if meets(state.log_size[m, i], state.hightech[m, i], state.loading[m, i, 1], bars) else 0
    same = before >= 0 and now >= 0 and watch.id[m, i] == state.id[m, i]
    if was or met:
        _count_one(m, i, (before, now), (was, met), same, state, flows, choosing)
    watch.id[m, i], watch.site[m, i], watch.met[m, i] = state.id[m, i], now, met


@inlined
def _count_one(m, i, sites, standing, same, state, flows, choosing):
    before, now = sites
    was, met = standing
    if same:
        flows.growth[m, now] += met - was
        if before != now:
            flows.flows[m, before, now] += was
        return
    if was and choosing:
        flows.flows[m, before, flows.flows.shape[2] - 1] += 1
    elif was:
        flows.exits[m, before] += 1
    if met:
        flows.entries[m, now] += 1
        if state.parent[m, i] != 0:
            flows.spinoffs[m, now] += 1
