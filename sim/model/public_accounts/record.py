"""Public accounts through a run: arrays of one chunk of members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.tax_base import Tally, tally
from sim.model.public_accounts import BASES, LEVELS, PAYERS, TAXES, fixed_criteria, sharing
from sim.model.public_accounts.money import money, own
from sim.model.public_accounts.rules import acting, rules

if TYPE_CHECKING:
    from sim.base.calendar import Calendar
    from sim.kernels import arrays
    from sim.model.step import RunConstants
    from sim.model.world import World

EVE = -1


class AccountsRecorder:
    """Arrays (member, quarter + 1, ...), entry 0 the eve, or (member, year, ...).

    Taxes of the eve are what a quarter brings at the opening stock; nothing is paid or shared then.
    """

    def __init__(self, world: World) -> None:
        self._tally, self._years = _empty_tally(world), years(world.calendar)
        self._acting = self._rules = None
        self._lower = np.ascontiguousarray(np.moveaxis(fixed_criteria.growth(world), 2, 0))    # (entry, series, member)
        length, authorities = world.calendar.length + 1, world.authorities.shape[1]
        quarterly, yearly = (world.members, length), (world.members, len(self._years))
        places = (*quarterly, world.sites)
        self.arrays = {name: np.zeros(places, np.int32) for name in (
            "registered", "registered_headquarters", "registered_elsewhere", "headquarters_registered_elsewhere",
            "recognised", *fixed_criteria.SERIES)}
        self.arrays |= {
            "tax_base": np.zeros((*quarterly, authorities, len(BASES)), np.int64),
            "taxes": np.zeros((*quarterly, authorities, len(TAXES), len(LEVELS)), np.int64),
            "cost": np.zeros((*yearly, len(world.policies), authorities, len(PAYERS)), np.int64),
            "eligible": np.zeros((*yearly, len(world.policies), authorities), np.int32),
            "transfers": np.zeros((*yearly, authorities + 1, authorities + 1), np.int64)}

    def close(self, world: World, fixed: RunConstants, state: arrays.State, entry: int) -> None:
        """Draw up the accounts of an entry: 0 is the eve, q + 1 the close of quarter q."""
        quarter = entry + EVE
        tally(quarter, state, fixed.criteria, self._lower[entry], self._rules_of(world, quarter), self._tally)
        found = money(world, quarter, self._tally, fixed.base_spending)
        self._stocks(entry)
        self.arrays["tax_base"][:, entry], self.arrays["taxes"][:, entry] = found.bases, found.taxes
        if quarter > EVE:
            year = self._years.index(year_of(world.calendar, quarter))
            self.arrays["cost"][:, year] += found.cost
            meant = self._tally.paid + self._tally.entitled
            if meant.any():
                self.arrays["eligible"][:, year] += meant @ world.authorities
            self.arrays["transfers"][:, year] += sharing.transfers(world, quarter, own(found.taxes),
                                                                   own(self.arrays["taxes"][:, 0]))

    def _rules_of(self, world, quarter):
        """The Rules of a quarter, made anew when a policy starts or ends."""
        now = acting(world, quarter)
        if now != self._acting:
            self._acting, self._rules = now, rules(world, quarter)
        return self._rules

    def _stocks(self, entry):
        found = {"registered": self._tally.registered[:, 0], "registered_elsewhere": self._tally.apart[:, 0],
                 "registered_headquarters": self._tally.registered[:, 1],
                 "headquarters_registered_elsewhere": self._tally.apart[:, 1], "recognised": self._tally.recognised,
                 **dict(zip(fixed_criteria.SERIES, np.moveaxis(self._tally.fixed, 1, 0)))}
        for name, values in found.items():
            self.arrays[name][:, entry] = values


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
