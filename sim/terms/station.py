"""A railway station within reach of the town."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Section, published, signed
from sim.terms import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Station(Section):
    beta: float = signed(0.25, "1", "[-5, 5]", "[0, 0.43]",
                         "Feng, Wang & Huang 2025: +53.8 % new service enterprises (ln 1.538 = 0.43) between cells of "
                         "Beijing, not headquarters between towns",
                         "weight of a station in town after its ramp", "镇内轨道站点的权重",
                         source_zh="Feng, Wang & Huang 2025：北京网格新设服务企业 +53.8%（ln 1.538 = 0.43），"
                                   "非镇际总部")
    ramp: float = published(2.5, "year", "[0, 30]", "[2, 3]", "[2, 3]",
                            "Feng, Wang & Huang 2025: effect after 2-3 years",
                            "years until a new station counts in full", "新站点完全生效所需年数",
                            source_zh="Feng, Wang & Huang 2025：2～3 年后见效")


@register("station", title="Station in town", title_zh="镇内轨道站点", sign=+1, driver="station_age",
          parameters=Station)
def station(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Station in town, rising linearly over the ramp: b_N min(1, years since opening / ramp).

    Feng, Wang & Huang 2025. Returns (member, 1, site).
    """
    return world.keep("station", (), _of_all_quarters)[:, quarter + 1:quarter + 2]


def _of_all_quarters(world, _):
    """(member, quarter + 1, site) what `station` gives in every quarter, the eve first."""
    p, since = world.p.terms.station, world.station_age        # -1 = none yet
    years = (since + 1.0) / 4.0
    level = np.where(since >= 0, np.minimum(1.0, years / np.maximum(p.ramp, 0.25)[:, None, None]), 0.0)
    return p.beta[:, None, None] * level
