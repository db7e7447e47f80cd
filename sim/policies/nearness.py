"""Sites that come nearer to each other for peers; no instrument is registered here.

Decision 36 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.policies.effects import Situation, ThroughPeers

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers
    from sim.results.direct_effects import Opening


def nearer(levers: Levers, pairs: NDArray[np.bool_], left: NDArray[np.float64]) -> Levers:
    """Levers whose distances between the pairs of sites are multiplied by what is left of them.

    pairs (site, site) mask, symmetric or not; left (member,) or (member, site, site) in [0, 1]. Peers at
    site k then count at site j by exp(-left d_jk / decay) instead of exp(-d_jk / decay); several
    policies multiply, so that none can take off more distance than there is.
    """
    left = np.asarray(left, float)
    left = left[:, None, None] if left.ndim == 1 else left
    return levers._replace(distance=levers.distance * np.where(pairs, left, 1.0))


def between(where: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(site, site) mask of the pairs of two sites with one end in `where` and the other in `other`, both (site,)."""
    pairs = where[:, None] & other[None, :]
    return (pairs | pairs.T) & ~np.eye(len(where), dtype=bool)


def through_nearer_peers(policy: SimpleNamespace, world: World, opening: Opening) -> list[ThroughPeers]:
    """A direct effect: everybody gains at the policy's sites from peers elsewhere that have come nearer."""
    return felt_at(np.flatnonzero(policy.where), policy, opening)


def felt_at(sites: NDArray[np.intp], policy: SimpleNamespace, opening: Opening) -> list[ThroughPeers]:
    """The same at sites given by their numbers."""
    far = opening.levers._replace(distance=opening.without(policy.name).distance)
    counts = opening.counts()
    return [ThroughPeers("all", sites, Situation(far, counts), (Situation(opening.levers, counts),))]
