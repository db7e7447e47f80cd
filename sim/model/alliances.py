"""Alliances are of their places: whoever stands elsewhere does not belong, or does so no longer."""

import numpy as np

from sim.kernels import arrays
from sim.model.world import World


def without_those_elsewhere(world: World, state: arrays.State) -> None:
    """Take enterprises that stand at none of an alliance's sites out of it, in place.

    Candidates keep what they were drawn as: members to be, who join where they find the alliance. Head enterprises
    belong to the alliances that they name, wherever they stand.
    """
    for number, alliance in enumerate(world.alliances):
        if alliance.where.all():
            continue
        elsewhere = (state.site >= 0) & (state.anchor == 0) & ~alliance.where[np.maximum(state.site, 0)]
        bit = (state.kind // world.industries >> number) & 1
        state.kind[:] -= elsewhere * bit * (world.industries << number)
