"""A lower effective rate of corporate income tax at named places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice, parameter
from sim.kernels import arrays
from sim.policies import register
from sim.policies.costs import Paying

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class TaxRate(Paying):
    rate: float = parameter(
        ..., unit="percentage point", allowed="[0, 100]", range="[10, 25]", evidence="data",
        source="Lingang Overall Plan 2019: 15 instead of 25",
        source_zh="2019 年临港总体方案：15% 而非 25%",
        doc="effective rate for eligible enterprises", doc_zh="符合条件企业的实际税率（%）")
    years: float = parameter(
        5.0, unit="year", allowed="(0, 100]", range="[1, 10]", evidence="data",
        source="Lingang Overall Plan 2019: five years",
        source_zh="2019 年临港总体方案：五年",
        doc="years that an eligible enterprise keeps the rate after arrival, or from the start if it was there before",
        doc_zh="企业到达后（存量企业自政策开始起）享受优惠的年数")
    permanent: bool = choice(False, "switch", "whether the rate has no end, whatever `years` says",
                             "优惠是否长期有效（不受 `years` 限制）", agree=False)
    industries: list[str] = choice([], "names", "eligible industries; empty for all", "适用行业（留空为全部）")
    movers: bool = parameter(
        False, unit="switch", evidence="data", source="Caishui [2020] 38, condition 1",
        source_zh="财税〔2020〕38 号，第一项条件",
        doc="whether enterprises that move in are eligible, not newcomers only",
        doc_zh="迁入企业是否同样适用（否则仅限新设企业）", agree=False)
    incumbents: bool = parameter(
        False, unit="switch", evidence="data", source="Caishui [2020] 38, condition 1",
        source_zh="财税〔2020〕38 号，第一项条件",
        doc="whether enterprises already there are eligible", doc_zh="存量企业是否适用", agree=False)


def relieves(policy: SimpleNamespace, world: World) -> NDArray[np.float64]:
    """(member, class) percentage points below the statutory rate of the class, where eligible and not over yet."""
    return offered(policy, world)[0]


def offered(policy: SimpleNamespace, world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(member, class) what `relieves` gives, and for how many quarters: of those who were there before from now on."""
    passed = (np.maximum(policy.since, 0),) if policy.incumbents.any() else ()
    return world.keep(("offered", policy.name), passed, lambda world, passed: _offered(policy, world, *passed))


def _offered(policy, world, passed=0):
    """What `offered` gives, so many quarters (member,) after its start."""
    eligible = world.eligible(policy.industries, movers=policy.movers, incumbents=policy.incumbents)
    whole = np.where(policy.permanent, np.inf, 4.0 * policy.years)[:, None]
    left = whole - np.atleast_1d(passed)[:, None]
    lasts = np.where(world.status_of_class == arrays.SETTLED, left, whole)
    return np.maximum(0.0, world.statutory_rate - policy.rate[:, None]) * eligible * (lasts > 0.0), lasts


@register("tax_rate", title="Tax rate", title_zh="税率优惠",
          schema=TaxRate, example={"rate": 10.0},
          neutral={"rate": 25.0, "years": 40.0, "permanent": True, "movers": True, "incumbents": True},
          unused=("payer",), relieves=relieves,
          overlap=_("the lowest rate applies to each class, for as long as its own policy grants it"))
def tax_rate(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Effective tax rate: relief_icj = max(0, statutory rate of the class - rate) if eligible, for some years.

    A high-tech enterprise pays 15 % everywhere and gains only from a rate below that
    (Enterprise Income Tax Law, article 28). Overlapping rates: the lowest applies to a class, and
    for as long as its own policy grants it; of equal ones the longer.
    """
    if not intensity.any():
        return levers
    here, (relief, lasts) = np.flatnonzero(policy.where), offered(policy, world)
    perceived = (intensity[:, None] * relief)[:, :, None]
    quarters = np.where(perceived > 0.0, lasts[:, :, None], 0.0)
    before, years = levers.tax_relief[:, :, here], levers.benefit_quarters[:, :, here]
    of_lowest = np.where(perceived < before, years, quarters)
    return levers._replace(
        tax_relief=_replaced(levers.tax_relief, here, np.maximum(before, perceived)),
        benefit_quarters=_replaced(levers.benefit_quarters, here,
                                   np.where(perceived == before, np.maximum(quarters, years), of_lowest)))


def _replaced(table, here, values):
    """A (member, class, site) table with other values at some sites."""
    replaced = np.empty((len(values), *table.shape[1:]))
    replaced[:], replaced[:, :, here] = table, values
    return replaced
