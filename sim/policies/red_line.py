"""Land that ecological protection closes to building."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.building import building_time, built
from sim.policies.costs import cost_of, on_floor

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class RedLine(Policy):
    share: float = choice(..., "share", "share of the site's usable floor and capacity that is closed",
                          "红线关闭的可用建筑面积与容量比例", allowed="[0, 1)", range="[0, 0.3]")
    building_time: float = building_time()
    cost: float = cost_of(10.0, "RMB million", "[0, 20]",
                          "compensation, for floor that rented for RMB 1 million in the base year",
                          "（按基年年租金为百万元的建筑面积计）补偿成本")


@register("red_line", title="Red line", title_zh="生态红线",
          schema=RedLine, example={"share": 0.3}, neutral={"share": 0.0}, sign=-1,
          floor=lambda policy: 1.0 - policy.share, spends=on_floor(lambda policy: policy.share),
          unused=("announced", "credibility", "lag", "lag_shape"),
          overlap=_("the factors multiply"))
def red_line(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Ecological red line: usable floor and capacity times (1 - share), from the start on.

    Several lines multiply. Once one is withdrawn its land is used again after the building time. The
    share that is left open is kept apart, so that the rent which the lines cause can be told.
    """
    reopened = policy.end is not None and built(policy.quarter + world.calendar.first - policy.end, policy)
    closed = (policy.since >= 0) & ~np.asarray(reopened)
    left = 1.0 - (closed * policy.share)[:, None] * policy.where
    return levers._replace(land=levers.land * left, open_land=levers.open_land * left)
