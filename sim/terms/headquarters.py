"""Headquarters of any industry."""

import numpy as np

from sim.config.parameters import Section, signed
from sim.terms import PeerTerm, register


class Headquarters(Section):
    gamma: float = signed(0.10, "1", "[-20, 20]", "[0, 0.3]",
                          "Davis & Henderson 2008; Strauss-Kahn & Vives 2009: positive, diminishing",
                          "weight of headquarters of any industry", "各行业总部集聚的权重",
                          source_zh="Davis & Henderson 2008；Strauss-Kahn & Vives 2009：为正且递减")


@register("headquarters", title="Headquarters", title_zh="总部集聚", sign=+1, driver="counts",
          parameters=Headquarters, peers=True)
def headquarters(world, levers):
    """Urbanisation: g_H ln(a + sum_s sum_k w(d_jk) n_sk), headquarters of any industry.

    Davis & Henderson 2008; Strauss-Kahn & Vives 2009. Returns a PeerTerm with one row.
    """
    kinds = len(world.industry_of_kind)
    return PeerTerm(world.p.terms.headquarters.gamma, np.zeros(kinds, dtype=int), np.ones((1, kinds)))
