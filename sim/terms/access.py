"""Accessibility of a site over the timed network.

Decision 17 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.parameters import Section, signed
from sim.terms import register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Access(Section):
    between_cities: float = signed(1.0, "1", "[-5, 5]", "[0, 2.5]",
                                   "Lin 2017: elasticity of employment to market access by rail 2-2.5, another measure "
                                   "of access", "weight of the city's mean log accessibility",
                                   "城市平均可达性（对数）的权重",
                                   source_zh="Lin 2017：就业对铁路市场可达性的弹性 2～2.5，可达性口径不同")
    within_city: float = signed(0.3, "1", "[-5, 5]", "[0, 1]", "Lin 2017: of cities; no number for towns",
                                "weight of the town's deviation from its city's mean",
                                "镇级可达性偏离城市均值的权重", source_zh="Lin 2017：仅为城市间，无镇级数值")


@register("access", title="Accessibility", title_zh="可达性", sign=+1, driver="log_access", parameters=Access)
def access(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Generalised-cost accessibility of a site, between cities and between the towns of a city.

    b_city mean_c(ln A_jt) + b_town (ln A_jt - mean_c(ln A_jt)),
    A_jt = sum_k M_k exp(-theta minutes_jkt)   (Hansen 1959)

    Returns (member, class, site). The city mean is weighted by floor, so that splitting a town
    changes nothing.
    """
    return world.keep("access", (world.log_access_at(quarter),), _by_class)


def _by_class(world, log_access):
    """What `access` gives, from (member, type, site): the network seldom changes."""
    p = world.p.terms.access
    log_access = log_access[0][:, world.type_of_class, :]
    city_mean = log_access @ world.city_weights
    between, within = p.between_cities[:, None, None], p.within_city[:, None, None]
    return between * city_mean + within * (log_access - city_mean)
