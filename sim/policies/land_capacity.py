"""More floor: on more or less land, or in higher buildings on the same."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.building import building_time, built, enlarged
from sim.policies.costs import cost_of, on_floor


def _supply(name, title, title_zh, share, price, doc):
    """Register the instrument that changes floor by a share, at a price."""
    class Supply(Policy):
        change: float = share
        building_time: float = building_time()
        cost: float = price

    def supply(levers, policy, world, intensity):
        ready = np.where(policy.change > 0.0, built(policy.since, policy), policy.since >= 0)
        return enlarged(levers, policy, ready * policy.change)

    supply.__doc__ = doc
    return register(name, title=title, title_zh=title_zh, schema=Supply, example={"change": 0.5},
                    neutral={"change": 0.0}, overlap=_("the factors multiply"),
                    floor=lambda policy: 1.0 + policy.change, spends=on_floor(lambda policy: policy.change),
                    unused=("end", "announced", "credibility", "lag", "lag_shape"))(supply)


land_capacity = _supply(
    "land_capacity", "Land supply", "土地供应",
    choice(..., "share", "usable floor and capacity added, as a share of the base year's",
           "新增可用建筑面积与容量（占基年比例）", allowed="(-1, 10]", range="[-0.3, 1]"),
    cost_of(5.0, "RMB million", "[1, 15]", "preparing land, for floor that rented for RMB 1 million in the base year",
            "（按基年年租金为百万元的建筑面积计）土地整备成本"),
    """Land: usable floor and capacity times (1 + change) once built; several policies multiply.

    What is taken away is gone from the start.
    """)
floor_area_ratio = _supply(
    "floor_area_ratio", "Floor area ratio", "容积率",
    choice(..., "share", "rise of the floor-area ratio, as a share of what stands; a lower one tears nothing down",
           "容积率提高幅度（占现有比例；降低容积率不拆除现有建筑）", allowed="[0, 10]", range="[0, 1]"),
    cost_of(1.0, "RMB million", "[0, 5]", "infrastructure, for floor that rented for RMB 1 million in the base year",
            "（按基年年租金为百万元的建筑面积计）配套设施成本"),
    "Floor-area ratio: usable floor and capacity times (1 + change) once built, on the same land.")
