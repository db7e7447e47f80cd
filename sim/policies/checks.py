"""What policies say against the region they act on; no instrument is registered here.

Each rule is a generator of (key path, wrong, expected, remedy); `sim/model/preflight/validation.py` puts them
together. Rules of all policies are functions (scenario, region). Those of one instrument stand in its own file as
functions (name, policy, scenario, region), registered as `check` (what is wrong) or `doubt` (what is probably not
meant).

Decision 23 (docs/decisions.md).
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from sim.base.calendar import quarter_of
from sim.base.messages import _, listed, one_of
from sim.base.registry import near_miss
from sim.policies import registry
from sim.policies.sites import chosen_sites, is_known, site_groups
from sim.region import network
from sim.region.load import called
from sim.region.opening_stock import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.config.toml_positions import Key
    from sim.policies import Policy
    from sim.region.load import Region
    from sim.scenario.load import Scenario

Found: TypeAlias = "tuple[Key, *tuple[str, ...]]"       # key path, what is wrong, what is expected, what to do
LONG_AGO = 100                 # years before the run from which on a date is doubted


def unknown(names: Iterable[str], known: pd.DataFrame | Iterable[str], kind: str,
            *tables: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """(name, wrong, expected, remedy) of the names that are not known.

    known: names, or a table of the region; names in it and in further tables are suggested. kind: what
    they should be, with its article ("a site").
    """
    if isinstance(known, pd.DataFrame):
        known, tables = known.index, (known, *tables)
    known = dict.fromkeys(known)
    also = [name for table in tables for name in called(table)]  # type: ignore[arg-type]  # all of them tables
    for name in names:
        if name not in known:
            yield name, _("{name} is not {kind}", name=repr(name), kind=kind), one_of(known), \
                near_miss(name, [*known, *also])


def of_instruments(kind: str, scenario: Scenario, region: Region) -> Iterator[Found]:
    """What each instrument asks of its policies by its `check`, or doubts by its `doubt`."""
    for name, policy in scenario.values.policies.items():
        rule = getattr(registry.get(scenario.instruments[name]), kind)
        if rule:
            yield from rule(name, policy, scenario, region)


own, own_doubts = functools.partial(of_instruments, "check"), functools.partial(of_instruments, "doubt")


def with_property(scenario: Scenario, name: str) -> list[tuple[str, Any]]:
    """(name, policy) of the policies whose instrument has a property."""
    return [(policy, section) for policy, section in scenario.values.policies.items()
            if getattr(registry.get(scenario.instruments[policy]), name)]


def later(name: str, scenario: Scenario) -> list[tuple[str, Any]]:
    """(name, policy) of the policies of the same instrument that come after one."""
    alike = [(other, policy) for other, policy in scenario.values.policies.items()
             if scenario.instruments[other] == scenario.instruments[name]]
    return alike[[other for other, _policy in alike].index(name) + 1:]


def one_at_a_time(name: str, policy: Policy, scenario: Scenario, region: Region) -> Iterator[Found]:
    """One policy of the instrument is in force at a time: the same growth is shared once."""
    for other, second in later(name, scenario):
        if overlap(policy, second):
            path = scenario.latest([("policies", n, "start") for n in (other, name)])
            yield path, _("{name} and {other} are in force at the same time", name=name, other=other), \
                _("one {instrument} at a time", instrument=scenario.instruments[name]), \
                _("end one before the other starts, or switch it off with enabled = false")


def sites(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Every site, group word or jurisdiction is the region's, and there is at least one site."""
    groups = site_groups(region)
    for name, policy in acting(scenario):
        path, wanted = ("policies", name, "sites"), policy.sites
        faults: list[Found]
        if isinstance(wanted, str):
            faults = [(path, *fault) for _name, *fault in
                      unknown([wanted], [*groups, *region.sites.index], _("a site or a group of sites"),
                              region.sites, region.jurisdictions)]
        else:
            faults = [((*path, wanted.index(site)), wrong, known,
                       _("name a group of sites alone: sites = \"{site}\"", site=site) if site in groups else remedy)
                      for site, wrong, known, remedy in unknown(dict.fromkeys(wanted), region.sites, _("a site"))]
        yield from faults
        if not faults and not chosen_sites(region, wanted).any():
            yield path, _("the region has no site in {sites}", sites=repr(wanted)), _("one site at least"), \
                _("name sites, or switch the policy off with enabled = false")


def eligible(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Industries are the region's, headquarters types the model's."""
    for name, policy in scenario.values.policies.items():
        for key, known, kind in (("industries", region.industries, _("an industry")),
                                 ("types", TYPES, _("a headquarters type"))):
            for wrong, *fault in unknown(getattr(policy, key, ()), known, kind):
                yield ("policies", name, key, getattr(policy, key).index(wrong)), *fault


def links(scenario: Scenario, name: str) -> list[network.Link]:
    """Network links that a policy adds."""
    entry = registry.get(scenario.instruments[name])
    added = entry([], scenario.values.policies[name]) if entry.network else []
    return [network.Link(**link) for link in added]


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
                _("with a building time of {years:g} years, nothing is built before the run ends on {end}",
                  years=policy.building_time, end=time.end)
        if policy.end and calendar.index(policy.end) < 0:
            yield (*path, "end"), _("{date} is before the run, which starts on {start}; only the policy's last effects "
                                    "are left", date=policy.end, start=time.start)


def ancient(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: dates so long before the run that a digit is probably missing."""
    start = scenario.values.time.start
    for name, policy in scenario.values.policies.items():
        for key in ("start", "announced"):
            date = getattr(policy, key)
            if date and start.year - date.year > LONG_AGO:
                yield ("policies", name, key), \
                    _("{date} is {years} years before the run, which starts on {start}", date=date,
                      years=start.year - date.year, start=start), "", _("is this year meant?")


def _building(policy):
    """Years until something is built; closing land takes none."""
    opens = getattr(policy, "change", getattr(policy, "bonus", 0.0)) > 0.0
    return getattr(policy, "building_time", 0.0) if opens else 0.0


LAGS = {
    "start": _("{years:g} years after the policy's start, enterprises know it in full; the run ends before, on {end}"),
    "end": _("{years:g} years after the policy's end, enterprises have forgotten it; the run ends before, on {end}")}


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


def acting(scenario: Scenario) -> list[tuple[str, Policy]]:
    """(name, policy) of the policies that act on sites."""
    return [(name, policy) for name, policy in scenario.values.policies.items()
            if "sites" not in registry.get(scenario.instruments[name]).unused]


def overlap(policy: Policy, other: Policy) -> bool:
    """Whether there is a quarter in which both are in force."""
    last_start = max(quarter_of(policy.start), quarter_of(other.start))
    return all(each.end is None or quarter_of(each.end) > last_start for each in (policy, other))


def funds(scenario: Scenario, region: Region) -> Iterator[Found]:
    """A policy that a fund pays needs one."""
    if with_property(scenario, "pays_in"):
        return
    known = " | ".join(f'"{entry.name}"' for entry in registry.entries() if entry.pays_in)
    for name, policy in scenario.values.policies.items():
        if policy.payer == "fund":
            yield ("policies", name, "payer"), _("the payer is 'fund', but there is no joint fund"), \
                _("local, province or central"), _("add a policy with instrument = {known}", known=known)


def capacity(scenario: Scenario, region: Region) -> Iterator[Found]:
    """Warning: land policies leave a site less capacity than the base year's floor."""
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
