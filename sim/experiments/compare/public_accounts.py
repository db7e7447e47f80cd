"""Public accounts of a run, summed over its years: money in RMB by jurisdiction."""

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

LOCAL = "local"                # the level, and the payer, that a jurisdiction itself is


def accounts_of(data: xr.Dataset) -> dict[str, NDArray[Any]]:
    """Arrays by name; empty where the run keeps no accounts.

    cost (member, authority, payer) of all policies; paid (member, authority) what jurisdictions pay
    themselves, relief forgone apart, for taxes are net of it; taxes (member, authority) of their own,
    taxes_all (member,) of all levels; transfers (member, giver, receiver); eligible (member, policy)
    registrations that a policy was for.
    """
    if not {"cost", "taxes", "transfers"} <= set(data.variables):
        return {}
    cost = data["cost"].transpose("member", "year", "policy", "authority", "payer").to_numpy().sum(axis=1)
    taxes = data["taxes"].transpose("member", "quarter", "authority", "tax", "level").to_numpy()[:, 1:]
    transfers = data["transfers"].transpose("member", "year", "giver", "receiver").to_numpy()
    relief = data["cost_kind"].to_numpy().astype(str) == "relief"
    payer, level = (list(data[name].to_numpy().astype(str)).index(LOCAL) for name in ("payer", "level"))
    return {"cost": cost.sum(axis=1), "paid": cost[..., payer][:, ~relief].sum(axis=1),
            "taxes": taxes[..., level].sum(axis=(1, 3)), "taxes_all": taxes.sum(axis=(1, 2, 3, 4)),
            "transfers": transfers.sum(axis=1, dtype=np.int64),
            "eligible": data["eligible"].transpose("member", "policy", ...).to_numpy().sum(axis=(2, 3))}
