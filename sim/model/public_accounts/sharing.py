"""Who gives what to whom: a sharing matrix and a joint fund on the increment over the base year.

    increment_a = max(0, own taxes of a in the quarter - those of the eve)
    a gives rint(f increment_a) to the fund, and of the rest floor(Theta_ab rest) to b, for every b not a

What a does not give it keeps, so transfers sum to 0 to the last RMB, and no tax changes. An instrument that
fills the fund is registered with `pays_in`, a function (policy, world) -> f (member, authority); one that
shares with `shares`, a function (policy, names of the authorities) -> Theta (giver, receiver).

Decision 47 (docs/decisions.md).
"""

import numpy as np
from numpy.typing import NDArray

from sim.model.world import World
from sim.policies import registry
from sim.policies.costs import in_force


def is_agreed(world: World) -> bool:
    """Whether any policy, at any time, moves money between jurisdictions."""
    return any(instrument.pays_in or instrument.shares
               for instrument in (registry.get(policy.instrument) for policy in world.policies))


def transfers(world: World, quarter: int, own: NDArray[np.int64], own_at_base: NDArray[np.int64]) -> NDArray[np.int64]:
    """(member, giver, receiver) whole RMB of a quarter, the fund last; own (member, authority)."""
    number = own.shape[1] + 1
    given = np.zeros((world.members, number, number), np.int64)
    acting = [(policy, instrument) for policy in world.dated(quarter)
              for instrument in [registry.get(policy.instrument)]
              if (instrument.pays_in or instrument.shares) and in_force(policy).any()]
    if not acting:
        return given
    rest, names = np.maximum(own - own_at_base, 0), list(world.region.jurisdictions.index)
    for policy, instrument in acting:
        if instrument.pays_in:
            paid = np.rint(instrument.pays_in(policy, world) * rest).astype(np.int64)
            given[:, :-1, -1] += paid
            rest = rest - paid
    for policy, instrument in acting:
        if instrument.shares:
            theta = instrument.shares(policy, names)
            np.fill_diagonal(theta, 0.0)
            shared = np.floor(theta * rest[:, :, None]).astype(np.int64)
            given[:, :-1, :-1] += shared * in_force(policy)[:, None, None]
    return given
