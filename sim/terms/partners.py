"""Partners in an alliance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Section, assumed
from sim.terms import PeerTerm, register

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.policies.levers import Levers


class Partners(Section):
    gamma: float = assumed(0.2, "1", "[-20, 20]", "[0, 0.6]", "weight of partners and anchors of one's alliances",
                           "联盟伙伴与头部企业的权重", "no estimate for industrial alliances found",
                           source_zh="未找到产业联盟的估计")


@register("partners", title="Alliance partners", title_zh="联盟伙伴", sign=+1, driver="counts",
          parameters=Partners, peers=True)
def partners(world: World, levers: Levers) -> PeerTerm:
    """Alliances: g_P ln(a + alliance partners and anchors at j), over those one shares an alliance with.

    A partner counts as much as the best known of the alliances that the two share is perceived; who
    belongs to none looks at nobody. Returns a PeerTerm with one row a set of alliances.
    """
    kinds = world.alliances_of_kind                          # (kind,) bits
    bits = np.arange(len(world.alliances))
    belongs = (np.unique(kinds)[:, None] >> bits) & 1        # (set, alliance)
    shared = belongs[:, None, :] * ((kinds[:, None] >> bits) & 1)[None]
    perceived = shared[None] * levers.alliances[:, None, None, :]
    anybody = (levers.alliances > 0).any(axis=1)             # with a = 0, nobody is no reason to stay away
    return PeerTerm(world.p.terms.partners.gamma * anybody, np.where(kinds > 0, kinds, -1),
                    perceived.max(axis=3, initial=0.0))
