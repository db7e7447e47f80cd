"""Skilled labour at hand."""

from sim.parameters import parameter
from sim.policies import Policy, register


class TalentPolicy(Policy):
    change: float = parameter(
        ..., unit="share", allowed="(-1, 10]", range="[0, 0.5]", mark="assumption", source="the scenario",
        doc="rise of the index of skilled labour, 1 in the base year", doc_zh="高技能劳动力指数升幅（基年=1）")


@register("talent", schema=TalentPolicy, overlap="the factors multiply")
def talent(levers, policy, world, intensity):
    """Skilled labour: its index times (1 + change) as far as perceived; several policies multiply."""
    rise = (intensity * policy.change)[:, None] * policy.where
    return levers._replace(talent=levers.talent * (1.0 + rise))
