"""A run boiled down to what a comparison needs: stocks at closes of years, flows summed since the opening.

Identities: a stock less the opening stock is the sum of its flows, by member and site.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.base.own_words import own, spoken
from sim.experiments.compare.public_accounts import accounts_of
from sim.results import dataset, run_folder
from sim.results.summary import RING_ZH

STOCKS = ("headquarters", "enterprises")
PLACES = ("employment", "rent", "floor")
FLOWS = ("entries", "exits", "spinoffs", "growth")      # of enterprises; "headquarters_..." of headquarters
SERIES = ("potential_entrants", "entrant_value", "r_choice", "r_dyn", "rivalness", "capitalised_long_run")
AT_ONCE = 10                    # members whose flows are read together
SITE_COLUMNS = ("name_en", "name_zh", "short_en", "short_zh", "ring", "jurisdiction", "jurisdiction_en",
                "jurisdiction_zh", "nest", "in_zone", "is_town", "order")


@dataclass(frozen=True)
class Levels:
    """Arrays of one run by name, at `quarters`; nothing in it is read from disk later.

    Stocks are (member, quarter, site, industry, type), employment, rent and floor (member, quarter,
    site). Flows are sums from the opening to the close: entries, exits, spin-offs like the stocks,
    moves (member, quarter, origin, destination) with outside last, arrivals (member, quarter, site,
    industry) are moves that end at a site, declined (member, quarter). At every quarter of the run
    stand zone_headquarters and SERIES (member, every). Money is as `accounts_of` says.
    """

    quarters: tuple[str, ...]            # labels, the opening first and the end last
    every: tuple[str, ...]               # labels of all quarters
    sites: pd.DataFrame        # by site id, in the order of the arrays
    names: dict[str, dict[str, tuple[str, str]]]                # dimension -> id -> (English, Chinese)
    members: np.ndarray        # (member,) replicates
    arrays: dict[str, NDArray[Any]]
    attrs: dict[str, Any]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def __contains__(self, name: str) -> bool:
        return name in self.arrays

    @property
    def zone(self) -> NDArray[np.bool_]:
        """(site,) mask of the zone."""
        return self.sites["in_zone"].to_numpy(bool)

    @functools.cached_property
    def by_site(self) -> dict[str, NDArray[Any]]:
        """Measure -> (member, quarter, site) of stocks and places, all industries and types together."""
        return {name: self[name].reshape(*self[name].shape[:3], -1).sum(axis=3) if self[name].ndim == 5
                else self[name] for name in (*STOCKS, *PLACES) if name in self}

    @property
    def zone_zh(self) -> str:
        """What the zone is called in Chinese."""
        return own(spoken("zh", self.attrs), "zone")

    def at(self, quarter: str) -> int:
        """Position of a quarter's label."""
        return self.quarters.index(quarter)


Pairs: TypeAlias = "Sequence[tuple[str, Levels, Levels]]"      # scenario, its Levels, those of the baseline


def pairs_of(levels: Mapping[str, Levels]) -> Pairs:
    """[(scenario, its Levels, those of the baseline)]; levels: by scenario, the baseline first."""
    (_, baseline), *others = levels.items()
    return [(name, each, baseline) for name, each in others]


def have_accounts(pairs: Pairs) -> bool:
    """Whether all runs of the pairs have public accounts."""
    return all("cost" in levels for _, here, there in pairs for levels in (here, there))


def change_of_account(here: Levels, there: Levels, name: str) -> NDArray[np.float64]:
    """(member,) RMB million that an account of all authorities is larger here than there."""
    return (here[name] - there[name]).reshape(len(here[name]), -1).sum(axis=1) / 1e6


def levels_of(folder: Path, events: Iterable[str] = (), data: xr.Dataset | None = None) -> Levels:
    """Levels of the finished run in a folder, at closes of years and the eves of the events.

    events are labels of quarters in which policies begin; the state before them is kept too. `data` are the run's
    results where they are at hand.
    """
    if data is not None:
        return of_dataset(data, events)
    path = run_folder.verified(folder, run_folder.finished(folder), "results.nc")
    with dataset.opened(path) as data:
        return of_dataset(data, events)


