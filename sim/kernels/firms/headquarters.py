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

from sim.kernels.arrays import EMPTY, RND, part
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp


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
    watch = Watch(np.zeros(state.id.shape, np.uint64), np.full(state.site.shape, EMPTY, np.int32),
                  np.zeros(state.site.shape, np.int8))
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


class Large(NamedTuple):
    """Those of a member who may be headquarters, side by side; (slot,) each."""

    slot: np.ndarray          # int64
    above: np.ndarray         # ln employees above the threshold, -1 without a site
    enough: np.ndarray        # ln employees above the threshold from which its tax suffices
    research: np.ndarray      # R&D intensity
    size: np.ndarray          # employees over the threshold


def follow(state, criteria, watch, flows, choosing):
    """Count what happened since the last look and look again.

    An enterprise that is gone has closed, or, when `choosing`, has left the region.
    """
    slots = state.site.shape[1]
    large = Large(np.empty(slots + 1, np.int64), *np.empty((4, slots)))
    _follow(part(Seen, state), criteria, watch, flows, choosing, large)


@compiled
def _follow(state, criteria, watch, flows, choosing, large):
    for m in range(state.site.shape[0]):
        bars = own(criteria, m)
        number = _find_large(m, state, bars, watch, large)
        for k in range(number):
            i = large.slot[k]
            was, met = watch.met[m, i] != 0, _meets(k, large, bars)
            if was or met:
                _count_one(m, i, (watch.site[m, i], max(state.site[m, i], EMPTY)), (int(was), int(met)),
                           watch.id[m, i] == state.id[m, i], state, flows, choosing)
            watch.met[m, i] = met
        for i in range(state.site.shape[1]):
            watch.id[m, i], watch.site[m, i] = state.id[m, i], max(state.site[m, i], EMPTY)


@inlined
def _find_large(m, state, bars, watch, large):
    """Fill large with those above the threshold and those who were headquarters; how many.

    Most are neither. Without a branch the search costs little, and side by side the exponentials vectorise.
    """
    n = 0
    for i in range(state.site.shape[1]):
        large.slot[n] = i
        n += ((state.site[m, i] >= 0) & (state.log_size[m, i] >= bars[0])) | (watch.met[m, i] != 0)
    for k in range(n):
        i = large.slot[k]
        large.above[k] = state.log_size[m, i] - bars[0] if state.site[m, i] >= 0 else -1.0
        large.enough[k], large.research[k] = bars[1 + state.hightech[m, i]], 0.0
        if bars[3] < np.inf:                               # else it suffices nowhere, and lies far apart in memory
            large.research[k] = state.loading[m, i, RND]
    for k in range(n):
        large.size[k] = exp(large.above[k])
    return n


@inlined
def _meets(k, large, bars):
    """What `life.meets` says of the k-th of the large."""
    above = large.above[k]
    return (above >= 0.0) & ((above >= large.enough[k]) | (large.research[k] * large.size[k] >= bars[3]))


@inlined
def _count_one(m, i, sites, standing, same, state, flows, choosing):
    before, now = sites
    was, met = standing
    if same and before >= 0 and now >= 0:
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
