"""Land and rent: one price a site, cleared once a quarter on opening stocks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import EMPLOYEE
from sim.model.world import World

SMALLEST = 1e-12              # spending relative to the base year, where no user is left at all


def spending(world: World, employees: NDArray[np.int64]) -> NDArray[np.float64]:
    """(member, site) yearly floor spending of modelled enterprises, s_h cost_i summed; RMB million.

    employees (member, site) in 1/1024 of an employee, so that the sum is exact.
    """
    p = world.p.land
    per_employee = p.floor_share * p.cost_per_employee
    return per_employee[:, None] * (employees / EMPLOYEE)


def background(world: World, base_spending: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, site) spending of other users, so that modelled enterprises hold their share phi.

    E0_j = expected modelled spending / phi, hence background = expected (1/phi - 1); expected is the
    member's total spread by the sites' shares of candidates, so that an empty site has users too.
    """
    return base_spending * (1.0 / world.p.land.modelled_share[:, None] - 1.0)


def clear(world: World, total: NDArray[np.float64], base_total: NDArray[np.float64],
          land: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, site) rent that clears floor spending E against supply, 1 in the base year.

    E / r = min(K, S0 r^eta), E relative to the base year's. Both branches solve in closed form:
    ln r = ln(E / S0) / (1 + eta) while supply can expand, ln(E / K) at the cap; the larger applies.
    land (member, site) is S0 and, times the `capacity`, K, relative to the base year's.
    """
    return np.exp(np.maximum(*_log_rents(world, total, base_total, land)))


def _log_rents(world, total, base_total, land):
    """ln rent while supply can expand, and at the cap."""
    pressure = np.log(np.maximum(total / base_total, SMALLEST)) - np.log(land)
    log_capacity = world.keep("capacity", (base_total,), lambda world, base: np.log(capacity(world, *base)))
    return pressure / (1.0 + world.p.land.elasticity[:, None]), pressure - log_capacity


def capacity(world: World, base_total: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, site or 1) all floor that may stand at a site, relative to the base year's, at least 1.

    By area it is 1e6 km2 x plot ratio over the base year's floor, all users' employees times floor an employee; they
    are as many as all users' floor spending pays for at the cost of a modelled enterprise's employee. Identity.
    """
    p = world.p.land
    slack = p.slack[:, None]
    if p.capacity == "slack":
        return slack
    employees = base_total / (p.floor_share * p.cost_per_employee)[:, None]
    standing = np.maximum(p.floor_per_employee[:, None] * employees, SMALLEST)
    stated = 1e6 * world.area_km2 * p.plot_ratio[:, None] / standing
    return np.where(np.isnan(stated), slack, np.maximum(stated, 1.0))


class Market(NamedTuple):
    """The floor market of a quarter, every array (member, site)."""

    rent: np.ndarray              # 1 in the base year
    floor: np.ndarray             # in use, relative to the base year
    unmet_demand: np.ndarray      # RMB million a year at base-year rents
    red_line_premium: np.ndarray  # share of rent
    at_capacity: np.ndarray       # 1 where supply cannot expand, else 0


def market(world: World, total: NDArray[np.float64], base_total: NDArray[np.float64], land: NDArray[np.float64],
           open_land: NDArray[np.float64]) -> Market:
    """The Market on which floor spending E meets land K; a share of the land is open.

    Demand at a rent r is E / r, so what the rise from 1 to r leaves unmet is E (1 - 1 / r): floor,
    in the unit of what RMB 1 million a year rent in the base year; negative where rents have fallen. The
    shadow price of the red lines is r(K) / r(K / open) - 1, the rent that they cause.
    """
    elastic, at_cap = _log_rents(world, total, base_total, land)
    rent = np.exp(np.maximum(elastic, at_cap))
    free = rent if (open_land == 1.0).all() else clear(world, total, base_total, land / open_land)
    return Market(rent, total / base_total / rent, total * (1.0 - 1.0 / rent), rent / free - 1.0,
                  (rent > np.exp(elastic)).astype(float))
