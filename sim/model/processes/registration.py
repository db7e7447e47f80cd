"""Registration: after the choice of a site, enterprises choose where they are registered.

Decisions 43 and 45 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.calendar import EVE
from sim.kernels import arrays
from sim.kernels.firms.registration import register as choose_places

if TYPE_CHECKING:
    from sim.kernels.choice.utility import Room
    from sim.kernels.firms.registration import Desk
    from sim.model.step import RunConstants
    from sim.model.world import World


def register(world: World, fixed: RunConstants, quarter: int, state: arrays.State, offers: arrays.Tables,
             room: Room | None = None, desk: Desk | None = None) -> None:
    """Those who came, moved or review in the quarter choose their legal place, with errors of its own.

    Where registration is function there is nothing to choose: the legal place went with the site. `room` is that of
    choices by these offers, `desk` has room for as many slots, if there is any.
    """
    if offers.places.separate:
        choose_places(quarter, state, offers, fixed.peers, world.keys, fixed.rules, room, desk)


def of_opening(world: World, fixed: RunConstants, state: arrays.State, offers: arrays.Tables) -> None:
    """Legal places of the opening stock, drawn as if there were no taxes and grants; all are settled there.

    Hosted anchors are registered where they stand.
    """
    if not offers.places.separate:
        return
    silent = offers._replace(grant=np.zeros((1, 0, 0)), places=offers.places._replace(relief=np.zeros((1, 0, 0))))
    state.legal[:] = np.where(state.anchor > 0, state.site, arrays.EMPTY)
    register(world, fixed, EVE, state, silent)
    state.status[:] = arrays.SETTLED
    state.legal_since[:] = state.born
