"""A standard by which headquarters are recognised, and the grant that it opens.

Decision 48 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, parameter
from sim.policies import register
from sim.policies.checks import unknown
from sim.policies.costs import Paid, Paying
from sim.policies.levers import Award
from sim.region.opening_stock import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.policies.levers import Levers
    from sim.region.load import Region
    from sim.scenario.load import Scenario

KEYS = ("revenue", "tax", "research")


def _threshold(what, what_zh):
    return parameter({}, unit="RMB million", each="[0, 1e9]", evidence="choice", source=_("the user"),
                     doc=f"least {what} a year by headquarters type", doc_zh=f"各类总部的最低年{what_zh}")


class Recognition(Paying):
    revenue: dict[str, float] = _threshold("revenue", "营业收入")
    tax: dict[str, float] = _threshold("taxes at statutory rates", "纳税额（按法定税率）")
    research: dict[str, float] = _threshold("R&D spending", "研发支出")
    amount: float = parameter(
        0.0, unit="RMB million", allowed="[0, 10000]", range="[0, 30]", evidence="data",
        source="Shanghai MNC regional-HQ fund: 5; Hongqiao CBD caps, by a broker's page: 30, 15 (functional)",
        source_zh="上海跨国公司地区总部专项资金：5；虹桥商务区上限（据中介网页）：30（综合型）与 15（职能型）",
        doc="grant for a recognised headquarters on registration", doc_zh="认定总部登记时的补贴额")
    movers: bool = parameter(
        True, unit="switch", evidence="data", source=_("Shanghai innovative-enterprise HQ measures: new or moved"),
        doc="whether enterprises that move in draw it", doc_zh="迁入企业是否适用", agree=False)

    def rules(self) -> Iterator[Broken]:
        """Somebody can be recognised."""
        yield from super().rules()
        if not any(getattr(self, key) for key in KEYS):
            yield Broken((("revenue",),), _("no type has a threshold"), _("a threshold for one type at least"),
                         _("set one, e.g. revenue = {example}", example="{regional = 500.0}"))


def thresholds(policy: SimpleNamespace, world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(bar, research) (member, class): ln employees for revenue and tax, employees times R&D intensity.

    Revenue, tax at statutory rates and R&D are in proportion to employees (`criteria`, `fiscal`); all
    thresholds that a type has must be met. A type without any is not recognised: its bar is inf.
    """
    p, f = world.p.criteria, world.p.fiscal
    profit = p.revenue_per_employee * p.profit_margin
    levied = (p.revenue_per_employee * f.value_added * f.vat + f.wage * f.personal)[:, None] \
        + profit[:, None] * world.statutory_rate / 100.0                           # (member, class)
    revenue, tax, research = (_by_class(getattr(policy, key), world) for key in KEYS)
    named = np.isin(world.type_of_class, [world.type_names.index(name) for key in KEYS
                                           for name in getattr(policy, key)])
    employees = np.maximum(revenue / p.revenue_per_employee[:, None], tax / np.maximum(levied, 1e-300))
    bar = np.where(named, np.log(np.maximum(employees, 1e-300)), np.inf)
    spent = p.revenue_per_employee * p.research_share
    return bar, research / np.maximum(spent[:, None], 1e-300)


def _by_class(table, world):
    return np.array([table.get(name, 0.0) for name in world.type_names])[world.type_of_class][None]


def _eligible(policy, world):
    return world.eligible([], movers=policy.movers, arriving=True)


def pays(policy: SimpleNamespace, world: World) -> Paid:
    """Recognised headquarters that register."""
    bar, research = thresholds(policy, world)
    return Paid(_eligible(policy, world), bar, research, 1)


def check(name: str, policy: Recognition, scenario: Scenario, region: Region) -> Iterator[Found]:
    """Thresholds are for headquarters types of the model."""
    for key in KEYS:
        for wrong, *fault in unknown(getattr(policy, key), TYPES, _("a headquarters type")):
            yield ("policies", name, key, wrong), *fault


@register("recognition", title="Headquarters recognition", title_zh="总部认定", schema=Recognition,
          example={"amount": 20.0, "revenue": {"growth": 100.0, "regional": 500.0}}, neutral={"amount": 0.0},
          check=check, pays=pays, overlap=_("the amounts add up"))
def recognition(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Recognition: headquarters that meet their type's thresholds draw the grant where they register.

    Grants of several policies add. The count of recognised headquarters is a second series: the
    headline keeps its own fixed criteria, so a looser standard cannot look like growth.
    """
    offered = (intensity * policy.amount)[:, None, None] * _eligible(policy, world)[:, :, None] * policy.where
    return levers._replace(awards=(*levers.awards, Award(offered, *thresholds(policy, world))))
