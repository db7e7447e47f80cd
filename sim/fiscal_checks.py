"""What registration, sharing, the joint fund and recognition say against the region and each other.

Rules as in `policy_checks`: generators of (key path, found, allowed, remedy).
"""

import itertools

import numpy as np

from sim import ensemble, network, registration
from sim.policies.recognition import KEYS
from sim.policy_checks import overlap, unknown
from sim.stock import expected_shares
from sim.world import TYPES

NEAR = 0.005                   # of a target share, which a warning does not mention


def _of(scenario, instrument):
    """(name, policy) of the policies of one instrument."""
    return [(name, policy) for name, policy in scenario.values.policies.items()
            if scenario.instruments[name] == instrument]


def matrices(scenario, region):
    """Those who share are jurisdictions of the region."""
    known = region.jurisdictions.index
    for name, policy in _of(scenario, "fiscal_sharing"):
        path = ("policies", name, "matrix")
        for giver, *fault in unknown(policy.matrix, known, "jurisdiction"):
            yield (*path, giver), *fault
        for giver, shares in policy.matrix.items():
            for receiver, *fault in unknown(shares, known, "jurisdiction"):
                yield (*path, giver, receiver), *fault


def one_at_a_time(scenario, region):
    """One sharing matrix and one fund are in force at a time: the same growth is shared once."""
    for instrument in ("fiscal_sharing", "joint_fund"):
        for (name, policy), (other, second) in itertools.combinations(_of(scenario, instrument), 2):
            if overlap(policy, second):
                path = scenario.latest([("policies", n, "start") for n in (other, name)])
                yield path, f"{name} and {other} in force at once", f"one {instrument} at a time", \
                    "end one before the other starts, or switch it off with enabled = false"


def funds(scenario, region):
    """A policy that the joint fund pays needs one."""
    if _of(scenario, "joint_fund"):
        return
    for name, policy in scenario.values.policies.items():
        if policy.payer == "fund":
            yield ("policies", name, "payer"), "'fund' without a joint fund", "local, province or central", \
                "add a policy with instrument = \"joint_fund\""


def thresholds(scenario, region):
    """Thresholds of recognition are for headquarters types of the model."""
    for name, policy in _of(scenario, "recognition"):
        for key in KEYS:
            for wrong, *fault in unknown(getattr(policy, key), TYPES, "headquarters type"):
                yield ("policies", name, key, wrong), *fault


def share_apart(scenario, region):
    """Warning: the share that is to register apart cannot be met by any l_r."""
    values = scenario.values
    p = values.registration
    if values.switches.registration == "function" or p.dissimilarity != "solve":
        return
    stacked = ensemble.stack([values])
    distance = network.distances_km(region.sites["lon"].to_numpy(float), region.sites["lat"].to_numpy(float))
    places = registration.places(region, stacked, distance)
    shares = expected_shares(region, values.population.headquarters)
    found = 1.0 - float(np.sum(shares * np.diagonal(places.home[0])))
    if abs(found - p.share) > NEAR:
        yield ("registration", "share"), f"{p.share:g}", "", f"no l_r in [0.01, 1] meets it: {found:.3f} " \
            "register apart; change registration.substance or registration.distance"
