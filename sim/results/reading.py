"""What is read of a run of which scalars, series and maps alone are kept: no more is worked out (decision 114)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.recorder import Wanted
from sim.results.scalars import FEEDBACK, READ

if TYPE_CHECKING:
    from sim.base.calendar import Calendar
    from sim.experiments.sweep.sections import Outputs


def of(kept: Outputs, calendar: Calendar) -> Wanted:
    """What `scalars.of_outcome` reads: feedback at the end and at the quarters kept, or all where a series of it is."""
    labels = calendar.labels()
    entries = frozenset((calendar.length, *(labels.index(each) for each in kept.quarters if each in labels)))
    return Wanted(READ.union(kept.maps), None if FEEDBACK.keys() & set(kept.series) else entries)
