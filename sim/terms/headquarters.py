"""Headquarters of any industry."""

import numpy as np

from sim.config.parameters import Section, parameter
from sim.terms import PeerTerm, register


class Headquarters(Section):
    gamma: float = parameter(
        0.10, unit="1", allowed="[-20, 20]", range="[0, 0.3]", mark="literature",
        source="Davis & Henderson 2008; Strauss-Kahn & Vives 2009: positive, diminishing; size from memory",
        source_zh="Davis & Henderson 2008；Strauss-Kahn & Vives 2009：为正且递减；大小凭记忆",
        doc="weight of headquarters of any industry", doc_zh="各行业总部集聚的权重")


@register("headquarters", title="Headquarters", title_zh="总部集聚", sign=+1, driver="counts",
          parameters=Headquarters, peers=True)
def headquarters(world, levers):
    """Urbanisation: g_H ln(a + sum_s sum_k w(d_jk) n_sk), headquarters of any industry.

    Davis & Henderson 2008; Strauss-Kahn & Vives 2009. Returns a PeerTerm with one row.
    """
    kinds = len(world.industry_of_kind)
    return PeerTerm(world.p.terms.headquarters.gamma, np.zeros(kinds, dtype=int), np.ones((1, kinds)))
