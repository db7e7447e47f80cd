"""Policies that say the same as another one; no instrument is registered here."""

import itertools

from sim.base.messages import _
from sim.policies import registry
from sim.policies.checks import overlap
from sim.policies.sites import chosen_sites, is_known

NAMING = ("title", "title_zh", "sites", "start", "end", "announced")       # keys that say which, where and when


def twice(scenario, region):
    """No policy is counted twice: at the same sites at one time there are no two that differ by name and dates alone.

    Enterprises that settle, and alliances, stand each for itself.
    """
    found = [(name, policy, _own_sites(scenario, region, name, policy))
             for name, policy in scenario.values.policies.items()
             if not registry.get(scenario.instruments[name]).settles
             and not registry.get(scenario.instruments[name]).joined]
    for (name, policy, here), (other, second, there) in itertools.combinations(found, 2):
        if scenario.instruments[name] == scenario.instruments[other] and here == there and _alike(policy, second) \
                and overlap(policy, second):
            yield ("policies", other), _("the same as {other}, at the same sites and time, would count twice",
                                         other=name), _("every policy once"), \
                _("leave one out, or switch it off with enabled = false")


def _own_sites(scenario, region, name, policy):
    """Bytes of the mask of a policy's sites, or nothing where it has none."""
    known = is_known(region, policy.sites) if isinstance(policy.sites, str) else region.sites.index.isin(
        policy.sites).sum() == len(set(policy.sites))        # groups are not meant to stand in lists
    has = "sites" not in registry.get(scenario.instruments[name]).unused and known
    return chosen_sites(region, policy.sites).tobytes() if has else b""


def _alike(policy, other):
    """Whether two policies of an instrument have the same values, titles, sites and dates apart."""
    return all(getattr(policy, key) == getattr(other, key) for key in type(policy).model_fields if key not in NAMING)
