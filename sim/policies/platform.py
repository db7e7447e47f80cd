"""A shared platform on which enterprises of different towns work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.base.messages import _
from sim.config.parameters import assumed
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly
from sim.policies.nearness import between, nearer, through_nearer_peers

if TYPE_CHECKING:
    from types import SimpleNamespace

    import numpy as np
    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class Platform(Policy):
    reduction: float = assumed(..., "share", "[0, 1]", "[0, 0.5]",
                               "share of the distance between any two of its sites that peers no longer feel",
                               "同行集聚中任意两个适用地点间距离的缩减比例",
                               "no estimate of what a platform does to the decay of spillovers found",
                               source_zh="未找到平台对溢出衰减影响的估计")
    cost: float = cost_of(50.0, "RMB million per year", "[10, 200]", "a year and site, for a reduction of 1",
                          "每年每地点缩减比例为 1 时的成本")


@register("platform", title="Platform", title_zh="平台联通",
          schema=Platform, example={"reduction": 0.5, "sites": ["site-2", "site-3"]}, neutral={"reduction": 0.0},
          nearer=True, direct_effect=through_nearer_peers, spends=yearly(lambda policy: policy.reduction),
          overlap=_("the remaining shares of the distance multiply"))
def platform(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Platform: peers in the other sites of the platform count by exp(-(1 - reduction) d / decay).

    Guo, Luo & Rong, path 1: a "smart brain" on which enterprises in different towns co-operate. It brings
    the sites nearer to each other and to nobody else; reduction 1 makes them one place to peers.
    """
    return nearer(levers, between(policy.where, policy.where), 1.0 - intensity * policy.reduction)
