"""The price of floor.

Decision 9 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Section, assumed
from sim.terms import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Rent(Section):
    beta: float = assumed(0.38, "1", "[-5, 20]", "[0.10, 0.90]", "weight of log rent, entering with a minus",
                          "租金（对数）的权重，取负号",
                          "arithmetic on assumptions: floor share 0.10 x profit multiplier 2 x 1.9",
                          source_zh="由假设推算：建筑面积成本占比 0.10 × 利润乘数 2 × 1.9")


@register("rent", title="Rent", title_zh="租金", sign=-1, driver="rent", parameters=Rent)
def rent(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Rent: -b_r ln r_jt, an index that is 1 everywhere in the base year; cleared once a quarter.

    Returns (member, 1, site).
    """
    return -world.p.terms.rent.beta[:, None, None] * np.log(levers.rent)[:, None, :]
