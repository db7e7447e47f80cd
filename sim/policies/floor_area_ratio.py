"""Higher buildings on the same land."""

from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.building import building_time, built, enlarged
from sim.policies.costs import cost_of, on_floor


class FloorAreaRatio(Policy):
    change: float = choice(..., "share",
                           "rise of the floor-area ratio, as a share of what stands; a lower one tears nothing down",
                           "容积率提高幅度（占现有比例；降低容积率不拆除现有建筑）", allowed="[0, 10]", range="[0, 1]")
    building_time: float = building_time()
    cost: float = cost_of(1.0, "RMB million", "[0, 5]",
                          "infrastructure, for floor that rented for RMB 1 million in the base year",
                          "按基年年租金百万元楼面计的配套设施成本")


@register("floor_area_ratio", title="Floor area ratio", title_zh="容积率",
          schema=FloorAreaRatio, example={"change": 0.5}, neutral={"change": 0.0},
          floor=lambda policy: 1.0 + policy.change, spends=on_floor(lambda policy: policy.change),
          unused=("end", "announced", "credibility", "lag", "lag_shape"),
          overlap="the factors multiply")
def floor_area_ratio(levers, policy, world, intensity):
    """Floor-area ratio: usable floor and capacity times (1 + change) once built, on the same land."""
    return enlarged(levers, policy, built(policy.since, policy) * policy.change)
