"""More or less land to build on."""

import numpy as np

from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.building import building_time, built, enlarged
from sim.policies.costs import cost_of, on_floor


class LandCapacity(Policy):
    change: float = choice(..., "share", "usable floor and capacity added, as a share of the base year's",
                           "新增可用建筑面积与容量（占基年比例）", allowed="(-1, 10]", range="[-0.3, 1]")
    building_time: float = building_time()
    cost: float = cost_of(5.0, "RMB million", "[1, 15]",
                          "preparing land, for floor that rented for RMB 1 million in the base year",
                          "按基年年租金百万元楼面计的土地整备成本")


@register("land_capacity", title="Land supply", title_zh="土地供应",
          schema=LandCapacity, example={"change": 0.5}, neutral={"change": 0.0},
          floor=lambda policy: 1.0 + policy.change, spends=on_floor(lambda policy: policy.change),
          unused=("end", "announced", "credibility", "lag", "lag_shape"),
          overlap="the factors multiply")
def land_capacity(levers, policy, world, intensity):
    """Land: usable floor and capacity times (1 + change) once built; several policies multiply.

    What is taken away is gone from the start.
    """
    ready = np.where(policy.change > 0.0, built(policy.since, policy), policy.since >= 0)
    return enlarged(levers, policy, ready * policy.change)
