"""What policies say against the region they act on; no instrument is registered here.

Each rule is a generator of (key path, found, allowed, remedy); `sim/model/preflight/validation.py` puts them
together. Rules of all policies are functions (scenario, region). Those of one instrument stand in its own file as
functions (name, policy, scenario, region), registered as `check` (what is wrong) or `doubt` (what is probably not
meant).

Decision 23 (docs/decisions.md).
"""

import functools
import itertools

import numpy as np
import pandas as pd

from sim.base.calendar import quarter_of
from sim.base.registry import near_miss
from sim.policies import registry
from sim.policies.sites import chosen_sites, is_known, site_groups
from sim.region import network
from sim.region.load import called
from sim.region.opening_stock import TYPES

MOST_NAMES = 40                # of what is known, told in one line
LONG_AGO = 100                 # years before the run from which on a date is doubted


def one_of(names):
    """Names to choose from, not more of them than a reader takes in.

    >>> one_of(["a", "b"])
    'a, b'
    """
    names = list(names)
    more = [f"... ({len(names)} in all)"] if len(names) > MOST_NAMES else []
    return ", ".join([*names[:MOST_NAMES], *more])


def unknown(names, known, kind, *tables):
    """(name, found, allowed, remedy) of the names that are not known.

    known: names, or a table of the region; names in it and in further tables are suggested.
    """
    if isinstance(known, pd.DataFrame):
        known, tables = known.index, (known, *tables)
    known = dict.fromkeys(known)
    also = [name for table in tables for name in called(table)]
    for name in names:
        if name not in known:
            yield name, f"{name!r}, an unknown {kind}", one_of(known), near_miss(name, [*known, *also])


def of_instruments(kind, scenario, region):
    """What each instrument asks of its policies by its `check`, or doubts by its `doubt`."""
    for name, policy in scenario.values.policies.items():
        rule = getattr(registry.get(scenario.instruments[name]), kind)
        if rule:
            yield from rule(name, policy, scenario, region)


own, own_doubts = functools.partial(of_instruments, "check"), functools.partial(of_instruments, "doubt")


def with_property(scenario, name):
    """(name, policy) of the policies whose instrument has a property."""
    return [(policy, section) for policy, section in scenario.values.policies.items()
            if getattr(registry.get(scenario.instruments[policy]), name)]


def later(name, scenario):
    """(name, policy) of the policies of the same instrument that come after one."""
    alike = [(other, policy) for other, policy in scenario.values.policies.items()
             if scenario.instruments[other] == scenario.instruments[name]]
    return alike[[other for other, _ in alike].index(name) + 1:]


def one_at_a_time(name, policy, scenario, region):
    """One policy of the instrument is in force at a time: the same growth is shared once."""
    for other, second in later(name, scenario):
        if overlap(policy, second):
            path = scenario.latest([("policies", n, "start") for n in (other, name)])
            yield path, f"{name} and {other} in force at once", f"one {scenario.instruments[name]} at a time", \
                "end one before the other starts, or switch it off with enabled = false"


def sites(scenario, region):
    """Every site, group word or jurisdiction is the region's, and there is at least one site."""
    groups = site_groups(region)
    for name, policy in acting(scenario):
        path, wanted = ("policies", name, "sites"), policy.sites
        if isinstance(wanted, str):
            faults = [(path, *fault) for _, *fault in
                      unknown([wanted], [*groups, *region.sites.index], "site or group of sites",
                              region.sites, region.jurisdictions)]
        else:
            faults = [((*path, wanted.index(site)), found, known,
                       f"a group of sites stands alone: sites = \"{site}\"" if site in groups else remedy)
                      for site, found, known, remedy in unknown(dict.fromkeys(wanted), region.sites, "site")]
        yield from faults
        if not faults and not chosen_sites(region, wanted).any():
            yield path, f"{wanted!r}, which is no site of the region", "one site at least", \
                "name sites, or switch the policy off with enabled = false"


def eligible(scenario, region):
    """Industries are the region's, headquarters types the model's."""
    for name, policy in scenario.values.policies.items():
        for key, known, kind in (("industries", region.industries, "industry"),
                                 ("types", TYPES, "headquarters type")):
            for wrong, *fault in unknown(getattr(policy, key, ()), known, kind):
                yield ("policies", name, key, getattr(policy, key).index(wrong)), *fault


def links(scenario, name):
    """Network links that a policy adds."""
    entry = registry.get(scenario.instruments[name])
    added = entry([], scenario.values.policies[name]) if entry.network else []
    return [network.Link(**link) for link in added]


