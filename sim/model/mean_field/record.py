"""Feedback through a run: which members are measured, when, and where the numbers go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.mean_field import feedback, map_slopes, number, quarter_map, rents, rivalness
from sim.model.recorder import ALL

if TYPE_CHECKING:
    from sim.model.mean_field.quarter_map import Field
    from sim.model.recorder import Wanted
    from sim.model.step import ModelState, RunConstants
    from sim.model.world import World

NAMES = ("r_choice", "r_dyn", "half_life", "rivalness", "arrived", "capitalised", "capitalised_long_run")


class FeedbackRecorder:
    """Arrays (member, quarter + 1), nan where nothing is measured."""

    def __init__(self, world: World, wanted: Wanted = ALL) -> None:
        self.arrays = {name: np.full((world.members, world.calendar.length + 1), np.nan) for name in NAMES}
        p = world.p.diagnostics
        most = number(int(p.members[0]), int(world.p.run.replicates[0]))
        if len(world.industry_of_kind) * world.sites > int(p.max_pairs[0]):
            most = min(most, 1)
        self._members = [m for m in range(world.members) if world.replicates[m] < most]
        step, last = max(int(round(4 * float(p.years[0]))), 1), world.calendar.length
        entries = {*range(0, last, step), last}
        self._entries = entries if wanted.measured is None else entries & wanted.measured

    def take_over(self, other: FeedbackRecorder, entries: int) -> None:
        """Take the first entries from another recorder, whose past was the same."""
        for name, array in other.arrays.items():
            self.arrays[name][:, :entries] = array[:, :entries]

    def close(self, world: World, fixed: RunConstants, economy: ModelState, entry: int) -> None:
        """Measure on the stocks of an entry: 0 is the opening, q + 1 the close of quarter q.

        The start, every so many years and the end are measured, on what the next quarter brings; at
        the end, on the last quarter's rules; of these entries those that are wanted.
        """
        for m in self._members if entry in self._entries else ():
            field = quarter_map.build(world, fixed, economy, min(entry, world.calendar.length - 1), m)
            for name, value in zip(NAMES, measured(world, field)):
                self.arrays[name][m, entry] = value


def measured(world: World, field: Field) -> tuple[float, ...]:
    """The values of NAMES: feedback, and what a small lasting gain of the zone does."""
    zone, slopes = world.region.sites["in_zone"].to_numpy(dtype=bool), map_slopes.slopes(field, field.n)
    found = feedback.measure(field, slopes=slopes)
    if not zone.any() or zone.all():
        return (*found, *[np.nan] * 4)
    lasting = [np.nan] * 3
    if found.r_dyn < 1.0:
        soon, late = rivalness.response(field, zone, world.calendar.length, slopes=slopes)
        lasting = [soon[:, zone].sum() / late[:, zone].sum(),
                   *(rents.taken_back(field, zone, change) for change in (soon, late))]
    return (*found, *np.round([rivalness.rivalness(field, zone, slopes), *lasting], feedback.DIGITS))
