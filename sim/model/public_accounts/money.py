"""From employees by legal place to taxes, relief and what policies cost, in whole RMB.

    tax = rate base;  VAT on value added, corporate income tax on profit at 25 % or 15 % less relief,
    personal income tax on wages;  all bases in proportion to employees
    central = rint(share tax), province = rint(share (tax - central)), local = the rest

Decision 46 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim import policies
from sim.kernels.arrays import EMPLOYEE
from sim.model.public_accounts import BASES, LEVELS, PAYERS, TAXES
from sim.model.world import HIGHTECH_RATE, NATIONAL_RATE
from sim.policies.costs import in_force

RMB = 1e6                      # of a million
STATUTORY = np.array([NATIONAL_RATE, HIGHTECH_RATE])


class Money(NamedTuple):
    """Of one quarter."""

    bases: np.ndarray         # (member, authority, base) RMB
    taxes: np.ndarray         # (member, authority, tax, level) RMB
    cost: np.ndarray          # (member, policy, authority, payer) RMB


def money(world, quarter, tally, floor):
    """The Money of a quarter; floor (member, site) is the base year's floor spending."""
    employees = by_authority(world, tally.employees)
    relieved = by_authority(world, tally.relieved)
    bases = _bases(world, employees)
    relief = _relief(world, quarter, relieved)
    taxes = gross(world, bases)
    taxes[..., TAXES.index("corporate")] -= relief.sum(axis=1)
    cost = _relief_cost(world, relief) + _paid(world, quarter, tally, floor)
    return Money(bases, split(world, taxes), cost)


def by_authority(world, counts):
    """Integers (..., site, last) by site, added up by jurisdiction."""
    return np.einsum("...sl,sa->...al", counts, world.authorities)


def _whole(amount):
    return np.rint(amount).astype(np.int64)


def _column(values):
    """(member,) values to go with (member, authority)."""
    return np.asarray(values, float)[:, None]


def _quarterly(employees, per_employee):
    """Whole RMB of a quarter: employees (member, authority) in 1/1024, times RMB million a year each."""
    return _whole(employees * _column(per_employee) * (0.25 * RMB / EMPLOYEE))


def profit(world):
    """(member,) RMB million a year and employee that corporate income tax is levied on."""
    return world.p.criteria.revenue_per_employee * world.p.criteria.profit_margin


def _bases(world, employees):
    """(member, authority, base): what BASES names."""
    p, everybody = world.p.fiscal, employees.sum(axis=-1)
    amounts = {"value_added": (everybody, world.p.criteria.revenue_per_employee * p.value_added),
               "profit": (employees[..., 0], profit(world)),
               "profit_high_tech": (employees[..., 1], profit(world)),
               "wages": (everybody, p.wage)}
    return np.stack([_quarterly(*amounts[name]) for name in BASES], axis=-1)


def _relief(world, quarter, relieved):
    """(member, policy, authority) corporate income tax that a policy's rule leaves to enterprises."""
    total = np.zeros(relieved.shape[:3], np.int64)
    for p, policy in enumerate(world.dated(quarter)):
        if policies.registry.get(policy.instrument).relieves and relieved[:, p].any():
            points = np.maximum(0.0, STATUTORY - policy.rate[:, None])            # (member, high-tech)
            for h in range(2):
                total[:, p] += _quarterly(relieved[:, p, :, h], profit(world) * points[:, h] / 100.0)
    return total


def gross(world, bases):
    """(member, authority, tax) rate times base, before relief."""
    p, base = world.p.fiscal, dict(zip(BASES, np.moveaxis(bases, -1, 0)))
    corporate = _whole(base["profit"] * (NATIONAL_RATE / 100)) \
        + _whole(base["profit_high_tech"] * (HIGHTECH_RATE / 100))
    levied = {"vat": _whole(base["value_added"] * _column(p.vat)), "corporate": corporate,
              "personal": _whole(base["wages"] * _column(p.personal))}
    return np.stack([levied[name] for name in TAXES], axis=-1)


def split(world, taxes):
    """(member, authority, tax, level) from (member, authority, tax); the levels add up to the tax."""
    p = world.p.fiscal
    shares = np.stack(np.broadcast_arrays(p.central_vat, p.central_corporate, p.central_personal), axis=-1)
    return _levels(taxes, shares[:, None, :], p.province[:, None, None])


def _levels(amount, central_share, province_share):
    central = _whole(amount * central_share)
    province = _whole((amount - central) * province_share)
    return np.stack([central, province, amount - central - province], axis=-1)


def _relief_cost(world, relief):
    """(member, policy, authority, payer): relief is forgone by who would have had the tax."""
    p = world.p.fiscal
    levels = _levels(relief, p.central_corporate[:, None, None], p.province[:, None, None])
    return np.concatenate([levels, np.zeros_like(levels[..., :1])], axis=-1)


def _paid(world, quarter, tally, floor):
    """(member, policy, authority, payer): grants paid on registration, and what instruments spend."""
    paid = np.zeros((*tally.paid.shape[:2], len(world.region.jurisdictions), len(PAYERS)), np.int64)
    grants = tally.paid @ world.authorities
    for p, policy in enumerate(world.dated(quarter)):
        entry, payer = policies.registry.get(policy.instrument), PAYERS.index(policy.payer)
        if not in_force(policy).any():
            continue
        if entry.pays:
            paid[:, p, :, payer] += grants[:, p] * _whole(policy.amount * RMB)[:, None]
        if entry.spends:
            units = np.broadcast_to(entry.spends(policy, world, floor), (world.members, world.sites))
            spent = _whole(units * policy.cost[:, None] * RMB)
            paid[:, p, :, payer] += spent @ world.authorities
    return paid


def own(taxes):
    """(member, authority) what is left to the jurisdictions themselves."""
    return taxes[..., LEVELS.index("local")].sum(axis=-1)
