"""What policies say that is probably not meant: warnings, and notes on policies that overlap.

Each is a generator of (key path, what, what is expected, what to do), as those of `checks`.
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.messages import _, listed
from sim.policies import registry
from sim.policies.checks import acting, of_instruments, overlap, with_property
from sim.policies.sites import chosen_sites, is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.policies.checks import Found
    from sim.region.load import Region
    from sim.scenario.load import Scenario

LONG_AGO = 100                 # years before the run from which on a date is doubted
own = functools.partial(of_instruments, "doubt")


def timing(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: policies that lie outside the run."""
    time, calendar = scenario.values.time, scenario.values.time.calendar
    policy: Any
    for name, policy in scenario.values.policies.items():
        path, built = ("policies", name), 4 * _building(policy)
        if calendar.index(policy.start) >= calendar.length:
            yield (*path, "start"), _("{date} is after the run, which ends on {end}", date=policy.start, end=time.end)
        elif calendar.index(policy.start) + built >= calendar.length:
            yield (*path, "building_time"), \
                _("with building_time = {years:g}, nothing is built before the run ends on {end}",
                  years=policy.building_time, end=time.end)
        if policy.end and calendar.index(policy.end) < 0:
            yield (*path, "end"), _("{date} is before the run, which starts on {start}; only the policy's last effects "
                                    "are left", date=policy.end, start=time.start)


def earlier(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: policies that a scenario adds to the one it extends, and that are in force before the run."""
    time, solved = scenario.values.time, scenario.values.base_year.constants == "solve"
    for name, policy in scenario.values.policies.items():
        path = scenario.layers.written((*scenario.tables_of[name], "start"))
        if solved and time.calendar.index(policy.start) < 0 and scenario.layers.rank(path)[0] < 0:
            yield ("policies", name, "start"), \
                _("{date} is before the run, which starts on {start}: it is in force at the opening, and the base "
                  "year's constants absorb its direct effect, so that a comparison shows none", date=policy.start,
                  start=time.start), "", _("start it on {start} or later to see its effect", start=time.start)


def ancient(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: dates so long before the run that a digit is probably missing."""
    start = scenario.values.time.start
    for name, policy in scenario.values.policies.items():
        for key in ("start", "announced"):
            date = getattr(policy, key)
            if date and start.year - date.year > LONG_AGO:
                yield ("policies", name, key), \
                    _("{date} is {years} years before the run, which starts on {start}", date=date,
                      years=start.year - date.year, start=start), "", _("is this the year you mean?")


def _building(policy):
    """Years until something is built; closing land takes none."""
    opens = getattr(policy, "change", getattr(policy, "bonus", 0.0)) > 0.0
    return getattr(policy, "building_time", 0.0) if opens else 0.0


LAGS = {
    "start": _("with lag = {years:g}, enterprises know the policy in full only after the run, which ends on {end}"),
    "end": _("with lag = {years:g}, enterprises have forgotten the policy only after the run, which ends on {end}")}


def lags(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: what is perceived late, or forgotten late, is seen in part only."""
    time, calendar = scenario.values.time, scenario.values.time.calendar
    for name, policy in scenario.values.policies.items():
        if "lag" in registry.get(scenario.instruments[name]).unused:
            continue
        day: Any                   # a date, or None for no end
        for key, day in (("start", policy.start), ("end", policy.end)):
            within = day is not None and calendar.index(day) < calendar.length
            if within and calendar.index(day) + 4 * policy.lag >= calendar.length:
                yield ("policies", name, "lag"), _(LAGS[key], years=policy.lag, end=time.end)


def unused(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: common keys that are set and mean nothing to the instrument."""
    for name, instrument in scenario.instruments.items():
        for key in registry.get(instrument).unused:
            if scenario.sets(("policies", name, key)):
                yield ("policies", name, key), _("the key has no effect: {instrument} does not use it",
                                                 instrument=instrument)


def capacity(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: land policies leave a site less capacity than the base year's floor."""
    if scenario.values.land.capacity != "slack":    # by area it depends on the base year; a run tells where it binds
        return
    left = np.full(len(region.sites), float(scenario.values.land.slack))
    on_land = [pair for pair in with_property(scenario, "floor") if is_known(region, pair[1].sites)]
    for name, policy in on_land:
        left[chosen_sites(region, policy.sites)] *= registry.get(
            scenario.instruments[name]).floor(policy)  # type: ignore[misc]  # all of them have it
    if (left < 1.0).any():
        worst = int(left.argmin())
        path = scenario.latest([("policies", name, "sites") for name, _policy in on_land])
        yield path, _("the capacity of {site} is {factor:.3g} times the base year's floor, less than stands there: "
                      "rents will clear above the base year's", site=region.sites.index[worst],
                      factor=left[worst]), "", _("raise land.slack or take away less")


def idle_platforms(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: what brings sites nearer does nothing where peers of other sites do not count."""
    for name, instrument in scenario.instruments.items():
        if registry.get(instrument).nearer and scenario.values.peers.decay == 0.0:
            yield ("policies", name), _("{instrument} has no effect: peers.decay is 0, so that nobody counts peers at "
                                        "other sites", instrument=instrument)


def overlaps(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Note: policies of one instrument on one lever at the same sites and time, and what counts there."""
    found = [(name, policy, chosen_sites(region, policy.sites)) for name, policy in acting(scenario)
             if not registry.get(scenario.instruments[name]).apart and is_known(region, policy.sites)]
    for (name, policy, here), (other, second, there) in itertools.combinations(found, 2):
        both = here & there
        apart = any(a and b and a.isdisjoint(b) for a, b in zip(_whom(policy), _whom(second)))
        same = _subject(scenario, name) == _subject(scenario, other) and not apart
        if same and both.any() and overlap(policy, second):
            last = scenario.latest([("policies", each) for each in (name, other)])[1]
            later, earlier = (name, other) if last == name else (other, name)
            yield ("policies", later, "sites"), \
                _("{earlier} acts on the same lever at the same sites ({sites})", earlier=earlier,
                  sites=listed(region.sites.index[both])), "", registry.get(scenario.instruments[name]).overlap


def _subject(scenario, name):
    """What a policy acts on: its instrument and, where that has several levers, which of them."""
    instrument, policy = scenario.instruments[name], scenario.values.policies[name]
    return instrument, getattr(policy, registry.get(instrument).subject, "")


def _whom(policy):
    """Industries and types that a policy is for, each empty for all; a standard names types by its bars."""
    bars = (getattr(policy, key, {}) for key in ("revenue", "tax", "research"))
    return set(getattr(policy, "industries", ())), set(getattr(policy, "types", ())).union(*bars)
