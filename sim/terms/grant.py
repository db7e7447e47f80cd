"""Money on arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.parameters import Section, assumed
from sim.terms import register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Grant(Section):
    beta: float = assumed(0.3, "1", "[-5, 5]", "[0, 1]", "weight of ln(1 + grant / cost)", "一次性补贴的权重",
                          "no elasticity for headquarters grants found", source_zh="未找到总部补贴的弹性")


@register("grant", title="Grant", title_zh="一次性补贴", sign=+1, driver="grant",
          parameters=Grant, loading="grant", legal=True)
def grant(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Grant on arrival: b_g ln(1 + grant_ijt / cost_i), cost_i = cost per employee x employees.

    The kernel takes the logarithm, because the cost is the enterprise's own; this table holds the
    grants. Returns (member, class, site) in RMB million.
    """
    return levers.grant
