"""An alliance of enterprises across towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, assumed, choice
from sim.policies import Policy, register
from sim.policies.checks import with_property
from sim.policies.costs import cost_of, in_force
from sim.policies.effects import Situation, ThroughPeers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.policies.levers import Levers
    from sim.region.load import Region
    from sim.results.direct_effects import Opening
    from sim.scenario.load import Scenario

MOST = 6                       # every set of them is a kind of enterprise: 64 times the industries


class Alliance(Policy):
    industries: list[str] = choice(..., "names", "industries whose enterprises may belong", "成员企业所属行业")
    share: float = assumed(..., "share", "[0, 1]", "[0.05, 0.5]",
                           "probability that an enterprise of these industries belongs where it is at its sites",
                           "位于其地点的上述行业企业加入联盟的概率",
                           "no count found", source_zh="未找到统计数")
    cost: float = cost_of(5.0, "RMB million per year", "[0, 30]",
                          "secretariat and shared facilities, a year",
                          "每年的秘书处与共享设施成本")

    def rules(self) -> Iterator[Broken]:
        """An alliance names the industries it is of."""
        yield from super().rules()
        if not self.industries:
            yield Broken((("industries",),), _("no industry is named"), _("one industry at least"))


def spends(policy: SimpleNamespace, world: World, floor: NDArray[np.float64]) -> NDArray[np.float64]:
    """A year's cost, spread over its sites, if it has members."""
    running = 0.25 * in_force(policy) * (policy.share > 0.0)
    return running[:, None] * policy.where / max(policy.where.sum(), 1)


def check(name: str, policy: Alliance, scenario: Scenario, region: Region) -> Iterator[Found]:
    """Every alliance has somebody in it, and there are not too many of them."""
    joined = {each for _name, anchor in with_property(scenario, "settles") for each in anchor.alliances}
    if policy.share == 0.0 and name not in joined:
        yield ("policies", name, "share"), _("the alliance has no members"), \
            _("a share above 0, or an anchor that belongs to it"), \
            _("leave the policy out, or switch it off with enabled = false")
    names = [each for each, _policy in with_property(scenario, "joined")]
    if names.index(name) == MOST:
        yield ("policies", name), _("there are {count} alliances", count=len(names)), _("at most {most}", most=MOST), \
            _("combine some of them")


def direct_effect(policy: SimpleNamespace, world: World, opening: Opening) -> list[ThroughPeers]:
    """Its members' gain from having it; nobody has any of one that nobody hears of within the run."""
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=bool)
    bits, levers = int(mine @ (1 << np.arange(len(mine)))), opening.levers
    without, counts = levers._replace(alliances=levers.alliances * ~mine), opening.counts()
    return [ThroughPeers(_("its members"), np.flatnonzero(policy.where), Situation(without, counts, bits),
                         (Situation(levers, counts, bits),))]


@register("alliance", title="Industrial alliance", title_zh="产业联盟",
          schema=Alliance, example={"industries": ["industry-0"], "share": 0.5}, neutral={"share": 0.0},
          joined=True, check=check, direct_effect=direct_effect, spends=spends,
          overlap=_("a partner counts as much as the best known of the alliances that two enterprises share"))
def alliance(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Alliance: its members at its sites count each other as partners, as far as it is perceived.

    Who would belong is drawn once for every enterprise by the alliance's name, spin-offs inherit it; who stands at
    none of its sites does not belong (`model.alliances`), but for head enterprises that name it. With
    sites = "all" members are wherever they are. Acts through the term `partners`.
    """
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=float)
    return levers._replace(alliances=levers.alliances + intensity[:, None] * mine)
