"""The direct effect of what acts through peers, at the opening counts: anchors, alliances, what brings sites nearer."""

import numpy as np

from sim import policies, population, tables
from sim.kernels import layout
from sim.kernels.valuing import base_utilities
from sim.processes import anchors

PEERS_ONLY = ("anchor", "alliance", "platform", "express_road")      # no part of what a site offers


def effects(world, policy, quarter):
    """List of (whom it concerns, dV (class, site)), classes as in world, newcomers' alone.

    dV is the part of the peer terms, in the first member, with the counts of the opening and the
    alliances as they are perceived in the quarter. An anchor's is that of its presence, an
    alliance's that of being counted as partners, a platform's that of feeling less distance; all of
    them grow with those who come.
    """
    traits = population.traits(world)
    state = anchors.placed(world, traits, population.opening(world, traits).state)
    levers = tables.levers_at(world, quarter, np.zeros((1, world.sites)), np.ones((1, world.sites)))
    if policies.registry.get(policy.instrument).nearer:
        return _nearer(world, policy, quarter, levers, state)
    return (_anchor if policy.instrument == "anchor" else _alliance)(world, policy, quarter, levers, state)


def acts(instrument):
    """Whether an instrument has an effect through peers."""
    return instrument in PEERS_ONLY or policies.registry.get(instrument).nearer


def _counts(world, state):
    """(1, kind, site) sixteenths of the first member."""
    counts = np.zeros((1, len(world.industry_of_kind), world.sites), np.int64)
    here = state.site[0] >= 0
    np.add.at(counts[0], (state.kind[0][here], state.site[0][here]), state.weight[0][here])
    return counts


def _alliance(world, policy, quarter, levers, state):
    """Members' gain from having the alliance."""
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=bool)    # none is heard of: (0,)
    bits, counts = int(mine @ (1 << np.arange(len(mine)))), _counts(world, state)
    without = levers._replace(alliances=levers.alliances * ~mine)
    return [("its members", _values(world, quarter, levers, counts, bits)
             - _values(world, quarter, without, counts, bits))]


def _nearer(world, policy, quarter, levers, state):
    """What everybody gains from peers at other sites that have come nearer."""
    flat, counts = np.zeros((1, world.sites)), _counts(world, state)
    without = tables.levers_at(world, quarter, flat, flat + 1.0, without=policy.name)
    far = levers._replace(distance=without.distance)
    return [("all", _values(world, quarter, levers, counts, 0) - _values(world, quarter, far, counts, 0))]


def _anchor(world, policy, quarter, levers, state):
    """What others gain from an anchor at its site; one that chooses is placed at every site in turn."""
    number = 1 + [each.name for each in world.anchors].index(policy.name)
    kind, weight = anchors.as_peer(world, policy)
    present = weight[0] * (policy.start[0] <= world.calendar.first + quarter)
    away = state._replace(site=np.where(np.abs(state.anchor) == number, layout.EMPTY, state.site))
    sites = np.arange(world.sites) if policy.chooses[0] else np.flatnonzero(policy.where)[:1]
    groups = {"enterprises in none of its alliances": 0} | {
        f"members of {each.name}": 1 << k for k, each in enumerate(world.alliances)
        if each.name in policy.alliances}
    return [(whom, _gain(world, quarter, levers, _counts(world, away), (bits, kind, present, sites)))
            for whom, bits in groups.items()]


def _gain(world, quarter, levers, counts, case):
    """(class, site) gain of enterprises with these alliances from so many more peers at each of the sites."""
    bits, kind, present, sites = case
    before = _values(world, quarter, levers, counts, bits)
    gain = np.zeros_like(before)
    for site in sites:
        there = counts.copy()
        there[0, kind, site] += present
        gain[:, site] = (_values(world, quarter, levers, there, bits) - before)[:, site]
    return gain


def _values(world, quarter, levers, counts, bits):
    """(class, site) utilities of candidates of every newcomers' class who belong to these alliances."""
    classes = np.flatnonzero(world.status_of_class == layout.NEWCOMER)
    state = population.empty_state(1, len(classes))
    state.site[:] = layout.CANDIDATE
    for name, values in (("industry", world.industry_of_class), ("hq_type", world.type_of_class),
                         ("hightech", world.hightech_of_class)):
        getattr(state, name)[0] = values[classes]
    state.kind[0] = state.industry[0] + world.industries * bits
    offers = tables.choice_tables(world, levers, quarter)
    return base_utilities(quarter, 0, np.arange(len(classes)), state, counts, offers,
                          tables.peer_tables(world, levers), tables.moving_tables(world, np.zeros(1)))[:, :-1]
