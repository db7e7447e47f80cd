"""T37."""

import dataclasses

from sim import policies
from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.everything import NESTS, TAX, differing, full
from sim.verification.theorems.rows import Row, Rows, above

BEYOND = {"start": lab.date(2024, 1)}         # a run of twelve quarters ends with 2023


def _cases():
    """One case an instrument, from its registration."""
    return {entry.name: {"instrument": entry.name, "something": lab.example(entry.name),
                         "nothing": None if entry.neutral is None else lab.example(entry.name, **entry.neutral),
                         "stations": entry.stations, "silent": entry.sign == 0}
            for entry in policies.registry.entries()}


@theorem("T37", "A policy of size nothing, or after the horizon, is no policy", "Identity",
         title_zh="强度为零或在期末之后开始的政策等于没有政策", cases=_cases())
def nothing(instrument: str, nothing: dict | None, something: dict, quarters: int = 12, stations: bool = False,
            silent: bool = False, seed: int = 20191025) -> Rows:
    """Every trajectory is bit-identical with a policy of size 0, or with one that starts after the horizon.

    `nothing` and `something` are the instrument's keys for either; an instrument that is never of size 0 has
    none of the former. The same policy in force must leave its trace, or there is nothing to see here. Every
    array of every quarter, and everybody at the end, counts. With `stations` all sites have one;
    a `silent` instrument acts on the accounts alone and leaves no trace here.
    """
    where = _stationed() if stations else None
    without = _run((), quarters, seed, where)
    empty = lab.policy(instrument, **(nothing or something))
    late = lab.policy(instrument, **something | BEYOND)
    there = lab.policy(instrument, **{"start": lab.date(2021, 1)} | something)
    size, horizon, force = (differing(_run((policy,), quarters, seed, where), without)
                            for policy in (empty, late, there))
    if nothing is not None:
        yield Row(_("entries that differ, size nothing"), 0.0, size, 0.0)
    yield Row(_("entries that differ, after the horizon"), 0.0, horizon, 0.0)
    yield Row(_("entries that differ, in force"), 0.0, force, 0.0) if silent else above(
        _("entries that differ, in force"), force, 0)


def _run(policies, quarters, seed, where):
    made = full(lab.seeded(seed), policies=(TAX, *policies), quarters=quarters, where=where)
    return lab.run(made, quarters)


def _stationed():
    """The region of `full` with its stations moved to the sites."""
    where = lab.region(NESTS, industries=3)
    return dataclasses.replace(where, stations=where.stations.assign(
        lon=where.sites["lon"].to_numpy(), lat=where.sites["lat"].to_numpy()))
