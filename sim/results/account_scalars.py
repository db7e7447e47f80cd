"""What is kept of the public accounts of a run: two sums over its years, in RMB million.

    public_cost      relief forgone, grants and spending of all policies, whoever pays
    balance_in_zone  own taxes (after relief) of the jurisdictions that have sites in the zone, less the grants and
                     spending that they pay themselves, plus transfers received less transfers given

They are those of `costs.csv` and of `fiscal.csv`, item `after`, summed over the zone's jurisdictions.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.public_accounts import LEVELS, PAYERS
from sim.region.load import Region

RMB = 1e6                      # of a million


def of_arrays(arrays: Mapping[str, NDArray[Any]], region: Region,
              relief: NDArray[np.bool_]) -> dict[str, NDArray[np.float64]]:
    """Name -> (member,) RMB million; `relief` (policy,): what a policy costs is relief, which taxes are net of already.

    arrays: cost (member, year, policy, authority, payer), taxes (member, quarter + 1, authority, tax, level) and
    transfers (member, year, giver, receiver), the joint fund last of both, as a run records them.
    """
    zone = _in_zone(region)
    cost = np.asarray(arrays["cost"]).sum(axis=1)                                # (member, policy, authority, payer)
    paid = cost[..., PAYERS.index("local")][:, ~relief].sum(axis=1)
    taxes = np.asarray(arrays["taxes"])[:, 1:, ..., LEVELS.index("local")].sum(axis=(1, 3))
    given = np.asarray(arrays["transfers"]).sum(axis=1)
    received = (given.sum(axis=1) - given.sum(axis=2))[:, :len(zone)]
    balance = (taxes - paid + received)[:, zone].sum(axis=1)
    return {"public_cost": cost.sum(axis=(1, 2, 3)) / RMB, "balance_in_zone": balance / RMB}


def _in_zone(region: Region) -> NDArray[np.bool_]:
    """(authority,) whether a jurisdiction has a site in the zone."""
    there = set(region.sites["jurisdiction"][region.sites["in_zone"].to_numpy(bool)])
    return np.array([name in there for name in region.jurisdictions.index])
