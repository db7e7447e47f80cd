"""The ledger: what every government takes in and spends, before and after sharing, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, both, translate
from sim.model.public_accounts import FUND
from sim.results.account_labels import WORDS

if TYPE_CHECKING:
    import xarray as xr

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
            for year, numbers in zip(years, _statistics(amounts)):
                rows.append((year, level, WORDS[level][1], *place, name, _chinese(name), unit, *numbers))
    return pd.DataFrame(rows, columns=COLUMNS)


def yearly(data: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """The accounts of a dataset by year: taxes, cost (by kind) and transfers as whole RMB."""
    ran = data["taxes"].isel(quarter=slice(1, None))
    taxes = ran.groupby(ran["date"].dt.year.rename("year")).sum("quarter")
    return taxes.transpose("member", "year", ...), data["cost"], data["transfers"]


def _governments(data: xr.Dataset) -> Iterator[tuple[tuple[str, tuple[str, ...]], dict[str, NDArray[Any]]]]:
    """((level, (id, name, Chinese name)), item -> (member, year + 1) amounts) of every government."""
    taxes, cost, transfers = yearly(data)
    keys = ("authority", "authority_en", "authority_zh")
    names = list(zip(*(data[key].to_numpy().astype(str) for key in keys)))
    for level in ("local", "province", "central"):
        for name in names:
            yield (level, name), _items(level, taxes.sel(authority=name[0], level=level),
                                        cost.sel(authority=name[0], payer=level), transfers)
    fund = _summed(transfers.sel(receiver=FUND).sum("giver"))
    spent = _summed(cost.sel(payer=FUND).sum(["policy", "authority"]))
    yield (FUND, ALL), {"received": fund / RMB, "cost": spent / RMB, "balance": (fund - spent) / RMB}


def _items(level: str, taxes: xr.DataArray, cost: xr.DataArray, transfers: xr.DataArray) -> dict[str, NDArray[Any]]:
    """Amounts of one government, RMB million."""
    paid, spent_on = (each.transpose("member", "year", axis).to_numpy() for each, axis in
                      ((taxes, "tax"), (cost, "policy")))
    by_tax = {str(name): _with_sum(paid[..., k]) for k, name in enumerate(taxes["tax"].to_numpy())}
    kinds = cost["cost_kind"].to_numpy()
    by_kind = {kind: _with_sum(spent_on[..., kinds == kind].sum(axis=2)) for kind in ("relief", "grant", "spending")}
    total, spent = sum(by_tax.values()), by_kind["grant"] + by_kind["spending"]
    items = {**by_tax, "taxes": total, **by_kind, "cost": spent, "before": total - spent}
    if level == "local":
        name = str(taxes["authority"].to_numpy())
        given = _summed(transfers.sel(giver=name).sum("receiver"))
        received = _summed(transfers.sel(receiver=name).sum("giver"))
        gain = received - given
        items |= {"given": given, "received": received, "after": items["before"] + gain, "gain": gain}
        return {key: value / RMB for key, value in items.items()} | {"worse_off": (gain < 0).astype(float)}
    return {key: value / RMB for key, value in items.items()}


def _summed(amounts: xr.DataArray) -> NDArray[Any]:
    """(member, year + 1) amounts by year, and of all years."""
    return _with_sum(amounts.transpose("member", "year").to_numpy())


def _with_sum(values: NDArray[Any]) -> NDArray[Any]:
    """(member, year) amounts, with a last column for the sum of all years."""
    return np.concatenate([values, values.sum(axis=1, keepdims=True)], axis=1)


def _chinese(name: str) -> str:
    return ITEMS.get(name) or WORDS[name][1]


def _statistics(amounts: NDArray[Any]) -> list[tuple[float, ...]]:
    """Mean, sd, standard error, 5 and 95 % quantiles, number; of every column of (member, year) amounts."""
    n, by_year = len(amounts), np.ascontiguousarray(amounts.T)
    sd = np.std(by_year, axis=1, ddof=1) if n > 1 else np.full(len(by_year), np.nan)
    low, high = np.percentile(by_year, [5, 95], axis=1)
    columns = (np.mean(by_year, axis=1), sd, sd / n**0.5, low, high)
    return [(*map(float, numbers), n) for numbers in zip(*columns)]
