"""Skilled labour at hand."""

from sim.parameters import parameter
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly


class TalentPolicy(Policy):
    change: float = parameter(
        ..., unit="share", allowed="(-1, 10]", range="[0, 0.5]", mark="assumption", source="the scenario",
        doc="rise of the index of skilled labour, 1 in the base year", doc_zh="高技能劳动力指数升幅（基年=1）")
    cost: float = cost_of(50.0, "RMB million per year", "[10, 200]",
                          "a year and site, for a rise of the index by 1",
                          "每年每地点指数上升 1 的成本")


@register("talent", title="Talent", title_zh="人才政策",
          schema=TalentPolicy, example={"change": 0.5}, neutral={"change": 0.0},
          spends=yearly(lambda policy: policy.change),
          overlap="the factors multiply")
def talent(levers, policy, world, intensity):
    """Skilled labour: its index times (1 + change) as far as perceived; several policies multiply."""
    rise = (intensity * policy.change)[:, None] * policy.where
    return levers._replace(talent=levers.talent * (1.0 + rise))
