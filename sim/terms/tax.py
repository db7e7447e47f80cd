"""Effective rate of the corporate income tax.

Decision 20 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.config.parameters import Section, assumed, published
from sim.terms import register

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Tax(Section):
    beta: float = published(
        0.028, "1", "[-1, 1]", "[0.010, 0.065]", "[0.0249, 0.033]",
        "of foreign direct investment: de Mooij & Ederveen 2003 (median -3.3), Feld & Heckemeyer 2011 (median -2.49); "
        "of establishments of US firms: Giroud & Rauh 2019, an elasticity; of headquarters none",
        "median weight per percentage point of tax, entering with a minus", "每个税率百分点的权重（中位数），取负号",
        source_zh="外商直接投资：de Mooij & Ederveen 2003（中位数 −3.3）、Feld & Heckemeyer 2011（中位数 −2.49）；"
                  "美国企业的机构数：Giroud & Rauh 2019（弹性）；未见针对总部的估计")
    taste_sd: float = assumed(0.5, "1", "[0, 3]", "[0, 1]", "standard deviation of the log of the taste for low tax",
                              "税收敏感度对数的标准差", "no distribution of tax sensitivity for headquarters found",
                              source_zh="未找到总部税收敏感度的分布")
    discount_rate: float = assumed(
        0.08, "per year", "[0, 1]", "[0.03, 0.15]",
        "real rate at which relief to come is discounted; a holiday is worth the part of the stay that it covers",
        "未来税收优惠的实际折现率；优惠期的价值取决于其覆盖的预期停留时间",
        "China's social discount rate is 8 % (NDRC & Ministry of Construction 2006); none found for headquarters",
        source_zh="中国社会折现率为 8%（国家发展改革委、建设部 2006）；未找到总部企业的折现率")


@register("tax", title="Tax relief", title_zh="税收优惠", sign=+1, driver="tax_relief",
          parameters=Tax, loading="taste_tax", legal=True)
def tax(world: World, levers: Levers, quarter: int) -> NDArray[np.float64]:
    """Tax relief: b_t * (national rate - effective rate) * share of the expected stay that it covers.

    In percentage points. Relief of n years counts 1 - q^n of a lasting one, q = (1 - hazard of exit or leaving) /
    (1 + discount rate), hazards of the base year by age; who is there already holds what is left of it.

    The national rate itself is common to all sites and so changes no choice. The taste is
    lognormal with median 1, hence sign-constrained (Train 2009, section 6.5).
    Returns (member, class, site) of lasting relief, to be multiplied by that share and the enterprise's taste.
    """
    return world.p.terms.tax.beta[:, None, None] * levers.tax_relief
