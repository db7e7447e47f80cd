"""An alliance of enterprises across towns."""

import numpy as np

from sim.parameters import Broken, parameter
from sim.policies import Policy, register
from sim.policies.costs import cost_of, in_force


class Alliance(Policy):
    industries: list[str] = parameter(..., unit="names", mark="choice", source="the user",
                                      doc="industries whose enterprises may belong",
                                      doc_zh="成员企业所属行业")
    share: float = parameter(
        ..., unit="share", allowed="[0, 1]", range="[0.05, 0.5]", mark="assumption", source="no count found",
        doc="probability that an enterprise of these industries belongs", doc_zh="上述行业企业加入联盟的概率")
    cost: float = cost_of(5.0, "RMB million per year", "[0, 30]",
                          "secretariat and shared facilities, a year",
                          "每年的秘书处与共享设施成本")

    def rules(self):
        """An alliance names the industries it is of."""
        yield from super().rules()
        if not self.industries:
            yield Broken((("industries",),), "no industry", "one industry at least")


def spends(policy, world, floor):
    """A year's cost, spread over its sites, if it has members."""
    running = 0.25 * in_force(policy) * (policy.share > 0.0)
    return running[:, None] * policy.where / max(policy.where.sum(), 1)


@register("alliance", title="Industrial alliance", title_zh="产业联盟",
          schema=Alliance, unused=("sites",), spends=spends,
          overlap="a partner counts as much as the best known of the alliances that two enterprises share")
def alliance(levers, policy, world, intensity):
    """Alliance: its members count each other as partners, as far as it is perceived.

    Who belongs is drawn once for every enterprise by the alliance's name, spin-offs inherit it;
    members are wherever they are, so an alliance has no sites. Acts through the term `partners`.
    """
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=float)
    return levers._replace(alliances=levers.alliances + intensity[:, None] * mine)