def timing(scenario, region):
    """Warning: policies that lie outside the run."""
    time, calendar = scenario.values.time, scenario.values.time.calendar
    for name, policy in scenario.values.policies.items():
        path, built = ("policies", name), 4 * _building(policy)
        if calendar.index(policy.start) >= calendar.length:
            yield (*path, "start"), str(policy.start), "", f"after the run, which ends on {time.end}"
        elif calendar.index(policy.start) + built >= calendar.length:
            yield (*path, "building_time"), f"{policy.building_time:g} years", "", \
                f"nothing is built before the run ends on {time.end}"
        if policy.end and calendar.index(policy.end) < 0:
            yield (*path, "end"), str(policy.end), "", \
                f"before the run, which starts on {time.start}; only its last effects are left"


def ancient(scenario, region):
    """Warning: dates so long before the run that a digit is probably missing."""
    start = scenario.values.time.start
    for name, policy in scenario.values.policies.items():
        for key in ("start", "announced"):
            date = getattr(policy, key)
            if date and start.year - date.year > LONG_AGO:
                yield ("policies", name, key), str(date), "", \
                    f"{start.year - date.year} years before the run, which starts on {start}; is this year meant?"


def _building(policy):
    """Years until something is built; closing land takes none."""
    opens = getattr(policy, "change", getattr(policy, "bonus", 0.0)) > 0.0
    return getattr(policy, "building_time", 0.0) if opens else 0.0


def lags(scenario, region):
    """Warning: what is perceived late, or forgotten late, is seen in part only."""
    time, calendar = scenario.values.time, scenario.values.time.calendar
    for name, policy in scenario.values.policies.items():
        if "lag" in registry.get(scenario.instruments[name]).unused:
            continue
        for key, day in (("start", policy.start), ("end", policy.end)):
            within = day is not None and calendar.index(day) < calendar.length
            if within and calendar.index(day) + 4 * policy.lag >= calendar.length:
                yield ("policies", name, "lag"), f"{policy.lag:g} years", "", \
                    f"counted from the policy's {key} this ends after the run, which ends on {time.end}"


def unused(scenario, region):
    """Warning: common keys that are set and mean nothing to the instrument."""
    for name, instrument in scenario.instruments.items():
        for key in registry.get(instrument).unused:
            if scenario.sets(("policies", name, key)):
                yield ("policies", name, key), "a key without effect", "", f"{instrument} does not use it"


def acting(scenario):
    """(name, policy) of the policies that act on sites."""
    return [(name, policy) for name, policy in scenario.values.policies.items()
            if "sites" not in registry.get(scenario.instruments[name]).unused]


def overlap(policy, other):
    """Whether there is a quarter in which both are in force."""
    last_start = max(quarter_of(policy.start), quarter_of(other.start))
    return all(each.end is None or quarter_of(each.end) > last_start for each in (policy, other))


def funds(scenario, region):
    """A policy that a fund pays needs one."""
    if with_property(scenario, "pays_in"):
        return
    known = " | ".join(f'"{entry.name}"' for entry in registry.entries() if entry.pays_in)
    for name, policy in scenario.values.policies.items():
        if policy.payer == "fund":
            yield ("policies", name, "payer"), "'fund' without a joint fund", "local, province or central", \
                f"add a policy with instrument = {known}"


def capacity(scenario, region):
    """Warning: land policies leave a site less capacity than the base year's floor."""
    left = np.full(len(region.sites), float(scenario.values.land.slack))
    on_land = [pair for pair in with_property(scenario, "floor") if is_known(region, pair[1].sites)]
    for name, policy in on_land:
        left[chosen_sites(region, policy.sites)] *= registry.get(scenario.instruments[name]).floor(policy)
    if (left < 1.0).any():
        worst = int(left.argmin())
        path = scenario.latest([("policies", name, "sites") for name, _ in on_land])
        yield path, f"a capacity of {left[worst]:.3g} times the base year's floor at {region.sites.index[worst]}", "", \
            "less than stands there: rents will clear above the base year's; raise land.slack or take away less"


def idle_platforms(scenario, region):
    """Warning: what brings sites nearer does nothing where peers of other sites do not count."""
    for name, instrument in scenario.instruments.items():
        if registry.get(instrument).nearer and scenario.values.peers.decay == 0.0:
            yield ("policies", name), f"{instrument} without effect", "", \
                "peers.decay = 0: nobody counts peers at other sites"


def overlaps(scenario, region):
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
            yield ("policies", later, "sites"), f"sites where {earlier} acts on the same lever, " \
                f"{one_of(region.sites.index[both])}", "", registry.get(scenario.instruments[name]).overlap


def _subject(scenario, name):
    """What a policy acts on: its instrument and, where that has several levers, which of them."""
    instrument, policy = scenario.instruments[name], scenario.values.policies[name]
    return instrument, getattr(policy, registry.get(instrument).subject, "")


def _whom(policy):
    """Industries and types that a policy is for, each empty for all; a standard names types by its bars."""
    bars = (getattr(policy, key, {}) for key in ("revenue", "tax", "research"))
    return set(getattr(policy, "industries", ())), set(getattr(policy, "types", ())).union(*bars)
