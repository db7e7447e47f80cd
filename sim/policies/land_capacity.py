"""More or less floor: land, floor-area ratio, red line."""

from sim.parameters import parameter
from sim.policies import Policy, register


class LandCapacity(Policy):
    change: float = parameter(
        ..., unit="share", allowed="(-1, 10]", range="[-0.3, 1]", mark="choice", source="the user",
        doc="usable floor and capacity added, as a share of the base year's",
        doc_zh="新增可用建筑面积与容量（占基年比例）")
    building_time: float = parameter(
        2.5, unit="year", allowed="[0, 30]", range="[2, 3]", mark="assumption",
        source="model specification: buildings lag permits by two to three years",
        doc="years from permit to building", doc_zh="从许可到建成的年数")


@register("land_capacity", schema=LandCapacity,
          unused=("end", "announced", "credibility", "lag", "lag_shape"))
def land_capacity(levers, policy, world, intensity):
    """Land: usable floor and capacity times (1 + change) once built; several policies multiply."""
    built = policy.since >= 4.0 * policy.building_time         # (member,)
    factor = 1.0 + (built * policy.change)[:, None] * policy.where
    return levers._replace(land=levers.land * factor)
