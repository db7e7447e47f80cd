"""The natural surroundings."""

from sim.parameters import parameter
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly


class EcologyPolicy(Policy):
    change: float = parameter(
        ..., unit="share", allowed="(-1, 10]", range="[0, 0.5]", mark="assumption", source="the scenario",
        doc="rise of the index of ecological quality, 1 in the base year", doc_zh="生态质量指数升幅（基年=1）")
    cost: float = cost_of(50.0, "RMB million per year", "[10, 200]",
                          "a year and site, for a rise of the index by 1",
                          "每年每地点指数上升 1 的成本")


@register("ecology", title="Ecology", title_zh="生态提升",
          schema=EcologyPolicy, example={"change": 0.5}, neutral={"change": 0.0},
          spends=yearly(lambda policy: policy.change),
          overlap="the factors multiply")
def ecology(levers, policy, world, intensity):
    """Ecological quality: its index times (1 + change) as far as perceived; several policies multiply."""
    rise = (intensity * policy.change)[:, None] * policy.where
    return levers._replace(ecology=levers.ecology * (1.0 + rise))
