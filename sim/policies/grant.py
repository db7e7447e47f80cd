"""Money paid to an enterprise that arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice, parameter
from sim.policies import register
from sim.policies.costs import Paid, Paying

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class GrantPolicy(Paying):
    amount: float = parameter(
        ..., unit="RMB million", allowed="[0, 10000]", range="[0, 30]", evidence="data",
        source="Shanghai MNC regional-HQ fund: 5; Hongqiao CBD caps, by a broker's page: 30 and 15",
        source_zh="上海跨国公司地区总部专项资金：5；虹桥商务区上限（据中介网页）：30 与 15",
        doc="amount for an eligible enterprise on arrival", doc_zh="符合条件企业到达时的补贴额")
    industries: list[str] = choice([], "names", "eligible industries; empty for all", "适用行业（留空为全部）")
    types: list[str] = choice([], "names", "eligible headquarters types; empty for all", "适用总部类型（留空为全部）")
    movers: bool = parameter(
        True, unit="switch", evidence="data", source=_("Shanghai innovative-enterprise HQ measures: new or moved"),
        doc="whether enterprises that move in are eligible", doc_zh="迁入企业是否适用", agree=False)


def pays(policy: SimpleNamespace, world: World) -> Paid:
    """Everybody eligible who arrives, whatever its size."""
    eligible = world.eligible(policy.industries, types=policy.types, movers=policy.movers, arriving=True)
    return Paid(eligible, np.full_like(eligible, -np.inf), np.zeros_like(eligible), 0)


@register("grant", title="Grant", title_zh="补贴",
          schema=GrantPolicy, example={"amount": 20.0}, neutral={"amount": 0.0}, pays=pays,
          overlap=_("the amounts add up"))
def grant(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Grant on arrival: grant_icj rises by the amount where eligible; grants of several policies add."""
    eligible = world.eligible(policy.industries, types=policy.types, movers=policy.movers, arriving=True)
    paid = (intensity * policy.amount)[:, None, None] * eligible[:, :, None] * policy.where
    return levers._replace(grant=levers.grant + paid)
