"""Naive twin of the kernel that follows headquarters: who was where, by id, in plain loops."""

import collections

from tests.oracles.naive_life import alive, is_headquarters


def standing(state, criteria):
    """A dict a member: id -> (site, whether a headquarters, whether a spin-off) of those with a site."""
    return [{int(state.id[m, i]): (int(state.site[m, i]), bool(is_headquarters(m, i, state, criteria)),
                                   int(state.parent[m, i]) != 0) for i in alive(m, state)}
            for m in range(len(state.site))]


def events(before, after, choosing):
    """Counter of (what, member, place or places) between two standings; outside is place -1."""
    found, nowhere = collections.Counter(), (None, False, False)
    for m, (then, now) in enumerate(zip(before, after)):
        for name in then.keys() | now.keys():
            (old, was, _), (new, met, child) = then.get(name, nowhere), now.get(name, nowhere)
            if old is None:
                found["entries", m, new] += met
                found["spinoffs", m, new] += met and child
            elif new is None:
                found[("flows", m, old, -1) if choosing else ("exits", m, old)] += was
            else:
                found["growth", m, new] += met - was
                found["flows", m, old, new] += was and old != new
    return found
