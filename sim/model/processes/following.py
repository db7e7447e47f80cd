"""Headquarters followed through a quarter: looks between processes, so that each event counts as it is.

Order matters: who closes is judged by the size it closes with, which is that of the quarter's opening,
who grows by both its sizes, who comes or moves by the size it comes or moves with. One look sees
closures and growth, for who has closed does not grow. Nothing here changes the State.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.kernels.firms import headquarters

if TYPE_CHECKING:
    from sim.kernels import arrays
    from sim.model.step import ModelState, RunConstants
    from sim.model.world import World


class Followed(NamedTuple):
    """The last look at a State, and what has happened to headquarters since the quarter's opening."""

    watch: headquarters.Watch
    flows: headquarters.Flows


def begin(world: World, fixed: RunConstants, economy: ModelState) -> Followed:
    """The look at a quarter's opening, which is the last one of the quarter before if there was one."""
    watch = economy.watch or headquarters.first_look(economy.state, fixed.criteria)
    return Followed(watch, headquarters.no_flows(world.members, world.sites))


def look(fixed: RunConstants, quarter: int, state: arrays.State, followed: Followed, choosing: bool = False,
         grown: bool = False) -> Followed:
    """The Followed after more of the quarter, in which enterprises have `grown`, or which is their choice of sites."""
    watch = headquarters.with_room(followed.watch, state.site.shape[1])
    headquarters.follow(quarter, state, fixed.criteria, watch, followed.flows, choosing, grown)
    return followed._replace(watch=watch)
