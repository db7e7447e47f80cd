"""Denser building around stations.

Decision 41 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.building import building_time, enlarged
from sim.policies.costs import cost_of

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class TransitOrientedDevelopment(Policy):
    bonus: float = choice(..., "share", "floor added at a site within reach of a station, as a share of all its floor",
                          "站点可达范围内地点的新增建筑面积（占该地点全部建筑面积比例）",
                          allowed="[0, 10]", range="[0, 0.5]")
    building_time: float = building_time()
    cost: float = cost_of(1.0, "RMB million", "[0, 5]",
                          "infrastructure, for floor that rented for RMB 1 million in the base year",
                          "（按基年年租金为百万元的建筑面积计）配套设施成本")


def spends(policy: SimpleNamespace, world: World, floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Once, when building begins at a site."""
    opened = world.station_age_at(policy.quarter)
    begins = np.minimum(opened, policy.since[:, None]) == 0
    return begins * policy.bonus[:, None] * policy.where * floor


@register("tod", title="Transit-oriented development", title_zh="公交导向开发",
          schema=TransitOrientedDevelopment, example={"bonus": 0.5}, neutral={"bonus": 0.0}, stations=True,
          spends=spends,
          unused=("end", "announced", "credibility", "lag", "lag_shape"),
          overlap=_("the factors multiply"))
def tod(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """TOD: usable floor and capacity times (1 + bonus) where a station is open, once built.

    Building begins when both the policy is in force and the first station within the region's
    `station_km` is open; what has been built stays when the station closes.
    """
    back = np.arange(policy.quarter + 1, -1, -1)                      # quarters ago, the eve first
    opened = world.station_age[:, :policy.quarter + 2]                # (member, quarter, site), -1 without
    since = np.minimum(opened, policy.since[:, None, None] - back[:, None])
    ready = ((since >= 0) & (since >= 4.0 * policy.building_time[:, None, None])).any(axis=1)
    return enlarged(levers, policy, ready * policy.bonus[:, None])
