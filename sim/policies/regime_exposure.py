"""Status under a regime whose effect grows with the enterprise's exposure to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from sim.base.messages import _, listed
from sim.config.parameters import choice
from sim.policies import Policy, register
from sim.policies.checks import later, overlap
from sim.policies.costs import cost_of, yearly
from sim.policies.sites import chosen_sites, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.checks import Found
    from sim.policies.levers import Levers
    from sim.region.load import Region
    from sim.scenario.load import Scenario

BUNDLE = "bundle"


class RegimeExposure(Policy):
    exposure: Literal["ftz", "accounts", "scitech", "bundle"] = choice(
        ..., "name",
        "ftz (opening-up measures, x trade intensity), accounts (free trade accounts, x trade intensity), scitech (x "
        "R&D intensity) or bundle (the same for all)",
        "ftz（开放措施，×贸易强度）、accounts（自由贸易账户，×贸易强度）、scitech（×研发强度）或 bundle（一视同仁）")
    level: float = choice(1.0, "share", "status reached, 0 none to 1 full", "达到的政策水平（0 为无，1 为完全）",
                          allowed="[0, 1]", range="[0, 1]")
    cost: float = cost_of(5.0, "RMB million per year", "[0, 30]",
                          "administration, a year and site at full level",
                          "每年每地点达到完全水平的管理成本")


def check(name: str, policy: RegimeExposure, scenario: Scenario, region: Region) -> Iterator[Found]:
    """A zone's whole package and its components exclude each other at a site: nothing counts twice."""
    for other, second in later(name, scenario):
        if (policy.exposure == BUNDLE) == (second.exposure == BUNDLE) or not overlap(policy, second) \
                or not all(is_known(region, each.sites) for each in (policy, second)):
            continue
        both = chosen_sites(region, policy.sites) & chosen_sites(region, second.sites)
        if both.any():
            path = scenario.latest([("policies", n, "exposure") for n in (other, name)])
            yield path, _("{name} gives {exposure} and {other} gives {other_exposure} at the same sites ({sites})",
                          name=name, exposure=repr(policy.exposure), other=other,
                          other_exposure=repr(second.exposure), sites=listed(region.sites.index[both])), \
                _("a bundle or its components, not both"), _("choose other sites or dates")


def doubt(name: str, policy: RegimeExposure, scenario: Scenario, region: Region) -> Iterator[Found]:
    """A bundle takes the place of recorded components that are worth more to the mean enterprise."""
    terms = scenario.values.terms
    if policy.exposure != BUNDLE or not scenario.values.switches.statuses:
        return
    worth = _recorded_worth(region, policy, {"ftz": terms.ftz.beta, "scitech": terms.scitech.beta})
    chosen = region.sites.index[chosen_sites(region, policy.sites)]
    names = [site for site in chosen if worth.get(site, 0.0) > terms.zone_bundle.beta]
    if names:
        wrong = _("the bundle, worth {worth:g}, replaces recorded components that are worth more to the mean "
                  "enterprise, at {sites}", worth=terms.zone_bundle.beta, sites=listed(names))
        yield ("policies", name, "exposure"), wrong, "", \
            _("choose other sites, or set switches.statuses = false to leave the records out")


def _recorded_worth(region, policy, beta):
    """Site -> utility that the mean enterprise has of the regimes that the region records from a policy's start on."""
    rows = region.statuses[region.statuses["regime"].isin(list(beta))]
    rows = rows[rows["end"].isna() | (rows["end"] > pd.Timestamp(policy.start))]
    highest = rows.groupby(["site", "regime"])["level"].max()
    return (highest * highest.index.get_level_values("regime").map(beta)).groupby("site").sum().to_dict()


@register("regime_exposure", title="Regime status", title_zh="制度身份",
          schema=RegimeExposure, example={"exposure": "ftz"}, neutral={"level": 0.0}, subject="exposure",
          check=check, doubt=doubt, spends=yearly(lambda policy: policy.level),
          overlap=_("the highest level applies; a bundle beside a component is refused"))
def regime_exposure(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Regime status: level_j rises to the policy's level; of several, the highest applies.

    From status s to level L at intensity u: s + u max(0, L - s), so that a gap is closed and a place
    that has the status already gains nothing. Free trade accounts are a part of a full FTZ status:
    min(1, ftz + accounts) counts. Where there is a bundle its components count 1 - bundle.
    """
    before = levers.regimes[policy.exposure]
    gap = np.maximum(0.0, policy.level[:, None] - before) * policy.where
    after = before + intensity[:, None] * gap
    return levers._replace(regimes={**levers.regimes, policy.exposure: after})
