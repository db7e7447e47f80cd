"""Opening-up measures of a free trade zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.parameters import Section, signed
from sim.terms import by_site, register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Ftz(Section):
    beta: float = signed(0.15, "1", "[-5, 5]", "[0, 0.35]",
                         "Cai, Xin & Zhou 2021: +1.2-1.8 points of a year's growth, which is no utility",
                         "weight of full FTZ status for an enterprise of mean trade intensity",
                         "自贸区政策对平均贸易强度企业的权重",
                         source_zh="Cai, Xin & Zhou 2021：年增长率提高 1.2～1.8 个百分点，并非效用")


@register("ftz", title="Free trade zone", title_zh="自贸区政策", sign=+1, driver="regimes.ftz",
          parameters=Ftz, loading="trade")
def ftz(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Free trade zone: b_F FTZ_jt trade_i, trade intensity relative to the mean enterprise.

    Cai, Xin & Zhou 2021; a status is opening-up measures and free trade accounts together, so that
    the estimate of the whole is not counted twice. Returns (member, 1, site), to be multiplied by trade_i.
    """
    return by_site(world.p.terms.ftz.beta, levers.status("ftz"))
