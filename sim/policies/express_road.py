"""A road without lights between places.

Decision 37 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, assumed, choice
from sim.policies import Policy, register
from sim.policies.checks import unknown
from sim.policies.costs import cost_of, starts
from sim.policies.nearness import felt_at, nearer
from sim.region import trips

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.policies.effects import ThroughPeers
    from sim.policies.levers import Levers
    from sim.region.load import Region
    from sim.results.direct_effects import Opening
    from sim.scenario.load import Scenario


class ExpressRoad(Policy):
    stops: list[str] = choice(..., "names", "site ids that it joins, in order; may come back to one",
                              "依次连接的地点代码（可重复经过）")
    speed: float = assumed(60.0, "km/h", "[1, 200]", "[45, 80]", "average speed on it", "平均行驶速度",
                           "urban express road, junctions included", source_zh="城市快速路，含交叉口延误")
    cost: float = cost_of(100.0, "RMB million per km", "[30, 300]",
                          "building it, a km between stops as the crow flies; its places pay",
                          "建设成本（按直线距离每公里），由所经地点承担",
                          source="urban express roads in China, from memory", source_zh="中国城市快速路，凭记忆")

    def rules(self) -> Iterator[Broken]:
        """A road has two ends at least."""
        yield from super().rules()
        if len(set(self.stops)) < 2:
            yield Broken((("stops",),), _("the number of places that it joins is {count}",
                                          count=len(set(self.stops))), _("2 or more places"))


def spends(policy: SimpleNamespace, world: World, floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """The road's length once, when it opens, spread over its places; a stretch that it passes twice is built once."""
    at = _numbers(world, policy.stops)
    km = sum(world.distance[a, b] for a, b in {tuple(sorted(leg)) for leg in zip(at[:-1], at[1:])})
    where = np.isin(np.arange(world.sites), at)
    return starts(policy)[:, None] * km * where / where.sum()


def check(name: str, policy: ExpressRoad, scenario: Scenario, region: Region) -> Iterator[Found]:
    """A road goes from site to site."""
    for wrong, *fault in unknown(policy.stops, region.sites, _("a site")):
        yield ("policies", name, "stops", policy.stops.index(wrong)), *fault


def direct_effect(policy: SimpleNamespace, world: World, opening: Opening) -> list[ThroughPeers]:
    """What its places gain from peers along it."""
    return felt_at(np.array(_numbers(world, dict.fromkeys(policy.stops))), policy, opening)


@register("express_road", title="Express road", title_zh="快速路",
          schema=ExpressRoad, example={"stops": ["site-0", "site-2"], "speed": 80.0}, neutral={"speed": 1.0},
          nearer=True, unused=("sites",), check=check, direct_effect=direct_effect, spends=spends,
          overlap=_("the remaining shares of the distance multiply"))
def express_road(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Express road: the distance that peers feel falls in proportion to the minutes between its places.

    left_jk = min(1, minutes on the road / minutes on the region's other roads), straight lines longer by
    the same factor on both; the way between places that are no neighbours is the shortest along the
    road. It acts on peers between its places; the way to hubs stays that of the region's roads.
    """
    saved = 1.0 - _left(world, policy)
    return nearer(levers, saved > 0.0, 1.0 - intensity[:, None, None] * saved)


def _left(world, policy):
    """(member, site, site) minutes on the road over minutes without it, 1 between places it does not join."""
    rules, km = world.region.rules, world.distance
    usual = trips.driving_minutes(rules.road_factor * km, rules)
    on_road = rules.road_factor * _along(world, policy.stops)[None] / policy.speed[:, None, None] * 60
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(usual > 0, np.minimum(1.0, on_road / usual), 1.0)


def _numbers(world, stops):
    return [world.region.sites.index.get_loc(stop) for stop in stops]


def _along(world, stops):
    """(site, site) km between sites along the road, inf where it does not go (Floyd 1962; Warshall 1962)."""
    at = _numbers(world, stops)
    km = np.where(np.eye(world.sites, dtype=bool), 0.0, np.inf)
    for a, b in zip(at[:-1], at[1:]):
        km[a, b] = km[b, a] = world.distance[a, b]
    for k in dict.fromkeys(at):
        km = np.minimum(km, km[:, [k]] + km[[k], :])
    return km