def of_dataset(data: xr.Dataset, events: Iterable[str] = ()) -> Levels:
    """The same of a run's dataset."""
    quarters = data["quarter"].to_numpy().astype(str)
    positions = closes(quarters, events)
    columns = {name: data[name].to_numpy() for name in SITE_COLUMNS if name in data.coords}
    sites = pd.DataFrame(columns, index=data["site"].to_numpy().astype(str))
    return Levels(tuple(map(str, quarters[positions])), tuple(map(str, quarters)), sites, names(data),
                  data["member"].to_numpy(), _arrays(data, positions), dict(data.attrs))


def closes(labels: Iterable[str], events: Iterable[str] = ()) -> list[int]:
    """Positions of the opening, the closes of years, the eves of events and the end, ascending."""
    labels = list(labels)
    eves = {labels.index(event) - 1 for event in events if event in labels[1:]}
    return sorted({0, len(labels) - 1, *eves, *(k for k, label in enumerate(labels) if label.endswith("Q4"))})


def summed(values: NDArray[Any], positions: Sequence[int]) -> NDArray[Any]:
    """Sums of flows (member, quarter, ...) from the opening to the close of each position."""
    wide = np.int32 if values.dtype.itemsize < 4 else np.int64             # sums of 65,536 quarters fit into 32 bits
    sums, total, first = [], 0, 0
    for position in positions:
        total = total + values[:, first:position + 1].sum(axis=1, dtype=wide)
        sums.append(total)
        first = position + 1
    return np.stack(sums, axis=1)


def _arrays(data, positions):
    # Read whole, which is far faster; and row by row in memory, so that sums are the same wherever it comes from.
    found = {name: np.ascontiguousarray(data[name].to_numpy()[:, positions]) for name in (*STOCKS, *PLACES)}
    for name in FLOWS:
        for flow in (name, f"headquarters_{name}"):
            if flow in data:
                found[flow] = summed(data[flow].to_numpy(), positions)
    found["moves"], found["arrivals"] = _moves(data["flows"], positions)
    if "headquarters_flows" in data:
        found["headquarters_moves"] = summed(data["headquarters_flows"].to_numpy(), positions)
    found["declined"] = summed(data["declined"].to_numpy(), positions)
    zone = data["headquarters"].to_numpy()[:, :, data["in_zone"].to_numpy().astype(bool)]
    found["zone_headquarters"] = zone.sum(axis=(2, 3, 4))
    found |= {name: data[name].to_numpy() for name in ("moving_cost", "stay_constant", *SERIES) if name in data}
    return found | accounts_of(data)


def _moves(flows, positions):
    """Moves and arrivals from flows (member, quarter, industry, ...), the largest variable, a few members at a time."""
    moves, arrivals = [], []
    for first in range(0, flows.sizes["member"], AT_ONCE):
        some = summed(flows[first:first + AT_ONCE].to_numpy(), positions)
        moves.append(some.sum(axis=2, dtype=some.dtype))
        ending = some.sum(axis=3, dtype=some.dtype)[..., :-1]                # (member, quarter, industry, site)
        arrivals.append(ending.swapaxes(2, 3))
    return np.concatenate(moves), np.concatenate(arrivals)


def names(data: xr.Dataset) -> dict[str, dict[str, tuple[str, str]]]:
    """Dimension -> id -> (English, Chinese), for what tables speak of."""
    found = {dim: _pairs(data, dim, dim) for dim in ("industry", "hq_type")}
    order = np.argsort(data["order"].to_numpy(), kind="stable")
    sites = data.isel(site=order)
    found["jurisdiction"] = _pairs(sites, "jurisdiction", "jurisdiction")
    found["site"] = _pairs(sites, "site", "name")
    for axis in ("authority", "policy"):
        if axis in data.coords:
            found[axis] = _pairs(data, axis, axis)
    found["ring"] = {name: (name, RING_ZH.get(name, name)) for name in sites["ring"].to_numpy().astype(str)}
    return found


def _pairs(data, ids, name):
    """Id -> (English, Chinese) in the order of the data."""
    columns = [data[key].to_numpy().astype(str).tolist() for key in (ids, f"{name}_en", f"{name}_zh")]
    return {key: (english, chinese) for key, english, chinese in zip(*columns)}
