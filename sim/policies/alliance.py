"""An alliance of enterprises across towns."""

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, assumed, choice
from sim.policies import Policy, register
from sim.policies.checks import with_property
from sim.policies.costs import cost_of, in_force
from sim.policies.effects import Situation, ThroughPeers

MOST = 6                       # every set of them is a kind of enterprise: 64 times the industries


class Alliance(Policy):
    industries: list[str] = choice(..., "names", "industries whose enterprises may belong", "成员企业所属行业")
    share: float = assumed(..., "share", "[0, 1]", "[0.05, 0.5]",
                           "probability that an enterprise of these industries belongs", "上述行业企业加入联盟的概率",
                           "no count found", source_zh="未找到统计数")
    cost: float = cost_of(5.0, "RMB million per year", "[0, 30]",
                          "secretariat and shared facilities, a year",
                          "每年的秘书处与共享设施成本")

    def rules(self):
        """An alliance names the industries it is of."""
        yield from super().rules()
        if not self.industries:
            yield Broken((("industries",),), _("no industry is named"), _("one industry at least"))


def spends(policy, world, floor):
    """A year's cost, spread over its sites, if it has members."""
    running = 0.25 * in_force(policy) * (policy.share > 0.0)
    return running[:, None] * policy.where / max(policy.where.sum(), 1)


def check(name, policy, scenario, region):
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


def direct_effect(policy, world, opening):
    """Its members' gain from having it; nobody has any of one that nobody hears of within the run."""
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=bool)
    bits, levers = int(mine @ (1 << np.arange(len(mine)))), opening.levers
    without, counts = levers._replace(alliances=levers.alliances * ~mine), opening.counts()
    return [ThroughPeers(_("its members"), np.arange(world.sites), Situation(without, counts, bits),
                         (Situation(levers, counts, bits),))]


@register("alliance", title="Industrial alliance", title_zh="产业联盟",
          schema=Alliance, example={"industries": ["industry-0"], "share": 0.5}, neutral={"share": 0.0},
          unused=("sites",), joined=True, check=check, direct_effect=direct_effect, spends=spends,
          overlap=_("a partner counts as much as the best known of the alliances that two enterprises share"))
def alliance(levers, policy, world, intensity):
    """Alliance: its members count each other as partners, as far as it is perceived.

    Who belongs is drawn once for every enterprise by the alliance's name, spin-offs inherit it;
    members are wherever they are, so an alliance has no sites. Acts through the term `partners`.
    """
    mine = np.array([each.name == policy.name for each in world.alliances], dtype=float)
    return levers._replace(alliances=levers.alliances + intensity[:, None] * mine)
