"""Public accounts through a run: arrays of one chunk of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.calendar import EVE
from sim.kernels.tax_base import Tally, tally
from sim.model.public_accounts import fixed_criteria, sharing
from sim.model.public_accounts.money import Entries, by_authority, money, own
from sim.model.public_accounts.rules import acting, rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.base.calendar import Calendar
    from sim.kernels import arrays
    from sim.model.step import RunConstants
    from sim.model.world import World

STOCKS = ("registered", "registered_headquarters", "registered_elsewhere", "headquarters_registered_elsewhere",
          "recognised", *fixed_criteria.SERIES)


class AccountsRecorder:
    """Arrays (member, quarter + 1, ...), entry 0 the eve, or (member, year, ...).

    Taxes of the eve are what a quarter brings at the opening stock; nothing is paid or shared then. Places are counted
    quarter by quarter, money is drawn up at the end.
    """

    def __init__(self, world: World) -> None:
        self._tally, self._years = _empty_tally(world), years(world.calendar)
        self._acting = self._rules = None
        self._lower = np.ascontiguousarray(np.moveaxis(fixed_criteria.growth(world), 2, 0))    # (entry, series, member)
        authorities, number = world.authorities.shape[1], len(world.policies)
        quarterly = world.members, world.calendar.length + 1
        self._stocks = {name: np.zeros((*quarterly, world.sites), np.int32) for name in STOCKS}
        self._eligible = np.zeros((world.members, len(self._years), number, authorities), np.int32)
        self._employees = np.zeros((*quarterly, world.sites, 2), np.int64)
        self._relieved = np.zeros((*quarterly, number, authorities, 2), np.int64)
        self._paid = np.zeros((*quarterly, number, authorities), np.int64)

    def close(self, world: World, fixed: RunConstants, state: arrays.State, entry: int) -> None:
        """Count what an entry's accounts are drawn up from: 0 is the eve, q + 1 the close of quarter q."""
        quarter, found = entry + EVE, self._tally
        in_force = self._rules_of(world, quarter)
        tally(quarter, state, fixed.criteria, self._lower[entry], in_force, found)
        for name, values in zip(STOCKS, (*found.registered.swapaxes(0, 1), *found.apart.swapaxes(0, 1),
                                         found.recognised, *found.fixed.swapaxes(0, 1))):
            self._stocks[name][:, entry] = values
        self._employees[:, entry] = found.employees
        if in_force.relieving.any():
            self._relieved[:, entry] = by_authority(world, found.relieved)
        if in_force.paying.size:
            self._paid[:, entry] = found.paid @ world.authorities
        if quarter > EVE and (in_force.relieving.any() or in_force.paying.size):
            meant = found.paid + found.entitled
            self._eligible[:, self._years.index(year_of(world.calendar, quarter))] += meant @ world.authorities

    def drawn_up(self, world: World, fixed: RunConstants) -> dict[str, NDArray[Any]]:
        """The accounts of all that has been recorded, by name."""
        entries = Entries(by_authority(world, self._employees), self._relieved, self._paid)
        found = money(world, entries, fixed.base_spending)
        return self._stocks | {"tax_base": found.bases, "taxes": found.taxes, "cost": found.cost,
                               "eligible": self._eligible, "transfers": self._transfers(world, own(found.taxes))}

    def _transfers(self, world, own):
        """(member, year, giver, receiver) what is given by own taxes (member, entry, authority)."""
        authorities = own.shape[2] + 1
        given = np.zeros((world.members, len(self._years), authorities, authorities), np.int64)
        for quarter in range(world.calendar.length if sharing.is_agreed(world) else 0):
            given[:, self._years.index(year_of(world.calendar, quarter))] += sharing.transfers(
                world, quarter, own[:, quarter + 1], own[:, 0])
        return given

    def _rules_of(self, world, quarter):
        """The Rules of a quarter, made anew when a policy starts or ends."""
        now = acting(world, quarter)
        if now != self._acting:
            self._acting, self._rules = now, rules(world, quarter)
        return self._rules


def year_of(calendar: Calendar, quarter: int) -> int:
    """The calendar year of a quarter of the run."""
    return (calendar.first + quarter) // 4


def years(calendar: Calendar) -> list[int]:
    """Calendar years of the run."""
    return list(range(year_of(calendar, 0), year_of(calendar, calendar.length - 1) + 1))


def _empty_tally(world):
    members, sites, number = world.members, world.sites, len(world.policies)
    return Tally(employees=np.zeros((members, sites, 2), np.int64),
                 relieved=np.zeros((members, number, sites, 2), np.int64),
                 paid=np.zeros((members, number, sites), np.int64),
                 entitled=np.zeros((members, number, sites), np.int64),
                 recognised=np.zeros((members, sites), np.int64),
                 registered=np.zeros((members, 2, sites), np.int64),
                 apart=np.zeros((members, 2, sites), np.int64),
                 fixed=np.zeros((members, len(fixed_criteria.SERIES), sites), np.int64))
