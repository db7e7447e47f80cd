"""What policies say against the region they act on.

Each rule is a generator of (key path, found, allowed, remedy); `sim/validation.py` puts them together.
"""

import itertools

import pandas as pd

from sim import network
from sim.assembly import chosen_sites, site_groups
from sim.calendar import Calendar, quarter_of
from sim.policies import registry
from sim.registry import near_miss
from sim.world import TYPES

BUNDLE, COMPONENTS = "bundle", ("ftz", "accounts", "scitech")
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


def unknown(names, known, kind):
    """(name, found, allowed, remedy) of the names that are not known."""
    known = dict.fromkeys(known)
    for name in names:
        if name not in known:
            yield name, f"{name!r}, an unknown {kind}", one_of(known), near_miss(name, known)


def sites(scenario, region):
    """Every site, group word or jurisdiction is the region's, and there is at least one site."""
    groups = site_groups(region)
    for name, policy in acting(scenario):
        path, wanted = ("policies", name, "sites"), policy.sites
        if isinstance(wanted, str):
            faults = [(path, *fault) for _, *fault in
                      unknown([wanted], [*groups, *region.sites.index], "site or group of sites")]
        else:
            faults = [((*path, wanted.index(site)), *(_alone(site, fault) if site in groups else fault))
                      for site, *fault in unknown(dict.fromkeys(wanted), region.sites.index, "site")]
        yield from faults
        if not faults and not chosen_sites(region, wanted).any():
            yield path, f"{wanted!r}, which is no site of the region", "one site at least", \
                "name sites, or switch the policy off with enabled = false"


def _alone(word, fault):
    return fault[0], fault[1], f"a group of sites stands alone: sites = \"{word}\""


def eligible(scenario, region):
    """Industries are the region's, headquarters types the model's."""
    for name, policy in scenario.values.policies.items():
        for key, known, kind in (("industries", region.industries.index, "industry"),
                                 ("types", TYPES, "headquarters type")):
            for wrong, *fault in unknown(getattr(policy, key, ()), known, kind):
                yield ("policies", name, key, getattr(policy, key).index(wrong)), *fault


def links(scenario, name):
    """Network links that a policy adds."""
    entry = registry.get(scenario.instruments[name])
    added = entry([], scenario.values.policies[name]) if entry.network else []
    return [network.Link(**link) for link in added]


def stops(scenario, region):
    """New lines stop at stations, or at sites."""
    for name in scenario.values.policies:
        for found in dict.fromkeys(network.check(region, {}, links(scenario, name))):
            yield ("policies", name, "stops"), found.found, found.allowed, found.remedy


def bundles(scenario, region):
    """A zone's whole package and its components exclude each other at a site: nothing counts twice."""
    exposed = [(name, policy) for name, policy in acting(scenario)
               if scenario.instruments[name] == "regime_exposure" and is_known(region, policy.sites)]
    for (name, policy), (other, second) in itertools.combinations(exposed, 2):
        if (policy.exposure == BUNDLE) == (second.exposure == BUNDLE) or not overlap(policy, second):
            continue
        both = chosen_sites(region, policy.sites) & chosen_sites(region, second.sites)
        if both.any():
            path = scenario.latest([("policies", n, "exposure") for n in (other, name)])
            yield path, f"{policy.exposure!r} by {name} and {second.exposure!r} by {other} at " \
                f"{one_of(region.sites.index[both])}", "a bundle or its components, not both", \
                "choose other sites or dates"


def bundles_on_statuses(scenario, region):
    """Warning: a bundle takes the place of recorded components that are worth more to the mean enterprise."""
    terms = scenario.values.terms
    for name, policy in acting(scenario):
        if getattr(policy, "exposure", "") != BUNDLE or not scenario.values.switches.statuses:
            continue
        worth = _recorded_worth(region, policy, {"ftz": terms.ftz.beta, "scitech": terms.scitech.beta})
        chosen = region.sites.index[chosen_sites(region, policy.sites)]
        names = [site for site in chosen if worth.get(site, 0.0) > terms.zone_bundle.beta]
        if names:
            found = f"a bundle worth {terms.zone_bundle.beta:g} in place of recorded components that are worth " \
                f"more to the mean enterprise, at {one_of(names)}"
            yield ("policies", name, "exposure"), found, "", \
                "choose other sites; switches.statuses = false leaves the records out"


def _recorded_worth(region, policy, beta):
    """Site -> utility that the mean enterprise has of the regimes that the region records from a policy's start on."""
    rows = region.statuses[region.statuses["regime"].isin(list(beta))]
    rows = rows[rows["end"].isna() | (rows["end"] > pd.Timestamp(policy.start))]
    highest = rows.groupby(["site", "regime"])["level"].max()
    return (highest * highest.index.get_level_values("regime").map(beta)).groupby("site").sum().to_dict()


def timing(scenario, region):
    """Warning: policies that lie outside the run."""
    time = scenario.values.time
    calendar = Calendar.between(time.start, time.end)
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
    time = scenario.values.time
    calendar = Calendar.between(time.start, time.end)
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


def is_known(region, wanted):
    """Whether a policy's sites are the region's."""
    known = {*site_groups(region), *region.sites.index}
    return known.issuperset([wanted] if isinstance(wanted, str) else wanted)


def overlap(policy, other):
    """Whether there is a quarter in which both are in force."""
    last_start = max(quarter_of(policy.start), quarter_of(other.start))
    return all(each.end is None or quarter_of(each.end) > last_start for each in (policy, other))
