"""What instruments cost the public purse; no instrument is registered here.

An instrument that spends declares one parameter `cost` by `cost_of`, and is registered with
`spends=` a function (policy, world, floor) -> (member, site) units of that cost in the quarter
`policy.quarter`, for which one of the helpers below will do. It is asked in quarters in which the policy is
in force. `floor` (member, site) is the base year's floor spending, RMB million a year.

Grants and tax relief need no such parameter, because they are counted where they are drawn. An
instrument that pays `amount` on registration has `pays=` a function (policy, world) -> Paid; one that
lowers the rate of corporate income tax to `rate` has `relieves=` a function (policy, world) ->
(member, class) percentage points.
"""

from typing import NamedTuple

import numpy as np

from sim.base.messages import _
from sim.config.parameters import choice, parameter
from sim.policies import Policy

NO_SOURCE = _("no budget published; an order of magnitude")


class Paid(NamedTuple):
    """Who is paid on registration."""

    eligible: np.ndarray       # (member, class) one where a class may be paid
    bar: np.ndarray            # (member, class) ln employees that it needs
    research: np.ndarray       # (member, class) employees times R&D intensity that it needs
    recognition: int           # 1: who meets the bars counts as recognised


class Paying(Policy):
    """What instruments share that give enterprises money or relief."""

    perceived: bool = choice(
        True, "switch", "whether enterprises know of it; false leaves it in the public accounts alone: the world "
        "without it, in which those are counted whom it would have been for",
        "企业是否知晓；false 表示仅记入公共账户：即没有该政策的情形，同时统计其本会适用的企业", agree=False)


def cost_of(default, unit, range, doc, doc_zh, **source):
    """The parameter that says what an instrument costs by unit of its size; with `source` if there is one."""
    return parameter(default, unit=unit, allowed="[0, 1e6]", range=range, evidence="assumption", doc=doc, doc_zh=doc_zh,
                     **source or {"source": NO_SOURCE})


def in_force(policy):
    """(member,) one in the quarters from a policy's start until its end."""
    now = policy.since >= 0
    return now if policy.end is None else now & (policy.since < policy.end - policy.start)


def starts(policy):
    """(member,) one in the quarter in which a policy starts."""
    return policy.since == 0


def yearly(size):
    """A `spends`: so many units a year at every site, as long as the policy is in force."""
    def spends(policy, world, floor):
        return 0.25 * (in_force(policy) * np.maximum(size(policy), 0.0))[:, None] * policy.where
    return spends


def on_floor(size):
    """A `spends`: once, at the start, for a share of the base year's floor of every site."""
    def spends(policy, world, floor):
        return (starts(policy) * np.maximum(size(policy), 0.0))[:, None] * policy.where * floor
    return spends
