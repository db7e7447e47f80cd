"""From employees by legal place to taxes, relief and what policies cost, in whole RMB.

    tax = rate base;  VAT on value added, corporate income tax on profit at 25 % or 15 % less relief,
    personal income tax on wages;  all bases in proportion to employees
    central = rint(share tax), province = rint(share (tax - central)), local = the rest

Decision 46 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import policies
from sim.kernels.arrays import EMPLOYEE
from sim.model.public_accounts import BASES, LEVELS, PAYERS, TAXES
from sim.model.world import HIGHTECH_RATE, NATIONAL_RATE
from sim.policies.costs import in_force

if TYPE_CHECKING:

    from numpy.typing import NDArray

    from sim.model.world import World

RMB = 1e6                      # of a million
QUARTERLY = 0.25 * RMB / EMPLOYEE    # of a million a year and employee, in 1/1024 of an employee
STATUTORY = np.array([NATIONAL_RATE, HIGHTECH_RATE])


class Entries(NamedTuple):
    """What money follows from, of every entry: the eve, then the closes of quarters. Employees are in 1/1024."""

    employees: np.ndarray     # (member, entry, authority, high-tech)
    relieved: np.ndarray      # (member, entry, policy, authority, high-tech) those whose relief a policy gives
    paid: np.ndarray          # (member, entry, policy, authority) grants paid on registration


class Money(NamedTuple):
    """Of a run."""

    bases: np.ndarray         # (member, entry, authority, base) RMB
    taxes: np.ndarray         # (member, entry, authority, tax, level) RMB
    cost: np.ndarray          # (member, year, policy, authority, payer) RMB


def money(world: World, entries: Entries, floor: NDArray[np.float64]) -> Money:
    """The Money of a run, all quarters at once; floor (member, site) is the base year's floor spending."""
    bases, years = _bases(world, entries.employees), _first_of_years(world.calendar)
    taxes = gross(world, bases)
    cost = np.zeros((world.members, len(years), *entries.paid.shape[2:], len(PAYERS)), np.int64)
    for p, policy in enumerate(world.policies):
        entry, payer = policies.registry.get(policy.instrument), PAYERS.index(policy.payer)
        if entry.relieves:
            relief = _relief(world, policy, entries.relieved[:, :, p])
            taxes[..., TAXES.index("corporate")] -= relief
            cost[:, :, p, :, :len(LEVELS)] += _by_year(_relief_cost(world, relief), years)
        if entry.pays:
            cost[:, :, p, :, payer] += _by_year(entries.paid[:, :, p] * _column(_whole(policy.amount * RMB)), years)
        if entry.spends and np.any(policy.cost):
            cost[:, :, p, :, payer] += _by_year(_spent(world, p, entry, floor), years)
    return Money(bases, split(world, taxes), cost)


def _first_of_years(calendar):
    """Entries of the first quarter of each calendar year of the run."""
    return np.flatnonzero([q == 0 or (calendar.first + q) % 4 == 0 for q in range(calendar.length)]) + 1


def _by_year(amounts, years):
    """(member, year, ...) sums over the quarters of a year; the eve is of none."""
    return np.add.reduceat(amounts, years, axis=1)


def by_authority(world: World, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Integers (..., site, last) by site, added up by jurisdiction.

    In floating point, where whole numbers below 2^53 are exact and products of matrices quick.
    """
    return (world.authorities.T.astype(float) @ counts.astype(float)).astype(np.int64)


def _whole(amount):
    return np.rint(amount).astype(np.int64)


def _column(values):
    """(member,) values to go with (member, entry, authority)."""
    return values[:, None, None]


def _quarterly(employees, per_employee):
    """Whole RMB of a quarter: employees (member, entry, authority) in 1/1024, times RMB million a year each."""
    return _whole(employees * _column(per_employee) * QUARTERLY)


def profit(world: World) -> NDArray[np.float64]:
    """(member,) RMB million a year and employee that corporate income tax is levied on."""
    return world.p.criteria.revenue_per_employee * world.p.criteria.profit_margin


def _bases(world, employees):
    """(member, entry, authority, base): what BASES names, RMB of a quarter; employees (..., high-tech) in 1/1024."""
    everybody = employees.sum(axis=-1)
    whose = {"value_added": everybody, "profit": employees[..., 0], "profit_high_tech": employees[..., 1],
             "wages": everybody}
    return _whole(np.stack([whose[name] for name in BASES], axis=-1) * _per_employee(world) * QUARTERLY)


def _per_employee(world):
    """(member, 1, 1, base) RMB million a year."""
    p = world.p.fiscal
    amounts = {"value_added": world.p.criteria.revenue_per_employee * p.value_added, "profit": profit(world),
               "profit_high_tech": profit(world), "wages": p.wage}
    return np.stack(np.broadcast_arrays(*(np.asarray(amounts[name], float) for name in BASES)),
                    axis=-1)[:, None, None]


def _relief(world, policy, relieved):
    """(member, entry, authority) corporate income tax that a policy spares enterprises; relieved (..., high-tech)."""
    points = np.maximum(0.0, STATUTORY - policy.rate[:, None])                    # (member, high-tech)
    ordinary, hightech = (_quarterly(relieved[..., h], profit(world) * points[:, h] / 100.0) for h in range(2))
    return ordinary + hightech


def gross(world: World, bases: NDArray[np.int64]) -> NDArray[np.int64]:
    """(member, entry, authority, tax) rate times base, before relief."""
    p, base = world.p.fiscal, dict(zip(BASES, np.moveaxis(bases, -1, 0)))
    corporate = _whole(base["profit"] * (NATIONAL_RATE / 100)) \
        + _whole(base["profit_high_tech"] * (HIGHTECH_RATE / 100))
    levied = {"vat": _whole(base["value_added"] * _column(p.vat)), "corporate": corporate,
              "personal": _whole(base["wages"] * _column(p.personal))}
    return np.stack([levied[name] for name in TAXES], axis=-1)


def split(world: World, taxes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(member, entry, authority, tax, level) from (..., tax); the levels add up to the tax."""
    p = world.p.fiscal
    shares = np.stack(np.broadcast_arrays(p.central_vat, p.central_corporate, p.central_personal), axis=-1)
    return _levels(taxes, shares[:, None, None, :], _column(p.province)[..., None])


def _levels(amount, central_share, province_share):
    central = _whole(amount * central_share)
    province = _whole((amount - central) * province_share)
    return np.stack([central, province, amount - central - province], axis=-1)


def _relief_cost(world, relief):
    """(member, entry, authority, level): relief is forgone by who would have had the tax."""
    p = world.p.fiscal
    return _levels(relief, _column(p.central_corporate), _column(p.province))


def _spent(world, number, instrument, floor):
    """(member, entry, authority) what a policy's instrument spends while it is in force."""
    spent = np.zeros((world.members, world.calendar.length + 1, world.authorities.shape[1]), np.int64)
    for quarter in range(world.calendar.length):
        policy = world.dated(quarter)[number]
        units = np.asarray(instrument.spends(policy, world, floor)) if in_force(policy).any() else np.zeros(1)
        if units.any():
            there = np.broadcast_to(units, (world.members, world.sites))
            spent[:, quarter + 1] = _whole(there * policy.cost[:, None] * RMB) @ world.authorities
    return spent


def own(taxes: NDArray[Any]) -> NDArray[Any]:
    """(..., authority) what is left to the jurisdictions themselves."""
    return taxes[..., LEVELS.index("local")].sum(axis=-1)
