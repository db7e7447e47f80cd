"""Status under a regime whose effect grows with the enterprise's exposure to it."""

from typing import Literal

import numpy as np

from sim.parameters import parameter
from sim.policies import Policy, register
from sim.policies.costs import cost_of, yearly


class RegimeExposure(Policy):
    exposure: Literal["ftz", "accounts", "scitech", "bundle"] = parameter(
        ..., unit="name", mark="choice", source="the user",
        doc="ftz (opening-up measures, x trade intensity), accounts (free trade accounts, x trade intensity), "
            "scitech (x R&D intensity) or bundle (the same for all)",
        doc_zh="ftz（开放措施，×贸易强度）、accounts（自由贸易账户，×贸易强度）、"
               "scitech（×研发强度）或 bundle（一视同仁）")
    level: float = parameter(
        1.0, unit="share", allowed="[0, 1]", range="[0, 1]", mark="choice", source="the user",
        doc="status reached, 0 none to 1 full", doc_zh="达到的政策水平（0 无—1 完全）")
    cost: float = cost_of(5.0, "RMB million per year", "[0, 30]",
                          "administration, a year and site at full level",
                          "每年每地点达到完全水平的管理成本")


@register("regime_exposure", title="Regime status", title_zh="制度身份",
          schema=RegimeExposure, spends=yearly(lambda policy: policy.level),
          overlap="the highest level applies; a bundle beside a component is refused")
def regime_exposure(levers, policy, world, intensity):
    """Regime status: level_j rises to the policy's level; of several, the highest applies.

    From status s to level L at intensity u: s + u max(0, L - s), so that a gap is closed and a place
    that has the status already gains nothing. Free trade accounts are a part of a full FTZ status:
    min(1, ftz + accounts) counts. Where there is a bundle its components count 1 - bundle.
    """
    before = levers.regimes[policy.exposure]
    gap = np.maximum(0.0, policy.level[:, None] - before) * policy.where
    after = before + intensity[:, None] * gap
    return levers._replace(regimes={**levers.regimes, policy.exposure: after})
