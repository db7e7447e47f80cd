"""Public accounts through a run: arrays of one chunk of members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.base.calendar import EVE
from sim.kernels.tax_base import Tally, tally
from sim.model.public_accounts import fixed_criteria, sharing
from sim.model.public_accounts.money import Entries, by_authority, by_year, money, own
from sim.model.public_accounts.rules import rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        self._tally, self._years = empty_tally(world, world.calendar.length + 1), world.calendar.years()
        self._lower = np.ascontiguousarray(np.moveaxis(fixed_criteria.growth(world), 2, 0))    # (entry, series, member)

    def close(self, world: World, fixed: RunConstants, state: arrays.State, entry: int,
              scratch: dict | None = None) -> None:
        """Count what an entry's accounts are drawn up from: 0 is the eve, q + 1 the close of quarter q."""
        tally(entry + EVE, state, fixed.criteria, self._lower[entry], rules(world, entry + EVE),
              Tally(*(array[entry] for array in self._tally)), scratch)

    def drawn_up(self, world: World, fixed: RunConstants) -> dict[str, NDArray[Any]]:
        """The accounts of all that has been recorded, by name."""
        found = Tally(*(array.swapaxes(0, 1) for array in self._tally))       # (member, entry, ...)
        stocks = np.concatenate([found.registered, found.apart, found.recognised[:, :, None], found.fixed], axis=2)
        counted = dict(zip(STOCKS, np.ascontiguousarray(np.moveaxis(stocks, 2, 0)), strict=True))
        entries = Entries(by_authority(world, found.employees), found.relieved, found.paid)
        drawn = money(world, entries, fixed.base_spending)
        eligible = by_year(found.paid + found.entitled, world.calendar).astype(np.int32)
        return counted | {"tax_base": drawn.bases, "taxes": drawn.taxes, "cost": drawn.cost, "eligible": eligible,
                          "transfers": self._transfers(world, own(drawn.taxes))}

    def _transfers(self, world, own):
        """(member, year, giver, receiver) what is given by own taxes (member, entry, authority)."""
        authorities = own.shape[2] + 1
        given = np.zeros((world.members, len(self._years), authorities, authorities), np.int64)
        for quarter in range(world.calendar.length if sharing.is_agreed(world) else 0):
            given[:, self._years.index(world.calendar.year_of(quarter))] += sharing.transfers(
                world, quarter, own[:, quarter + 1], own[:, 0])
        return given


def empty_tally(world: World, *entries: int) -> Tally:
    """A Tally of nothing, or (entry, ...) so many of them."""
    sites, authorities = world.sites, len(world.region.jurisdictions)
    members, policies = (*entries, world.members), (*entries, world.members, len(world.policies))
    return Tally(employees=np.zeros((*members, sites, 2), np.int64),
                 relieved=np.zeros((*policies, authorities, 2), np.int64),
                 paid=np.zeros((*policies, authorities), np.int64),
                 entitled=np.zeros((*policies, authorities), np.int64),
                 recognised=np.zeros((*members, sites), np.int32),
                 registered=np.zeros((*members, 2, sites), np.int32),
                 apart=np.zeros((*members, 2, sites), np.int32),
                 fixed=np.zeros((*members, len(fixed_criteria.SERIES), sites), np.int32))
