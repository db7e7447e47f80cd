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
    from types import SimpleNamespace

    from numpy.typing import NDArray

    from sim.kernels.tax_base import Tally
    from sim.model.world import World

RMB = 1e6                      # of a million
QUARTERLY = 0.25 * RMB / EMPLOYEE    # of a million a year and employee, in 1/1024 of an employee
STATUTORY = np.array([NATIONAL_RATE, HIGHTECH_RATE])


class Money(NamedTuple):
    """Of one quarter."""

    bases: np.ndarray         # (member, authority, base) RMB
    taxes: np.ndarray         # (member, authority, tax, level) RMB
    cost: np.ndarray          # (member, policy, authority, payer) RMB


def money(world: World, quarter: int, tally: Tally, floor: NDArray[np.float64]) -> Money:
    """The Money of a quarter; floor (member, site) is the base year's floor spending."""
    bases = _bases(world, by_authority(world, tally.employees))
    taxes, cost = gross(world, bases), np.zeros((*tally.paid.shape[:2], authorities_of(world), len(PAYERS)), np.int64)
    for p, policy, entry in acting(world, quarter):
        if entry.relieves and tally.relieved[:, p].any():
            relief = _relief(world, policy, by_authority(world, tally.relieved[:, p]))
            taxes[..., TAXES.index("corporate")] -= relief
            cost[:, p] += _relief_cost(world, relief)
        cost[:, p] += _paid(world, policy, entry, tally.paid[:, p], floor)
    return Money(bases, split(world, taxes), cost)


def acting(world: World, quarter: int) -> list[tuple[int, SimpleNamespace, policies.Instrument]]:
    """(number, policy, instrument) of those that cost the public purse."""
    entries = (policies.registry.get(policy.instrument) for policy in world.policies)
    costly = [p for p, entry in enumerate(entries) if entry.relieves or entry.pays or entry.spends]
    dated = world.dated(quarter) if costly else []
    return [(p, dated[p], policies.registry.get(dated[p].instrument)) for p in costly]


def by_authority(world: World, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Integers (..., site, last) by site, added up by jurisdiction.

    In floating point, where whole numbers below 2^53 are exact and products of matrices quick.
    """
    return (world.authorities.T.astype(float) @ counts.astype(float)).astype(np.int64)


def _whole(amount):
    return np.rint(amount).astype(np.int64)


def _column(values):
    """(member,) values to go with (member, authority)."""
    return np.asarray(values, float)[:, None]


def _quarterly(employees, per_employee):
    """Whole RMB of a quarter: employees (member, authority) in 1/1024, times RMB million a year each."""
    return _whole(employees * _column(per_employee) * QUARTERLY)


def profit(world: World) -> NDArray[np.float64]:
    """(member,) RMB million a year and employee that corporate income tax is levied on."""
    return world.p.criteria.revenue_per_employee * world.p.criteria.profit_margin


def _bases(world, employees):
    """(member, authority, base): what BASES names, whole RMB of a quarter; employees (..., high-tech) in 1/1024."""
    everybody = employees.sum(axis=-1)
    whose = {"value_added": everybody, "profit": employees[..., 0], "profit_high_tech": employees[..., 1],
             "wages": everybody}
    return _whole(np.stack([whose[name] for name in BASES], axis=-1) * _per_employee(world) * QUARTERLY)


def _per_employee(world):
    """(member, 1, base) RMB million a year."""
    p = world.p.fiscal
    amounts = {"value_added": world.p.criteria.revenue_per_employee * p.value_added, "profit": profit(world),
               "profit_high_tech": profit(world), "wages": p.wage}
    return np.stack(np.broadcast_arrays(*(np.asarray(amounts[name], float) for name in BASES)), axis=-1)[:, None]


def _relief(world, policy, relieved):
    """(member, authority) corporate income tax that a policy leaves to enterprises; relieved (..., high-tech)."""
    points = np.maximum(0.0, STATUTORY - policy.rate[:, None])                    # (member, high-tech)
    ordinary, hightech = (_quarterly(relieved[..., h], profit(world) * points[:, h] / 100.0) for h in range(2))
    return ordinary + hightech


def gross(world: World, bases: NDArray[np.int64]) -> NDArray[np.int64]:
    """(member, authority, tax) rate times base, before relief."""
    p, base = world.p.fiscal, dict(zip(BASES, np.moveaxis(bases, -1, 0)))
    corporate = _whole(base["profit"] * (NATIONAL_RATE / 100)) \
        + _whole(base["profit_high_tech"] * (HIGHTECH_RATE / 100))
    levied = {"vat": _whole(base["value_added"] * _column(p.vat)), "corporate": corporate,
              "personal": _whole(base["wages"] * _column(p.personal))}
    return np.stack([levied[name] for name in TAXES], axis=-1)


def split(world: World, taxes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(member, authority, tax, level) from (member, authority, tax); the levels add up to the tax."""
    p = world.p.fiscal
    shares = np.stack(np.broadcast_arrays(p.central_vat, p.central_corporate, p.central_personal), axis=-1)
    return _levels(taxes, shares[:, None, :], p.province[:, None, None])


def _levels(amount, central_share, province_share):
    central = _whole(amount * central_share)
    province = _whole((amount - central) * province_share)
    return np.stack([central, province, amount - central - province], axis=-1)


def _relief_cost(world, relief):
    """(member, authority, payer): relief is forgone by who would have had the tax."""
    p = world.p.fiscal
    levels = _levels(relief, p.central_corporate[:, None], p.province[:, None])
    return np.concatenate([levels, np.zeros_like(levels[..., :1])], axis=-1)


def _paid(world, policy, entry, registrations, floor):
    """(member, authority, payer): grants paid on registration (member, site), and what the instrument spends."""
    paid = np.zeros((len(registrations), authorities_of(world), len(PAYERS)), np.int64)
    payer = PAYERS.index(policy.payer)
    if not in_force(policy).any():
        return paid
    if entry.pays:
        paid[..., payer] += (registrations @ world.authorities) * _whole(policy.amount * RMB)[:, None]
    if entry.spends:
        units = np.asarray(entry.spends(policy, world, floor))
        if units.any():
            spent = _whole(np.broadcast_to(units, (world.members, world.sites)) * policy.cost[:, None] * RMB)
            paid[..., payer] += spent @ world.authorities
    return paid


def authorities_of(world: World) -> int:
    """How many jurisdictions there are."""
    return world.authorities.shape[1]


def own(taxes: NDArray[Any]) -> NDArray[Any]:
    """(member, authority) what is left to the jurisdictions themselves."""
    return taxes[..., LEVELS.index("local")].sum(axis=-1)
