"""Headquarters followed through a quarter: looks between processes, so that each event counts as it is.

Order matters: who closes is judged by the size it closes with, which is that of the quarter's opening,
who grows by both its sizes, who comes or moves by the size it comes or moves with. One look sees
closures and growth, for who has closed does not grow. Between it and the next only spin-offs that stay get a site,
but in quarters in which a head enterprise comes or goes. Nothing here changes the State, and where nobody wants to
know nobody looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.kernels.firms import headquarters
from sim.model.recorder import FOLLOWED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels import arrays
    from sim.model.recorder import Wanted
    from sim.model.step import ModelState, RunConstants
    from sim.model.world import World


class Followed(NamedTuple):
    """The last look at a State, and what has happened to headquarters since the quarter's opening."""

    watch: headquarters.Watch | None           # None where nobody looks
    flows: headquarters.Flows
    scratch: dict                              # of the kernel that follows


def begin(world: World, fixed: RunConstants, economy: ModelState, wanted: Wanted,
          scratch: dict) -> Followed:
    """The look at a quarter's opening, which is the last one of the quarter before if there was one."""
    watch = economy.watch
    if watch is None and wanted.has(*FOLLOWED):
        watch = headquarters.first_look(economy.state, fixed.criteria)
    return Followed(watch, headquarters.no_flows(world.members, world.sites), scratch)


def look(fixed: RunConstants, quarter: int, state: arrays.State, followed: Followed, *, choosing: bool = False,
         grown: bool = False, replaced: bool = False) -> Followed:
    """The Followed after more of the quarter, in which enterprises chose, have grown or were replaced by others."""
    followed = _with_room(followed, state)
    if followed.watch:
        headquarters.follow(quarter, state, fixed.criteria, followed.watch, followed.flows, choosing, grown, replaced,
                            followed.scratch)
    return followed


def look_at(fixed: RunConstants, quarter: int, state: arrays.State, followed: Followed,
            came: NDArray[np.int64]) -> Followed:
    """The Followed after those came who are in slots `came` (member, slot), and nothing else happened."""
    followed = _with_room(followed, state)
    member, slot = (np.ascontiguousarray(each) for each in came)     # numba has a code of its own for others
    if followed.watch:
        headquarters.join(quarter, state, fixed.criteria, followed.watch, followed.flows, member, slot)
    return followed


def _with_room(followed, state):
    watch = followed.watch and headquarters.with_room(followed.watch, state.site.shape[1])
    return followed._replace(watch=watch)
