"""The only loop: ensembles of members from the opening to the last quarter."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.base.errors import SimError
from sim.base.helpers import ALONE
from sim.base.messages import _
from sim.kernels import arrays as kernel_arrays
from sim.model import assemble, initialise, shared_history
from sim.model.mean_field.record import FeedbackRecorder
from sim.model.outcome import Outcome
from sim.model.public_accounts.record import AccountsRecorder
from sim.model.recorder import ALL, Recorder, Wanted
from sim.model.shared_base_years import SharedBaseYears
from sim.model.step import measure, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.base.helpers import Helpers
    from sim.model.base_year import BaseYear
    from sim.model.ensemble import Member
    from sim.model.step import ModelState, QuarterRecord, RunConstants
    from sim.model.world import World
    from sim.region.load import Region


class NonFinite(SimError):
    """A run left the numbers: which field, in which quarter, of which replicate."""

    exit_code = 3


class Course:
    """An ensemble on its way: where it stands at the opening of `quarter`, and what it has left behind so far."""

    def __init__(self, world: World, fixed: RunConstants, economy: ModelState, base: BaseYear,
                 wanted: Wanted = ALL) -> None:
        self.world, self.fixed, self.economy, self.base, self.quarter = world, fixed, economy, base, 0
        self.wanted, self.accounts = wanted, AccountsRecorder(world)
        self.recorder, self.feedback = Recorder(world, wanted), FeedbackRecorder(world, wanted)

    @classmethod
    def begun(cls, world: World, shared: SharedBaseYears | None, helpers: Helpers = ALONE,
              wanted: Wanted = ALL) -> Course:
        """The Course of a world from its opening on; `shared` are the SharedBaseYears."""
        course = cls(world, *initialise.prepare(world, shared, helpers), wanted)
        _, employees, enterprises, headquarters = measure(world, course.fixed, course.economy.state)
        course.recorder.opening(enterprises, headquarters, employees)
        course.feedback.close(world, course.fixed, course.economy, 0)
        course.accounts.close(world, course.fixed, course.economy.state, 0)
        return course

    def parted(self, world: World, accounts: AccountsRecorder) -> Course:
        """The Course of a world whose past is the same; its accounts have been kept alongside."""
        course = Course(world, self.fixed, _copied(self.economy), self.base)
        course.quarter, course.accounts = self.quarter, accounts
        course.recorder.take_over(self.recorder, self.quarter + 1)
        course.feedback.take_over(self.feedback, self.quarter)
        course.feedback.close(world, self.fixed, course.economy, self.quarter)     # by what its next quarter brings
        return course

    def go_on(self) -> None:
        """Simulate a quarter and record its close."""
        world, quarter = self.world, self.quarter
        self.economy, info = step(world, self.fixed, self.economy, quarter, self.wanted)
        _check(world, quarter, info)
        self.quarter += 1
        self.recorder.quarter(quarter, info, self.economy.state.site.shape[1])
        self.feedback.close(world, self.fixed, self.economy, self.quarter)
        self.accounts.close(world, self.fixed, self.economy.state, self.quarter, self.economy.scratch)

    def outcome(self) -> Outcome:
        """The Outcome of what is recorded."""
        arrays = self.recorder.arrays | self.feedback.arrays | self.accounts.drawn_up(self.world, self.fixed)
        return Outcome(arrays, self.base.constant, self.base.cost, self.base.residual, self.base.shares)


def simulate(region: Region, members: Sequence[Member], helpers: Helpers = ALONE,
             shared: SharedBaseYears | None = None, wanted: Wanted = ALL) -> Outcome:
    """Outcome of an ensemble of members (of one region and calendar).

    Whoever simulates many ensembles that may have the same base years hands on one SharedBaseYears; whoever reads few
    of its arrays says which are `wanted`.
    `helpers` are threads that may work at the opening too. Raises NonFinite when a run leaves the numbers, and
    Interrupted in the quarter, or part of the opening, in which they are stopped.
    """
    return _ended(Course.begun(assemble.build(region, members), shared, helpers, wanted), helpers)


def simulate_together(region: Region, ensembles: Sequence[Sequence[Member]],
                      helpers: Helpers = ALONE) -> Iterator[tuple[int, Outcome]]:
    """Generator of (number, Outcome) of ensembles of the same replicates, in the order in which they end.

    Each outcome is what `simulate` would give. As long as nothing sets their worlds apart (see `shared_history`), the
    past of several ensembles is simulated once; where it may differ from the opening on, base years that do not are
    solved once.
    """
    shared = SharedBaseYears() if len(ensembles) > 1 else None
    left = {number: assemble.build(region, members) for number, members in enumerate(ensembles)}
    while left:
        first = min(left)
        partings = {number: shared_history.parting(left[first], world) for number, world in left.items()
                    if number != first}
        family = {first: left.pop(first)}
        family |= {number: left.pop(number) for number, quarter in partings.items() if quarter is not None}
        yield from _family(family, partings, shared, helpers)


def _family(worlds, partings, shared, helpers):
    """Generator of (number, Outcome) of worlds of which the first goes through the past of all."""
    (first, trunk), *others = worlds.items()
    course = Course.begun(trunk, shared, helpers)
    kept = {number: AccountsRecorder(world) for number, world in others}
    while True:
        for number in list(kept):
            kept[number].close(worlds[number], course.fixed, course.economy.state, course.quarter,
                               course.economy.scratch)
            if partings[number] == course.quarter:
                yield number, _ended(course.parted(worlds[number], kept.pop(number)), helpers)
        if course.quarter == trunk.calendar.length:
            yield first, course.outcome()
            return
        helpers.refuse_stopped()
        course.go_on()


def _ended(course, helpers):
    """The Outcome of a course that goes on to the horizon."""
    while course.quarter < course.world.calendar.length:
        helpers.refuse_stopped()
        course.go_on()
    return course.outcome()


def _copied(economy):
    """A ModelState of its own: quarters use theirs up."""
    return economy._replace(state=kernel_arrays.State(*(array.copy() for array in economy.state)),
                            counts=economy.counts.copy(), watch=copy.deepcopy(economy.watch), workspace=None)


def quarters(world: World, fixed: RunConstants, economy: ModelState) -> Iterator[tuple[int, ModelState, QuarterRecord]]:
    """Generator of (quarter, economy at its close, info) to the horizon; the economy given is used up."""
    for quarter in range(world.calendar.length):
        economy, info = step(world, fixed, economy, quarter)
        _check(world, quarter, info)
        yield quarter, economy, info


def _check(world, quarter, info):
    if np.isfinite(info.rent + info.floor).all():
        return
    for name, text in (("rent", _("rent")), ("floor", _("floor"))):
        values = getattr(info, name)
        if not np.isfinite(values).all():
            member = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
            raise NonFinite(_("non-finite {name} at quarter {quarter} of replicate {replicate}", name=text,
                              quarter=world.calendar.labels()[quarter + 1], replicate=world.replicates[member]))
