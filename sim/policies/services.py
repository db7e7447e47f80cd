"""One of the five service systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.base.messages import _
from sim.config.parameters import assumed, choice
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly
from sim.terms.services import SYSTEMS

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class ServicesPolicy(Policy):
    system: Literal["scitech", "talent", "finance", "business", "investment"] = choice(
        ..., "name", "scitech, talent, finance, business or investment (promotion)",
        "服务体系：科技、人才、金融、商务、招商")
    change: float = assumed(..., "share", "(-1, 10]", "[0, 1]", "rise of the system's index, 1 in the base year",
                            "服务水平指数升幅（基年=1）", _("the scenario"))
    cost: float = cost_of(20.0, "RMB million per year", "[5, 100]",
                          "a year and site, for a rise of the index by 1",
                          "每年每地点指数上升 1 的成本")


@register("services", title="Service system", title_zh="服务体系",
          schema=ServicesPolicy, example={"system": "finance", "change": 0.5}, neutral={"change": 0.0},
          subject="system", spends=yearly(lambda policy: policy.change),
          overlap=_("the factors multiply"))
def services(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Service system: its index times (1 + change) as far as perceived; several policies multiply."""
    mine = np.array([system == policy.system for system in SYSTEMS], dtype=float)
    rise = (intensity * policy.change)[:, None, None] * mine[:, None] * policy.where
    return levers._replace(services=levers.services * (1.0 + rise))
