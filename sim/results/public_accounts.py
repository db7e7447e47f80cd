"""The ledger: what every government takes in and spends, before and after sharing, year by year."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.base.messages import _, both, translate
from sim.model.public_accounts import FUND
from sim.results.account_labels import WORDS
from sim.results.summary import statistics

RMB = 1e6                      # of a million
COLUMNS = ("year", "level", "level_zh", "authority", "authority_en", "authority_zh", "item", "item_zh",
           "unit", "mean", "sd", "se", "p05", "p95", "members")
ALL_YEARS, ALL = "all", ("all", *both(_("all")))
ITEMS = {
    "taxes": translate(_("all taxes"), "zh"),
    "cost": translate(_("all costs"), "zh"),
    "before": translate(_("balance before the sharing"), "zh"),
    "given": translate(_("given"), "zh"),
    "received": translate(_("received"), "zh"),
    "after": translate(_("balance after the sharing"), "zh"),
    "gain": translate(_("net gain from sharing"), "zh"),
    "worse_off": translate(_("share of replicates that are worse off because of sharing"), "zh"),
    "balance": translate(_("balance of the fund"), "zh")}


def table(data: xr.Dataset) -> pd.DataFrame:
    """DataFrame (one row a year, government and item): mean, sd, standard error, 5-95 % band, members.

    RMB million, over replicates; the year "all" is the sum over the run. before = taxes - cost, after =
    before + received - given. Sharing is in nobody's utility, so `before` is what a jurisdiction has
    alone, and `worse_off` the share of replicates in which it has less with sharing.
    """
    rows = []
    for (level, place), items in _governments(data):
        for name, amounts in items.items():
            unit = "share" if name == "worse_off" else "RMB million"
            years = [*map(str, data["year"].to_numpy()), ALL_YEARS]
            for year, numbers in zip(years, statistics(amounts)):
                rows.append((year, level, WORDS[level][1], *place, name, ITEMS.get(name) or WORDS[name][1], unit,
                             *numbers))
    return pd.DataFrame(rows, columns=COLUMNS)


class Accounts(NamedTuple):
    """The accounts of a run by year as whole RMB, and what stands along their axes."""

    taxes: np.ndarray           # (member, year, authority, tax, level)
    cost: np.ndarray            # (member, year, policy, authority, payer)
    transfers: np.ndarray       # (member, year, giver, receiver)
    kinds: np.ndarray           # (policy,) relief, grant or spending
    axes: dict[str, list[str]]


def accounts(data: xr.Dataset) -> Accounts:
    """The Accounts of a dataset, each variable read once."""
    years, axes = data["date"].dt.year.to_numpy()[1:], ("authority", "tax", "level", "payer", "giver", "receiver")
    taxes = data["taxes"].transpose("member", "quarter", "authority", "tax", "level").to_numpy()[:, 1:]
    return Accounts(
        np.add.reduceat(taxes, np.flatnonzero(np.diff(years, prepend=0)), axis=1),
        data["cost"].transpose("member", "year", "policy", "authority", "payer").to_numpy(),
        data["transfers"].transpose("member", "year", "giver", "receiver").to_numpy(),
        data["cost_kind"].to_numpy().astype(str), {name: list(map(str, data[name].to_numpy())) for name in axes})


def _governments(data: xr.Dataset) -> Iterator[tuple[tuple[str, tuple[str, ...]], dict[str, NDArray[Any]]]]:
    """((level, (id, name, Chinese name)), item -> (member, year + 1) amounts) of every government."""
    found = accounts(data)
    keys = ("authority", "authority_en", "authority_zh")
    names = list(zip(*(data[key].to_numpy().astype(str) for key in keys)))
    for level in ("local", "province", "central"):
        for k, name in enumerate(names):
            yield (level, name), _items(level, k, found)
    fund = _summed(found.transfers[..., found.axes["receiver"].index(FUND)].sum(axis=2))
    spent = _summed(found.cost[..., found.axes["payer"].index(FUND)].sum(axis=(2, 3)))
    yield (FUND, ALL), {"received": fund / RMB, "cost": spent / RMB, "balance": (fund - spent) / RMB}


def _items(level: str, authority: int, found: Accounts) -> dict[str, NDArray[Any]]:
    """Amounts of one government, RMB million."""
    taxes = found.taxes[:, :, authority, :, found.axes["level"].index(level)]
    cost = found.cost[:, :, :, authority, found.axes["payer"].index(level)]
    by_tax = {name: _summed(taxes[..., k]) for k, name in enumerate(found.axes["tax"])}
    by_kind = {kind: _summed(cost[..., found.kinds == kind].sum(axis=2)) for kind in ("relief", "grant", "spending")}
    total, spent = sum(by_tax.values()), by_kind["grant"] + by_kind["spending"]
    items = {**by_tax, "taxes": total, **by_kind, "cost": spent, "before": total - spent}
    if level == "local":
        name = found.axes["authority"][authority]
        given = _summed(found.transfers[:, :, found.axes["giver"].index(name)].sum(axis=2))
        received = _summed(found.transfers[..., found.axes["receiver"].index(name)].sum(axis=2))
        gain = received - given
        items |= {"given": given, "received": received, "after": items["before"] + gain, "gain": gain}
        return {key: value / RMB for key, value in items.items()} | {"worse_off": (gain < 0).astype(float)}
    return {key: value / RMB for key, value in items.items()}


def _summed(amounts: NDArray[Any]) -> NDArray[Any]:
    """(member, year + 1) amounts by year, and of all years."""
    return np.concatenate([amounts, amounts.sum(axis=1, keepdims=True)], axis=1)
