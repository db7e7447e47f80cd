"""A joint investment and development fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.messages import _
from sim.config.parameters import assumed
from sim.policies import Policy, register
from sim.policies.checks import one_at_a_time
from sim.policies.costs import in_force
from sim.policies.fiscal_sharing import UNUSED

if TYPE_CHECKING:
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.model.world import World
    from sim.policies.levers import Levers


class JointFund(Policy):
    share: float = assumed(..., "share", "[0, 1]", "[0, 0.5]",
                           "share of the growth of its own taxes that a member pays in",
                           "成员将自有税收增量缴入基金的比例", "no share published", source_zh="未见公布的比例")


def pays_in(policy: SimpleNamespace, world: World) -> NDArray[np.float64]:
    """(member, authority) share of the growth of its own taxes that each jurisdiction pays in."""
    members = sorted(set(world.region.sites["jurisdiction"][policy.where]))
    return (in_force(policy) * policy.share)[:, None] * np.isin(list(world.region.jurisdictions.index), members)


@register("joint_fund", title="Joint fund", title_zh="共同基金",
          schema=JointFund, example={"share": 0.5}, neutral={"share": 0.0}, sign=0, unused=UNUSED,
          check=one_at_a_time, pays_in=pays_in, overlap=_("two at one time are refused"))
def joint_fund(levers: Levers, policy: SimpleNamespace, world: World, intensity: NDArray[np.float64]) -> Levers:
    """Joint fund: the jurisdictions of its sites pay in a share of the growth of their own taxes.

    Guo, Luo & Rong, path 2. Policies with `payer = "fund"` are paid by it; it may run into debt. Acts on
    the public accounts alone, on no lever.
    """
    return levers
