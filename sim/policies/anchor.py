"""A head enterprise that others follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.base.messages import _
from sim.config.parameters import Broken, assumed, choice, signed
from sim.kernels.arrays import WEIGHT_ONE
from sim.policies import Policy, register
from sim.policies.checks import unknown, with_property
from sim.policies.costs import cost_of, starts
from sim.policies.effects import Situation, ThroughPeers
from sim.policies.sites import chosen_sites, is_known

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


class Anchor(Policy):
    industry: str = choice(..., "name", "its industry", "所属行业")
    hq_type: Literal["comprehensive", "functional", "growth", "regional"] = choice(
        "functional", "name", "its headquarters type", "总部类型")
    origin: Literal["local", "shanghai", "delta", "china", "foreign"] = choice(
        "china", "name", "where it comes from", "来源地")
    high_tech: bool = choice(True, "switch", "whether it is a high-tech enterprise", "是否高新技术企业")
    employees: float = assumed(..., "employees", "[1, 1e6]", "[500, 50000]", "employees on arrival", "到达时就业人数",
                               _("the scenario"))
    own_floor: float = assumed(1.0, "share", "[0, 1]", "[0, 1]", "share of its floor that it does not rent",
                               "自建（不租用）建筑面积比例", "head enterprises build campuses of their own",
                               source_zh="头部企业自建园区")
    weight: float = signed(10.0, "enterprises", "[0, 1000]", "[3, 30]",
                           "Greenstone, Hornbeck & Moretti 2010: productivity of neighbours +12 % in 5 years, which is "
                           "no number of enterprises", "enterprises that it counts for as a peer",
                           "作为同行的等效企业数",
                           source_zh="Greenstone, Hornbeck & Moretti 2010：邻近企业生产率 5 年内 +12%，并非等效企业数")
    alliances: list[str] = choice([], "names", "alliances it belongs to, by the names of their policies",
                                  "所属联盟（政策名称）")
    suppliers: float = assumed(0.0, "enterprises", "[0, 10000]", "[0, 20]",
                               "potential entrants a year that it adds while it is there", "每年带来的潜在配套企业数",
                               "no supplier multiplier for headquarters found", source_zh="未找到总部带动供应商的乘数")
    supplier_industries: list[str] = choice([], "names", "their industries; empty for its own",
                                            "配套企业行业（留空为同行业）")
    spinoff_multiplier: float = assumed(
        1.0, "1", "[0, 1000]", "[1, 10]", "its rate of spin-offs relative to others of its size",
        "衍生企业率相对同规模企业的倍数", "no estimate for head enterprises found", source_zh="未找到头部企业的估计")
    cost: float = cost_of(0.0, "RMB million", "[0, 2000]", "public money for its settling, once",
                          "一次性引进成本")
    chooses: bool = choice(False, "switch", "whether it chooses its site like any entrant, or stands where the policy "
                           "says", "是否自行选址（否则位于指定地点）", agree=True)

    def rules(self) -> Iterator[Broken]:
        """Suppliers are somebody's only if there are any."""
        yield from super().rules()
        if self.supplier_industries and self.suppliers == 0.0:
            yield Broken((("supplier_industries",), ("suppliers",)),
                         _("supplier_industries are named, but suppliers is 0"),
                         _("suppliers above 0"))


def spends(policy: SimpleNamespace, world: World, floor: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Once, at the first of its sites."""
    first = np.arange(len(policy.where)) == np.flatnonzero(policy.where)[0]
    return starts(policy)[:, None] * first[None]


def check(name: str, policy: Anchor, scenario: Scenario, region: Region) -> Iterator[Found]:
    """It is of known industries and alliances, and stands at one site."""
    path, industries = ("policies", name), region.industries
    an_industry = _("an industry")
    for _name, *fault in unknown([policy.industry], industries, an_industry):
        yield (*path, "industry"), *fault
    joined = [each for each, _policy in with_property(scenario, "joined")]
    for key, known, kind in (("supplier_industries", industries, an_industry),
                             ("alliances", joined, _("an alliance"))):
        for wrong, *fault in unknown(getattr(policy, key), known, kind):
            yield (*path, key, getattr(policy, key).index(wrong)), *fault
    yield from _place(path, policy, scenario, region)


def _place(path, policy, scenario, region):
    """Who does not choose its site, or is there before the run, is at one site."""
    if (policy.chooses and policy.start >= scenario.values.time.start) or not is_known(region, policy.sites):
        return
    number = int(chosen_sites(region, policy.sites).sum())
    if number > 1:
        yield (*path, "sites"), _("{sites} are {count} sites", sites=repr(policy.sites), count=number), \
            _("one site"), _("name one, or set chooses = true")


def as_peer(world: World, policy: SimpleNamespace) -> tuple[int, NDArray[np.int64]]:
    """What others see of it: its kind, and its (member,) weight in sixteenths."""
    bits = sum(1 << k for k, each in enumerate(world.alliances) if each.name in policy.alliances)
    industry: Any = world.region.industries.index.get_loc(policy.industry)
    return industry + world.industries * bits, np.rint(policy.weight * WEIGHT_ONE).astype(np.int64)


def direct_effect(policy: SimpleNamespace, world: World, opening: Opening) -> list[ThroughPeers]:
    """What others gain from its presence at its site; one that chooses is placed at every site in turn."""
    kind, weight = as_peer(world, policy)
    more = weight[0] * (policy.start[0] <= world.calendar.first + opening.quarter)
    sites = np.arange(world.sites) if policy.chooses[0] else np.flatnonzero(policy.where)[:1]
    away = opening.counts(policy.name)
    there = [away + more * _one(away.shape, kind, site) for site in sites]
    groups = {_("enterprises in none of its alliances"): 0} | {
        _("members of {name}", name=each.name): 1 << k
        for k, each in enumerate(world.alliances) if each.name in policy.alliances}
    return [ThroughPeers(whom, sites, Situation(opening.levers, away, bits),
                         tuple(Situation(opening.levers, counts, bits) for counts in there))
            for whom, bits in groups.items()]


def _one(shape, kind, site):
    """An array of zeros with a one for a kind at a site."""
    made = np.zeros(shape, np.int64)
    made[0, kind, site] = 1
    return made


@register("anchor", title="Head enterprise", title_zh="头部企业",
          schema=Anchor, example={"industry": "industry-1", "employees": 500.0, "sites": ["site-2"]}, neutral=None,
          settles=True, apart=True, unused=("announced", "credibility", "lag", "lag_shape"),
          check=check, direct_effect=direct_effect, spends=spends,
          overlap=_("each stands for itself"))
def anchor(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Head enterprise: stands at its site from the start of the policy to its end, and weighs more as a peer.

    Greenstone, Hornbeck & Moretti 2010. It never closes while the policy lasts; it brings potential
    entrants in its suppliers' industries, who choose like all others. Acts through the peer terms and
    the demand for floor, on no lever.
    """
    return levers
