"""Feedback through a run: which members are measured, when, and where the numbers go."""

import numpy as np

from sim.diagnostics import feedback, meanfield

NAMES = ("r_choice", "r_dyn", "half_life")
EVERY = 10                    # replicates of which at most one is measured, to bound the cost


class FeedbackRecorder:
    """Arrays (member, quarter + 1), nan where nothing is measured."""

    def __init__(self, world):
        self.arrays = {name: np.full((world.members, world.calendar.length + 1), np.nan) for name in NAMES}
        p = world.p.diagnostics
        most = min(int(p.members[0]), -(-int(world.p.run.replicates[0]) // EVERY))
        small = len(world.industry_of_kind) * world.sites <= feedback.MOST
        self._members = [m for m in range(world.members) if world.replicates[m] < most and small]
        self._step = max(int(round(4 * float(p.years[0]))), 1)

    def close(self, world, fixed, economy, entry):
        """Measure on the stocks of an entry: 0 is the opening, q + 1 the close of quarter q.

        The start, every so many years and the end are measured, on what the next quarter brings; at
        the end, on the last quarter's rules.
        """
        last = world.calendar.length
        if entry % self._step and entry != last:
            return
        for m in self._members:
            field = meanfield.build(world, fixed, economy, min(entry, last - 1), m)
            for name, value in zip(NAMES, feedback.measure(field)):
                self.arrays[name][m, entry] = value
