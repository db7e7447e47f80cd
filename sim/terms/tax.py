"""Effective rate of the corporate income tax."""

from sim.config.parameters import Section, parameter
from sim.terms import register


class Tax(Section):
    beta: float = parameter(
        0.028, unit="1", allowed="[-1, 1]", range="[0.010, 0.065]", mark="literature",
        source="de Mooij & Ederveen 2003 (mean -3.3); Feld & Heckemeyer 2011 (median -2.49); "
               "Giroud & Rauh 2019",
        source_zh="de Mooij & Ederveen 2003（均值 −3.3）；Feld & Heckemeyer 2011（中位数 −2.49）；Giroud & Rauh 2019",
        doc="median weight per percentage point of tax, entering with a minus",
        doc_zh="每个税率百分点的权重（中位数），取负号")
    taste_sd: float = parameter(
        0.5, unit="1", allowed="[0, 3]", range="[0, 1]", mark="assumption",
        source="no distribution of tax sensitivity for headquarters found",
        source_zh="未找到总部税收敏感度的分布",
        doc="standard deviation of the log of the taste for low tax", doc_zh="税收敏感度对数的标准差")


@register("tax", title="Tax relief", title_zh="税收优惠", sign=+1, driver="tax_relief",
          parameters=Tax, loading="taste_tax", legal=True)
def tax(world, levers, quarter):
    """Tax relief: b_t * (national rate - effective rate), in percentage points.

    The national rate itself is common to all sites and so changes no choice. The taste is
    lognormal with median 1, hence sign-constrained (Train 2009, section 6.5).
    Returns (member, class, site), to be multiplied by the enterprise's taste.
    """
    return world.p.terms.tax.beta[:, None, None] * levers.tax_relief
