"""Accessibility of a site over the timed network.

Decision 17 (docs/decisions.md).
"""

from sim.config.parameters import Section, published
from sim.terms import register


class Access(Section):
    between_cities: float = published(1.0, "1", "[-5, 5]", "[0, 2.5]", "Lin 2017: market-access elasticity 2-2.5",
                                      "weight of the city's mean log accessibility", "城市平均可达性（对数）的权重",
                                      source_zh="Lin 2017：市场可达性弹性 2–2.5")
    within_city: float = published(0.3, "1", "[-5, 5]", "[0, 1]", "Lin 2017, scaled to towns",
                                   "weight of the town's deviation from its city's mean",
                                   "镇级可达性偏离城市均值的权重", source_zh="Lin 2017，按镇的尺度换算")


@register("access", title="Accessibility", title_zh="可达性", sign=+1, driver="log_access", parameters=Access)
def access(world, levers, quarter):
    """Generalised-cost accessibility of a site, between cities and between the towns of a city.

    b_city mean_c(ln A_jt) + b_town (ln A_jt - mean_c(ln A_jt)),
    A_jt = sum_k M_k exp(-theta minutes_jkt)   (Hansen 1959)

    Returns (member, class, site). The city mean is weighted by floor, so that splitting a town
    changes nothing.
    """
    p = world.p.terms.access
    log_access = world.log_access_at(quarter)[:, world.type_of_class, :]
    city_mean = log_access @ world.city_weights
    between, within = p.between_cities[:, None, None], p.within_city[:, None, None]
    return between * city_mean + within * (log_access - city_mean)
