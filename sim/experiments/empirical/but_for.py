"""But-for shares of a scenario's policies that pay.

Of the registrations that are eligible for one, those that would not have come without it, 1 - A'/A   (Bartik 2018).

A' is of the world in which this policy alone is unknown to enterprises (`perceived = false`) and still kept in the
accounts. A policy that is in force before the start is left out: the base year is solved with it, so that the world
without it would have other constants. `sim compare --leave-one-out paying` gives the same share of stored runs.
"""

import functools
from collections.abc import Generator, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim import policies
from sim.base.calendar import quarter_of
from sim.base.messages import _, both
from sim.experiments.empirical.patterns import Pattern, row
from sim.model import assemble
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.region.load import Region
from sim.runs import in_memory, progress
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario

OBSERVED = (np.nan, 0.02, 0.25)
SOURCE = _("Bartik 2018: 2-25 % of incented firms")


def paying(scenario: Scenario) -> list[str]:
    """Names of the policies that pay or relieve and start within the run."""
    start = quarter_of(scenario.values.time.start)
    return [name for name, policy in scenario.values.policies.items()
            if quarter_of(policy.start) > start and policies.gives_money(scenario.instruments[name])]


def shares(region: Region, scenario: Scenario, replicates: int, threads: int = 1,
           more: int = 0, before: int = 0) -> Generator[tuple[int, int], None, dict[str, NDArray[np.float64]]]:
    """Generator of (done, in all), `before` and `more` among them; returns policy -> (member,) share.

    A share is nan in a replicate in which nobody is eligible.
    """
    names, found = paying(scenario), []
    worlds = [scenario, *(_unknown(scenario, name) for name in names)] if names else []
    for k, world in enumerate(worlds):
        steps = in_memory.by_chunks(functools.partial(_eligible, region, world, names), replicates, threads)
        parts = yield from progress.plus(more + replicates * (len(worlds) - k - 1), steps, before + replicates * k)
        found.append(np.concatenate(parts))
    return {name: 1.0 - without[:, k] / np.where(found[0][:, k] > 0, found[0][:, k], np.nan)
            for k, (name, without) in enumerate(zip(names, found[1:], strict=False))}


def rows(found: Mapping[str, NDArray[np.float64]]) -> Iterator[Pattern]:
    """A Pattern a policy; one without a number where no policy pays."""
    for name, share in found.items():
        yield row(both(_("but-for share of those eligible for policy {policy}", policy=name)), OBSERVED, share,
                  "not fitted", SOURCE)
    if not found:
        yield row(both(_("but-for share of those eligible: no policy that pays starts within the run")), OBSERVED, [],
                  "not fitted", SOURCE)


def _unknown(scenario, name):
    return parameter_paths.changed(scenario, [((*scenario.tables_of[name], "perceived"), False)])


def _eligible(region, scenario, names, chunk, helpers):
    """(member, policy of names) registrations over the run."""
    members = members_of(scenario, chunk)
    order = [policy.name for policy in assemble.build(region, members).policies]
    total = np.asarray(simulate(region, members, helpers).arrays["eligible"]).sum(axis=(1, 3))
    return total[:, [order.index(name) for name in names]].astype(float)
