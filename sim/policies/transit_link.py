"""A new link of the railway network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.geodesy import distances_km
from sim.base.messages import _
from sim.config.parameters import Broken, assumed, choice
from sim.policies import Policy, register
from sim.policies.costs import cost_of, starts
from sim.policies.effects import everywhere
from sim.region import network

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.region.load import Region
    from sim.scenario.load import Scenario


class TransitLink(Policy):
    line: str = choice(..., "text", "name of the line", "线路名称")
    stops: list[str] = choice(..., "names", "station ids in order; a loop ends where it began",
                              "依次停靠的车站代码（环线首尾相同）")
    speed: float = assumed(35.0, "km/h", "[1, 600]", "[20, 80]", "average speed between stops", "站间平均旅行速度",
                           "medium-capacity transit, stops included", source_zh="中运量轨道交通，含停站")
    headway: float = assumed(8.0, "min", "(0, 1440]", "[3, 20]", "minutes between trains", "发车间隔（分钟）",
                             "medium-capacity transit", source_zh="中运量轨道交通")
    cost: float = cost_of(200.0, "RMB million per km", "[80, 500]",
                          "building the line, a km between stops as the crow flies; who pays are its sites",
                          "线路建设成本（按站间直线距离每公里）；由适用地点承担",
                          source="medium-capacity transit in China, from memory",
                          source_zh="中国中运量轨道交通，凭记忆")

    def rules(self) -> Iterator[Broken]:
        """A line has two stops at least."""
        yield from super().rules()
        if len(self.stops) < 2:
            yield Broken((("stops",),), _("the number of its stops is {count}",
                                          count=len(self.stops)), _("2 or more stops"))


def spends(policy: SimpleNamespace, world: World, floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """The line's length once, when it opens, spread over its sites."""
    where = {**_positions(world.region.stations), **_positions(world.region.sites)}
    lon, lat = np.array([where[stop] for stop in policy.stops]).T
    km = float(np.diagonal(distances_km(lon, lat), 1).sum())
    return starts(policy)[:, None] * km * policy.where / max(policy.where.sum(), 1)


def _positions(table):
    return dict(zip(table.index, zip(table["lon"], table["lat"])))


def check(name: str, policy: TransitLink, scenario: Scenario, region: Region) -> Iterator[Found]:
    """A new line stops at stations, or at sites."""
    added = [network.Link(**link) for link in transit_link([], policy)]
    for found in dict.fromkeys(network.check(region, {}, added)):
        yield ("policies", name, "stops"), found.wrong, found.expected, found.remedy


@register("transit_link", title="Transit line", title_zh="轨道线路", schema=TransitLink,
          example={"line": "new", "stops": ["site-2", "station-0"], "speed": 80.0, "headway": 3.0},
          neutral={"stops": ["station-0", "station-3"], "speed": 1.0},
          network=True, check=check, direct_effect=everywhere, spends=spends,
          unused=("announced", "credibility", "lag", "lag_shape"),
          overlap=_("each trip takes the quickest of the links"))
def transit_link(links: list[dict[str, Any]], policy: TransitLink) -> list[dict[str, Any]]:
    """Transit line: one link between each pair of neighbouring stops, open from the policy's start.

    Acts on travel times only, so on `access` and on `station`; no other weight is given to it.
    """
    pairs = list(zip(policy.stops[:-1], policy.stops[1:]))
    return links + [dict(line=policy.line, start=a, end=b, speed=policy.speed,
                         headway=policy.headway, opened=policy.start, closed=policy.end)
                    for a, b in pairs]
