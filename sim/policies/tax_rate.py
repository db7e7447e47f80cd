"""A lower effective rate of corporate income tax at named places."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice, parameter
from sim.policies import register
from sim.policies.costs import Paying


class TaxRate(Paying):
    rate: float = parameter(
        ..., unit="percentage point", allowed="[0, 100]", range="[10, 25]", mark="data",
        source="Lingang Overall Plan 2019: 15 instead of 25",
        source_zh="2019 年临港总体方案：15% 而非 25%",
        doc="effective rate for eligible enterprises", doc_zh="符合条件企业的实际税率（%）")
    years: float = parameter(
        5.0, unit="year", allowed="[0, 100]", range="[1, 10]", mark="data",
        source="Lingang Overall Plan 2019: five years",
        source_zh="2019 年临港总体方案：五年",
        doc="years that an eligible enterprise keeps the rate after arrival",
        doc_zh="企业到达后享受优惠的年数")
    industries: list[str] = choice([], "names", "eligible industries; empty for all", "适用行业（留空为全部）")
    movers: bool = parameter(
        False, unit="switch", mark="data", source="Caishui [2020] 38, condition 1",
        source_zh="财税〔2020〕38 号，第一项条件",
        doc="whether enterprises that move in are eligible, not newcomers only",
        doc_zh="迁入企业是否同样适用（否则仅限新设企业）", agree=False)
    incumbents: bool = parameter(
        False, unit="switch", mark="data", source="Caishui [2020] 38, condition 1",
        source_zh="财税〔2020〕38 号，第一项条件",
        doc="whether enterprises already there are eligible", doc_zh="存量企业是否适用", agree=False)


def relieves(policy, world):
    """(member, class) percentage points below the statutory rate of the class, where eligible."""
    eligible = world.eligible(policy.industries, movers=policy.movers, incumbents=policy.incumbents)
    return np.maximum(0.0, world.statutory_rate - policy.rate[:, None]) * eligible


@register("tax_rate", title="Tax rate", title_zh="税率优惠",
          schema=TaxRate, example={"rate": 10.0},
          neutral={"rate": 25.0, "years": 40.0, "movers": True, "incumbents": True},
          unused=("payer",), relieves=relieves,
          overlap=_("the lowest rate applies to each class, for as long as its own policy grants it"))
def tax_rate(levers, policy, world, intensity):
    """Effective tax rate: relief_icj = max(0, statutory rate of the class - rate) if eligible.

    A high-tech enterprise pays 15 % everywhere and gains only from a rate below that
    (Enterprise Income Tax Law, article 28). Overlapping rates: the lowest applies to a class, and
    for as long as its own policy grants it; of equal ones the longer.
    """
    if not intensity.any():
        return levers
    offered = intensity[:, None, None] * relieves(policy, world)[:, :, None] * policy.where
    quarters = np.where(offered > 0.0, 4.0 * policy.years[:, None, None], 0.0)
    of_lowest = np.where(offered < levers.tax_relief, levers.benefit_quarters, quarters)
    longest = np.maximum(quarters, levers.benefit_quarters)
    return levers._replace(
        tax_relief=np.maximum(levers.tax_relief, offered),
        benefit_quarters=np.where(offered == levers.tax_relief, longest, of_lowest))
