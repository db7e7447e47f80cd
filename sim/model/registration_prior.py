"""Where enterprises would register without taxes and grants, and the l_r that is solved for it.

    q_rj = K_rj / sum_r K_rj,   K_jj = 1,   K_rj = s_r / (1 - s_j) e^(-c_rj / l_r)
    c_rj = sigma / (1 - sigma) delta ln(1 + km_rj)

s_r are the shares of the base year's stock: other places are as many alternatives as there are
enterprises (the size term of an aggregate alternative, Ben-Akiva & Lerman 1985, chapter 9). sigma is
the substance rule: an enterprise that is registered away from where it works keeps sigma of its
functions there for 1 - sigma at its functional site, each at the cost delta ln(1 + km). With sigma = 0
a letter box will do, with sigma = 1 nobody registers apart.
"""

import math
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.base.calendar import Calendar
from sim.kernels import arrays
from sim.region.load import Region
from sim.region.opening_stock import expected_shares

DISSIMILARITIES = (0.01, 1.0)  # bounds of l_r
HALVINGS = 60


def places(region: Region, p: SimpleNamespace, distance: NDArray[np.float64]) -> arrays.Places:
    """The arrays.Places of a world, without the worth of taxes."""
    order = order_of(region)
    nothing = np.zeros((1, 0, 0))
    if p.switches.registration == "function":
        return arrays.Places(0, nothing, nothing, np.ones(1), nothing, order)
    home, scale = homes(region, p, distance)
    return arrays.Places(1, home, _logarithms(home), scale, nothing, order)


def homes(region: Region, p: SimpleNamespace,
          distance: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(member, legal place, functional site) q_rj, and (member,) l_r."""
    start = Calendar(int(p.time.start[0]), 1).start
    shares, order = expected_shares(region, p.population.headquarters, start), order_of(region)
    members = max(len(values) for values in vars(p.registration).values() if not isinstance(values, str))
    one = lambda values, m: values[m % len(values)]                # noqa: E731
    scale, home = np.ones(members), np.zeros((members, len(shares), len(shares)))
    for m in range(members):
        cost = costs(one(p.registration.substance, m), one(p.registration.distance, m), distance)
        given = p.registration.dissimilarity
        scale[m] = solved(one(p.registration.share, m), shares, cost, order) if isinstance(given, str) \
            else one(given, m)
        home[m] = home_shares(shares, cost, scale[m], order)
    return home, scale


def order_of(region: Region) -> NDArray[np.int64]:
    """(site,) the order in which places are added up, that of their ids' keys."""
    return np.argsort(random_streams.keys_of(region.sites.index)).astype(np.int64)


def _logarithms(home):
    """(member, functional site, legal place) ln q, by the kernels' logarithm, so that bits depend on no CPU."""
    from sim.kernels.numerics.elementary import logarithms
    found, there = np.full(home.shape, arrays.NEVER), home > 0.0
    logs = home[there]
    logarithms(logs)
    found[there] = logs
    return np.ascontiguousarray(found.transpose(0, 2, 1))


def costs(substance: float, distance_cost: float, km: NDArray[np.float64]) -> NDArray[np.float64]:
    """(legal place, functional site) c_rj; inf where the rule lets nobody register apart."""
    if substance >= 1.0:
        return np.where(np.eye(len(km)) > 0, 0.0, np.inf)
    apart = substance / (1.0 - substance) * distance_cost * np.log1p(km)
    return np.where(np.eye(len(km)) > 0, 0.0, apart)


def home_shares(shares: NDArray[np.float64], cost: NDArray[np.float64], scale: float,
                order: NDArray[np.int64]) -> NDArray[np.float64]:
    """(legal place, functional site) q_rj."""
    weight = weights(shares, cost, scale)
    total = np.add.reduce(weight[order], axis=0)                   # one order, whatever that of the sites
    return weight / total


def weights(shares: NDArray[np.float64], cost: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """(legal place, functional site) K_rj."""
    elsewhere = 1.0 - shares
    weight = shares[:, None] / np.maximum(elsewhere, 1e-300) * np.exp(-cost / scale)
    return np.where(np.eye(len(shares)) > 0, 1.0, weight)


def separated(shares: NDArray[np.float64], cost: NDArray[np.float64], scale: float, order: NDArray[np.int64]) -> float:
    """Share of the base year's enterprises that are registered at another site than they work at."""
    at_home = np.diagonal(home_shares(shares, cost, scale, order))
    return 1.0 - math.fsum(shares * at_home)


def solved(target: float, shares: NDArray[np.float64], cost: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    """l_r under which the share `target` is registered apart, or the bound that comes nearest to it.

    The share rises with l_r: less weight of costs scatters registrations.
    """
    low, high = DISSIMILARITIES
    if separated(shares, cost, high, order) <= target:
        return high
    if separated(shares, cost, low, order) >= target:
        return low
    for _ in range(HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if separated(shares, cost, middle, order) < target else (low, middle)
    return high
