"""What policies say against the region they act on; no instrument is registered here.

Each rule is a generator of (key path, wrong, expected, remedy); `sim/model/preflight/validation.py` puts them
together. Rules of all policies are functions (scenario, region): here what is wrong, in `doubts` what is probably not
meant. Those of one instrument stand in its own file as functions (name, policy, scenario, region), registered as
`check` or `doubt`.

Decision 23 (docs/decisions.md).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from sim.base.calendar import quarter_of
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.policies import registry
from sim.policies.sites import chosen_sites, site_groups
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


own = functools.partial(of_instruments, "check")


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
