"""Who gives what to whom: a sharing matrix and a joint fund on the increment over the base year.

    increment_a = max(0, own taxes of a in the quarter - those of the eve)
    a gives rint(f increment_a) to the fund, and of the rest floor(Theta_ab rest) to b, for every b not a

What a does not give it keeps, so transfers sum to 0 to the last RMB, and no tax changes.
"""

import numpy as np

from sim.accounts.rules import dated
from sim.policies.costs import in_force


def transfers(world, quarter, own, own_at_base):
    """(member, giver, receiver) whole RMB of a quarter, the fund last; own (member, authority)."""
    names = list(world.region.jurisdictions.index)
    given = np.zeros((world.members, len(names) + 1, len(names) + 1), np.int64)
    rest = np.maximum(own - own_at_base, 0)
    acting = [policy for policy in dated(world, quarter) if in_force(policy).any()]
    for policy in acting:
        if policy.instrument == "joint_fund":
            share = (in_force(policy) * policy.share)[:, None] * np.isin(names, _members(world, policy))
            paid = np.rint(share * rest).astype(np.int64)
            given[:, :-1, -1] += paid
            rest = rest - paid
    for policy in acting:
        if policy.instrument == "fiscal_sharing":
            theta = matrix(policy.matrix, names)
            np.fill_diagonal(theta, 0.0)
            shared = np.floor(theta * rest[:, :, None]).astype(np.int64)
            given[:, :-1, :-1] += shared * in_force(policy)[:, None, None]
    return given


def matrix(rows, names):
    """(giver, receiver) Theta; who has no row keeps what it has."""
    theta = np.eye(len(names))
    for giver, shares in rows.items():
        theta[names.index(giver)] = [shares.get(name, 0.0) for name in names]
    return theta


def _members(world, policy):
    return sorted(set(world.region.sites["jurisdiction"][policy.where]))
