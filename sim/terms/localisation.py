"""Peers of the same industry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Section, signed
from sim.terms import PeerTerm, register

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.policies.levers import Levers


class Localisation(Section):
    gamma: float = signed(0.35, "1", "[-20, 20]", "[0, 0.9]",
                          "Head, Ries & Swenson 1995: agglomeration supported, of plants; 0.5-0.7 there, from memory",
                          "weight of peers of the same industry", "同行业企业集聚的权重",
                          source_zh="Head, Ries & Swenson 1995：支持集聚（工厂）；其值 0.5～0.7，凭记忆")


@register("localisation", title="Same industry", title_zh="同行业集聚", sign=+1, driver="counts",
          parameters=Localisation, peers=True)
def localisation(world: World, levers: Levers) -> PeerTerm:
    """Localisation: g_L ln(a + sum_k w(d_jk) n_sk), peers of the same industry.

    Head, Ries & Swenson 1995. Returns a PeerTerm with one row an industry.
    """
    rows = world.industry_of_kind
    phi = (np.arange(world.industries)[:, None] == rows[None, :]).astype(float)
    return PeerTerm(world.p.terms.localisation.gamma, rows, phi)
