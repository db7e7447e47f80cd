"""The natural surroundings."""

from sim.parameters import parameter
from sim.policies import Policy, register


class EcologyPolicy(Policy):
    change: float = parameter(
        ..., unit="share", allowed="(-1, 10]", range="[0, 0.5]", mark="assumption", source="the scenario",
        doc="rise of the index of ecological quality, 1 in the base year", doc_zh="生态质量指数升幅（基年=1）")


@register("ecology", schema=EcologyPolicy, overlap="the factors multiply")
def ecology(levers, policy, world, intensity):
    """Ecological quality: its index times (1 + change) as far as perceived; several policies multiply."""
    rise = (intensity * policy.change)[:, None] * policy.where
    return levers._replace(ecology=levers.ecology * (1.0 + rise))
