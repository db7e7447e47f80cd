"""Levers: everything about sites that policies can move, in one quarter.

Decisions 21 and 22 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

REGIMES = ("ftz", "scitech", "bundle", "accounts")


class Award(NamedTuple):
    """What one recognition policy pays, and to whom."""

    amount: np.ndarray          # (member, class, site) RMB million on arrival
    bar: np.ndarray             # (member, class) ln employees that recognition asks for
    research: np.ndarray        # (member, class) employees times R&D intensity that it asks for


class Levers(NamedTuple):
    """Leading axis member, of length 1 where all members agree."""

    tax_relief: np.ndarray      # (member, class, site) percentage points below the national rate
    benefit_quarters: np.ndarray  # (member, class, site) how long arrivals keep the relief; 0 = none
    grant: np.ndarray           # (member, class, site) RMB million on arrival
    awards: tuple               # of Award, grants that recognised headquarters alone draw
    regimes: dict               # name -> (member, site) level in [0, 1]
    services: np.ndarray        # (member, system, site) index, 1 in the base year
    distance: np.ndarray        # (member, site, site) between sites as peers feel it, relative to the map's
    talent: np.ndarray          # (member, site) index, 1 in the base year
    ecology: np.ndarray         # (member, site) index, 1 in the base year
    land: np.ndarray            # (member, site) usable floor and capacity relative to the base year
    open_land: np.ndarray       # (member, site) share of the land that red lines leave open
    alliances: np.ndarray       # (member, alliance) how much of each alliance is perceived
    rent: np.ndarray            # (member, site) index, 1 in the base year
    floor: np.ndarray           # (member, site) usable floor, the stock's own unit
    constant: np.ndarray        # (member, class or 1, site) alternative-specific constants

    def status(self, regime: str) -> NDArray[np.float64]:
        """(member, site) level of a regime that counts: a bundle takes the place of its components as far as it goes.

        A full FTZ status is opening-up measures and free trade accounts together, and never more than 1.
        """
        level = self.regimes[regime]
        if regime == "ftz":
            level = np.minimum(1.0, level + self.regimes["accounts"])
        return level * (1.0 - self.regimes["bundle"])


def neutral(classes: int, sites: int, alliances: int = 0) -> Levers:
    """Levers of a quarter without policies and with base-year rents."""
    flat = np.ones((1, sites))
    return Levers(tax_relief=np.zeros((1, classes, sites)),
                  benefit_quarters=np.zeros((1, classes, sites)),
                  grant=np.zeros((1, classes, sites)), awards=(),
                  regimes={name: np.zeros((1, sites)) for name in REGIMES},
                  services=np.ones((1, 5, sites)), distance=np.ones((1, sites, sites)),
                  talent=flat, ecology=flat, land=flat,
                  open_land=flat, alliances=np.zeros((1, alliances)),
                  rent=flat, floor=flat, constant=np.zeros((1, 1, sites)))
