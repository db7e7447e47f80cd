"""The policies that compared scenarios have and the baseline has not: which, from when to when, and where."""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import policies
from sim.base.calendar import Calendar, label, quarter_of
from sim.experiments.compare import coefficients, direct_effects, scenarios
from sim.experiments.compare.coefficients import Coefficient
from sim.experiments.compare.scenarios import ComparedScenario
from sim.policies.sites import chosen_sites


class Treated(NamedTuple):
    """A policy of a scenario as the checks see it."""

    name: str
    instrument: str
    pays: bool                 # money or relief to enterprises
    where: np.ndarray          # (site,) mask
    eve: str                   # label of the quarter before its start
    last: str                  # label of its last quarter in force


@dataclass(frozen=True)
class Study:
    """Compared scenarios, the baseline first."""

    cases: tuple[ComparedScenario, ...]

    @property
    def baseline(self) -> ComparedScenario:
        return self.cases[0]

    @property
    def others(self) -> tuple[ComparedScenario, ...]:
        return self.cases[1:]

    @functools.cached_property
    def events(self) -> dict[str, int]:
        """Scenario -> quarter since year 0 of its first difference; without those that have none."""
        found = {case.name: scenarios.event(case, self.baseline) for case in self.others}
        return {name: at for name, at in found.items() if at is not None and self._inside(at)}

    @functools.cached_property
    def turns(self) -> list[str]:
        """Labels of the quarters in which scenarios begin to differ, or own policies begin and end."""
        return sorted(label(at) for at in {*self.events.values(), *self._turns()})

    @functools.cached_property
    def treated(self) -> dict[str, list[Treated]]:
        """Scenario -> [Treated], its own policies that act at named sites within the run."""
        return {case.name: [self._treated(case, name) for name in self._local(case)] for case in self.others}

    @functools.cached_property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Scenario -> (site,) mask of all sites that its own policies name; without those that name none."""
        found = {name: [policy.where for policy in each] for name, each in self.treated.items()}
        return {name: np.any(each, axis=0) for name, each in found.items() if each}

    @functools.cached_property
    def eves(self) -> dict[str, str]:
        """Scenario -> label of the quarter before its event."""
        return {name: label(at - 1) for name, at in self.events.items()}

    @functools.cached_property
    def lasts(self) -> dict[str, str]:
        """Scenario -> label of the last quarter in force, where own policies all end within the run."""
        found = {}
        for case in self.others:
            ends = [policy.end for policy in self._own(case).values()]
            if ends and all(ends) and self._inside(quarter_of(max(ends))):
                found[case.name] = label(quarter_of(max(ends)) - 1)
        return found

    @functools.cached_property
    def assumed(self) -> dict[str, direct_effects.Assumed]:
        """Scenario -> Assumed, what its own policies were given."""
        nowhere, found, there = np.zeros(len(self.baseline.region.sites), bool), {}, None
        for case in self.others:
            alike = scenarios.differs_by_policies_alone(case, self.baseline)
            found[case.name] = each = direct_effects.Assumed(case, self.baseline, self.masks.get(case.name, nowhere),
                                                             there if alike else None)
            there = each.pair.there if alike else there
        return found

    @functools.cached_property
    def coefficients(self) -> dict[str, Coefficient | None]:
        """Scenario -> Coefficient through which its policies act most, or None."""
        return {name: coefficients.leading(each) for name, each in self.assumed.items()}

    @functools.cached_property
    def calendar(self) -> Calendar:
        time = self.baseline.scenario.values.time
        return Calendar.between(time.start, time.end)

    def _own(self, case):
        """Name -> Section of the policies that the baseline does not have, or not so."""
        return {name: case.scenario.values.policies[name] for name in scenarios.own_policies(case, self.baseline)}

    def _turns(self):
        """Quarters since year 0 in which own policies begin and end."""
        dates = [date for case in self.others for policy in self._own(case).values()
                 for date in (policy.start, policy.end) if date]
        return {quarter_of(date) for date in dates}

    def _inside(self, quarter):
        """Whether a quarter since year 0 is one of the run's."""
        return self.calendar.first <= quarter < self.calendar.first + self.calendar.length

    def _local(self, case):
        """Names of own policies that act at the sites they name, and begin within the run."""
        for name, policy in self._own(case).items():
            entry = policies.registry.get(case.scenario.instruments[name])
            if "sites" not in entry.unused and not entry.network and self._inside(quarter_of(policy.start)):
                yield name

    def _treated(self, case, name):
        policy = case.scenario.values.policies[name]
        last = self.calendar.first + self.calendar.length - 1
        if policy.end:
            last = min(last, quarter_of(policy.end) - 1)
        return Treated(name, case.scenario.instruments[name], scenarios.pays(case, name),
                       chosen_sites(case.region, policy.sites), label(quarter_of(policy.start) - 1), label(last))
