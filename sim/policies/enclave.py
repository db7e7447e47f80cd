"""Enclave economy: a place keeps a park inside another jurisdiction.

Decision 38 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.messages import _
from sim.config.parameters import assumed, choice
from sim.policies import Policy, register
from sim.policies.checks import unknown
from sim.policies.costs import cost_of, yearly
from sim.policies.effects import at_its_sites
from sim.policies.nearness import between, nearer, through_nearer_peers
from sim.policies.sites import chosen_sites, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.policies.effects import AtSites, ThroughPeers
    from sim.policies.levers import Levers
    from sim.region.load import Region
    from sim.results.direct_effects import Opening
    from sim.scenario.load import Scenario


class Enclave(Policy):
    partner: str = choice(..., "name", "site that the policy's sites are joined with", "结对地点代码")
    reduction: float = assumed(
        0.5, "share", "[0, 1]", "[0, 0.9]",
        doc="share of the distance between each site and the partner that peers no longer feel",
        doc_zh="同行集聚中各地点与结对地点间距离的缩减比例", source="no estimate for enclave parks found",
        source_zh="未找到飞地园区的估计")
    share: float = assumed(
        0.25, "share", "[0, 1]", "[0, 0.5]",
        doc="share of the partner's recorded status under each regime that enterprises at the sites can use",
        doc_zh="企业可共享的结对地点政策水平比例", source="no estimate for enclave parks found",
        source_zh="未找到飞地园区的估计")
    cost: float = cost_of(20.0, "RMB million per year", "[5, 100]", "a year and site, for a reduction or share of 1",
                          "每年每地点缩减或共享比例为 1 时的成本")


def check(name: str, policy: Enclave, scenario: Scenario, region: Region) -> Iterator[Found]:
    """The partner is a site of the region, and somewhere else."""
    path = ("policies", name, "partner")
    faults: list[Any] = [fault for _name, *fault in unknown([policy.partner], region.sites, _("a site"))]
    yield from ((path, *fault) for fault in faults)
    if not faults and is_known(region, policy.sites):
        chosen = list(region.sites.index[chosen_sites(region, policy.sites)])
        if chosen == [policy.partner]:
            yield path, _("{site} is the policy's only site", site=repr(policy.partner)), _("another site"), ""


def direct_effect(policy: SimpleNamespace, world: World, opening: Opening) -> list[AtSites | ThroughPeers]:
    """What its sites gain from peers across the pair, and what the partner's status adds to their offer."""
    return [*through_nearer_peers(policy, world, opening), *at_its_sites(policy, world, opening)]


@register("enclave", title="Enclave park", title_zh="飞地园区",
          schema=Enclave, example={"partner": "site-0"}, neutral={"reduction": 0.0, "share": 0.0},
          nearer=True, check=check, direct_effect=direct_effect,
          spends=yearly(lambda policy: np.maximum(policy.reduction, policy.share)),
          overlap=_("the remaining shares of the distance multiply, the highest status applies"))
def enclave(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Enclave park (feidi): the sites and a partner elsewhere are nearer to each other, and share its status.

    Guo, Luo & Rong name the enclave economy and give no mechanism. Assumed are two: peers across the pair
    count by exp(-(1 - reduction) d / decay), both ways; and level_j rises to share x the level that the
    region records for the partner, because an enterprise of the one place may register in the other's
    park. Who works in the enclave is counted where the enterprise stands.
    """
    other = np.arange(world.sites) == world.region.sites.index.get_loc(policy.partner)
    levers = nearer(levers, between(policy.where & ~other, other), 1.0 - intensity * policy.reduction)
    return levers._replace(regimes={name: _shared(name, level, policy, world, intensity, other)
                                    for name, level in levers.regimes.items()})


def _shared(name, level, policy, world, intensity, other):
    """(member, site) level that the sites reach; recorded levels make it the same in any order of policies."""
    recorded = world.statuses[name][policy.quarter + 1][other][0]
    gap = np.maximum(0.0, policy.share[:, None] * recorded - level) * (policy.where & ~other)
    return level + intensity[:, None] * gap
