"""The only loop: an ensemble of members from the opening to the last quarter."""

from typing import NamedTuple

import numpy as np

from sim import assembly, opening
from sim.accounts.record import AccountsRecorder
from sim.diagnostics.record import FeedbackRecorder
from sim.ensemble import Member
from sim.errors import Interrupted, SimError
from sim.recorder import Recorder
from sim.step import measure, step


class NonFinite(SimError):
    """A run left the numbers: which field, in which quarter, of which replicate."""

    exit_code = 3


def members_of(scenario, replicates):
    """Members of one scenario, one a replicate."""
    policies = tuple((name, scenario.instruments[name], section)
                     for name, section in scenario.values.policies.items())
    return [Member(scenario.values, policies, replicate) for replicate in replicates]


class Outcome(NamedTuple):
    """Recorded arrays of a chunk of members, and how its base year was solved."""

    arrays: dict
    constant: np.ndarray       # (member, site)
    cost: np.ndarray           # (member,)
    residual: np.ndarray       # (member,)
    shares: np.ndarray         # (member, site) allocated shares of candidates in the base year


def simulate(region, members, stop=None):
    """Outcome of an ensemble of members (of one region and calendar).

    Raises NonFinite when a run leaves the numbers, and Interrupted in the quarter in which the
    threading.Event `stop` is set.
    """
    world = assembly.build(region, members)
    fixed, economy, base = opening.prepare(world)
    recorder, feedback, accounts = Recorder(world), FeedbackRecorder(world), AccountsRecorder(world)
    _, employees, enterprises, headquarters = measure(world, fixed, economy.state)
    recorder.opening(enterprises, headquarters, employees)
    feedback.close(world, fixed, economy, 0)
    accounts.close(world, fixed, economy.state, 0)
    for quarter, after, info in quarters(world, fixed, economy, stop):
        recorder.quarter(quarter, info)
        feedback.close(world, fixed, after, quarter + 1)
        accounts.close(world, fixed, after.state, quarter + 1)
    arrays = recorder.arrays | feedback.arrays | accounts.arrays
    return Outcome(arrays, base.constant, base.cost, base.residual, base.shares)


def quarters(world, fixed, economy, stop=None):
    """Generator of (quarter, economy at its close, info) to the horizon; the economy given is used up."""
    for quarter in range(world.calendar.length):
        if stop is not None and stop.is_set():
            raise Interrupted("stopped")
        economy, info = step(world, fixed, economy, quarter)
        _check(world, quarter, info)
        yield quarter, economy, info


def _check(world, quarter, info):
    for name in ("rent", "floor"):
        values = getattr(info, name)
        if not np.isfinite(values).all():
            member = int(np.flatnonzero(~np.isfinite(values).all(axis=1))[0])
            raise NonFinite(f"non-finite {name} at quarter {world.calendar.labels()[quarter + 1]} of "
                            f"replicate {world.replicates[member]}")
