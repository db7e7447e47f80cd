"""What anchors and alliances say against the region and each other.

Rules as in `policy_checks`: generators of (key path, found, allowed, remedy).
"""

from sim.assembly import chosen_sites
from sim.policy_checks import is_known, unknown

MOST_ALLIANCES = 6             # every set of them is a kind of enterprise: 64 times the industries


def _of(scenario, instrument):
    """(name, policy) of the policies of one instrument."""
    return [(name, policy) for name, policy in scenario.values.policies.items()
            if scenario.instruments[name] == instrument]


def alliances(scenario, region):
    """Every alliance has somebody in it, and there are not too many of them."""
    found = _of(scenario, "alliance")
    joined = {alliance for _, anchor in _of(scenario, "anchor") for alliance in anchor.alliances}
    for name, alliance in found:
        if alliance.share == 0.0 and name not in joined:
            yield ("policies", name, "share"), "an alliance without members", \
                "a share above 0, or an anchor that belongs to it", \
                "leave it out, or switch it off with enabled = false"
    if len(found) > MOST_ALLIANCES:
        yield ("policies", found[MOST_ALLIANCES][0]), f"{len(found)} alliances", f"{MOST_ALLIANCES} at most", \
            "put some together"


def anchors(scenario, region):
    """Anchors are of known industries and alliances, and stand at one site."""
    known, industries = [name for name, _ in _of(scenario, "alliance")], region.industries.index
    for name, anchor in _of(scenario, "anchor"):
        path = ("policies", name)
        for _, *fault in unknown([anchor.industry], industries, "industry"):
            yield (*path, "industry"), *fault
        for key, names, kind in (("supplier_industries", industries, "industry"),
                                 ("alliances", known, "alliance")):
            for wrong, *fault in unknown(getattr(anchor, key), names, kind):
                yield (*path, key, getattr(anchor, key).index(wrong)), *fault
        yield from _place(scenario, region, path, anchor)


def _place(scenario, region, path, anchor):
    """Who does not choose its site, or is there before the run, is at one site."""
    if (anchor.chooses and anchor.start >= scenario.values.time.start) or not is_known(region, anchor.sites):
        return
    number = int(chosen_sites(region, anchor.sites).sum())
    if number > 1:
        yield (*path, "sites"), f"{anchor.sites!r}, which are {number} sites", "one site", \
            "name one, or set chooses = true"
