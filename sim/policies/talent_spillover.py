"""Skilled labour that comes over from a city nearby."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import assumed, choice
from sim.policies import Policy, register
from sim.policies.checks import unknown
from sim.policies.costs import cost_of, yearly


class TalentSpillover(Policy):
    hub: str = choice(..., "name", "hub of the region where skilled labour comes from", "人才来源枢纽代码")
    change: float = assumed(..., "share", "[0, 10]", "[0, 1]",
                            "rise of the index of skilled labour at a site next to the hub", "紧邻枢纽处人才指数的升幅",
                            _("the scenario"))
    reach: float = assumed(
        45.0, "min", "(0, 1440]", "[30, 90]", doc="minutes to the hub over which the rise falls to 1/e",
        doc_zh="升幅衰减至 1/e 的出行时间", source="of the order of a long commute; no estimate found",
        source_zh="长通勤的量级；未找到估计")
    cost: float = cost_of(50.0, "RMB million per year", "[10, 200]", "a year and site, for a change of 1",
                          "每年每地点升幅为 1 时的成本")


def check(name, policy, scenario, region):
    """The hub that talent comes from is the region's."""
    for _name, *fault in unknown([policy.hub], region.hubs, _("a hub")):
        yield ("policies", name, "hub"), *fault


@register("talent_spillover", title="Talent spillover", title_zh="人才外溢",
          schema=TalentSpillover, example={"hub": "station-0", "change": 1.0}, neutral={"change": 0.0},
          check=check, spends=yearly(lambda policy: policy.change),
          overlap=_("the factors multiply"))
def talent_spillover(levers, policy, world, intensity):
    """Talent spilling over: the index of skilled labour times 1 + change exp(-minutes_jt / reach).

    Minutes from the site's door to the hub, by the better of road and transit in the quarter, so that new
    lines bring the city's labour market nearer. Several policies multiply.
    """
    hub = list(world.region.hubs.index).index(policy.hub)
    near = np.exp(-world.minutes_at(policy.quarter)[:, :, hub] / policy.reach[:, None])
    rise = (intensity * policy.change)[:, None] * near * policy.where
    return levers._replace(talent=levers.talent * (1.0 + rise))
