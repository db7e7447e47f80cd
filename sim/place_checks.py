"""What policies say of places other than their sites, and where several of them meet.

Rules as in `policy_checks`: generators of (key path, found, allowed, remedy).
"""

import itertools

import numpy as np

from sim.assembly import chosen_sites
from sim.policies import registry
from sim.policy_checks import acting, is_known, one_of, overlap, unknown

LAND = ("land_capacity", "floor_area_ratio", "red_line")
SUBJECTS = ("exposure", "system")      # keys that say on which of several levers an instrument acts
APART = ("anchor",)                    # instruments of which several at a place leave each other alone


def partners(scenario, region):
    """An enclave's partner is a site of the region, and somewhere else."""
    for name, policy in _of(scenario, "enclave"):
        path = ("policies", name, "partner")
        faults = list(unknown([policy.partner], region.sites.index, "site"))
        yield from ((path, *fault) for _, *fault in faults)
        if not faults and is_known(region, policy.sites):
            chosen = list(region.sites.index[chosen_sites(region, policy.sites)])
            if chosen == [policy.partner]:
                yield path, f"{policy.partner!r}, which is the policy's only site", "another site", ""


def capacity(scenario, region):
    """Warning: land policies leave a site less capacity than the base year's floor."""
    left = np.full(len(region.sites), float(scenario.values.land.slack))
    acting_on_land = [pair for kind in LAND for pair in _of(scenario, kind) if is_known(region, pair[1].sites)]
    for name, policy in acting_on_land:
        factor = 1.0 - policy.share if scenario.instruments[name] == "red_line" else 1.0 + policy.change
        left[chosen_sites(region, policy.sites)] *= factor
    if (left < 1.0).any():
        worst = int(left.argmin())
        path = scenario.latest([("policies", name, "sites") for name, _ in acting_on_land])
        yield path, f"a capacity of {left[worst]:.3g} times the base year's floor at {region.sites.index[worst]}", "", \
            "less than stands there: rents will clear above the base year's; raise land.slack or take away less"


def hubs(scenario, region):
    """The hub that talent comes from is the region's."""
    for name, policy in _of(scenario, "talent_spillover"):
        for _, *fault in unknown([policy.hub], region.hubs.index, "hub"):
            yield ("policies", name, "hub"), *fault


def roads(scenario, region):
    """Roads go from site to site."""
    for name, policy in _of(scenario, "express_road"):
        for wrong, *fault in unknown(policy.stops, region.sites.index, "site"):
            yield ("policies", name, "stops", policy.stops.index(wrong)), *fault


def idle_platforms(scenario, region):
    """Warning: what brings sites nearer does nothing where peers of other sites do not count."""
    for name, instrument in scenario.instruments.items():
        if registry.get(instrument).nearer and scenario.values.peers.decay == 0.0:
            yield ("policies", name), f"{instrument} without effect", "", \
                "peers.decay = 0: nobody counts peers at other sites"


def overlaps(scenario, region):
    """Note: policies of one instrument on one lever at the same sites and time, and what counts there."""
    found = [(name, policy, chosen_sites(region, policy.sites)) for name, policy in acting(scenario)
             if scenario.instruments[name] not in APART and is_known(region, policy.sites)]
    for (name, policy, here), (other, second, there) in itertools.combinations(found, 2):
        both = here & there
        same = _subject(scenario, name) == _subject(scenario, other) and not _apart(policy, second)
        if same and both.any() and overlap(policy, second):
            later, earlier = (name, other) if _last(scenario, name, other) == name else (other, name)
            yield ("policies", later, "sites"), f"sites where {earlier} acts on the same lever, " \
                f"{one_of(region.sites.index[both])}", "", registry.get(scenario.instruments[name]).overlap


def _of(scenario, instrument):
    return [(name, policy) for name, policy in scenario.values.policies.items()
            if scenario.instruments[name] == instrument]


def _subject(scenario, name):
    """What a policy acts on: its instrument and, where that has several levers, which of them."""
    policy = scenario.values.policies[name]
    return scenario.instruments[name], *(getattr(policy, key, "") for key in SUBJECTS)


def _apart(policy, other):
    """Whether two policies are for enterprises of different industries or headquarters types."""
    return any(a and b and a.isdisjoint(b) for a, b in zip(_whom(policy), _whom(other)))


def _whom(policy):
    """Industries and types that a policy is for, each empty for all; a standard names types by its bars."""
    bars = (getattr(policy, key, {}) for key in ("revenue", "tax", "research"))
    return set(getattr(policy, "industries", ())), set(getattr(policy, "types", ())).union(*bars)


def _last(scenario, name, other):
    """The one of two policies that the files set last."""
    return scenario.latest([("policies", each) for each in (name, other)])[1]
