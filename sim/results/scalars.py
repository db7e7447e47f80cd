"""What is kept of a run: scalars at the end and at chosen quarters, series, maps by site.

A scalar is a path over the quarters, of which single quarters are kept; flows are summed up from the
start. All are float64, so that a table of a million runs has one kind of number.

Decision 57 (docs/decisions.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import InputError
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.base.sparse_counts import between

if TYPE_CHECKING:
    from sim.base.calendar import Calendar
    from sim.experiments.sweep.sections import Outputs
    from sim.experiments.sweep.sweep_file import Experiment, Place, SweptScenario
    from sim.model.outcome import Outcome
    from sim.region.load import Region

MAPS = {"headquarters": "enterprises", "enterprises": "enterprises", "employment": "employees",
        "rent": "1", "floor": "1"}
PLACES = {"zone": "the zone", "towns": "the towns", "core": "the core ring",
          "linkage": "the linkage ring", "radiation": "the radiation ring", "everywhere": "all sites"}
STOCKS = {"headquarters": "enterprises", "enterprises": "enterprises", "employment": "employees"}
FLOWS = {"entries_in_zone": "entrants that chose the zone, since the start",
         "spinoffs_in_zone": "spin-offs among them, since the start",
         "exits_in_zone": "enterprises that closed in the zone, since the start",
         "moves_into_zone": "moves into the zone from other sites, since the start",
         "moves_out_of_zone": "moves out of the zone, since the start",
         "declined": "potential entrants that stayed outside, since the start"}
FEEDBACK = {"r_choice": ("1", "feedback of the entrants' map, R_choice, where it is measured"),
            "r_dyn": ("1", "feedback of the quarterly map, R_dyn, where it is measured"),
            "half_life": ("year", "half-life of the slowest mode, where it is measured"),
            "rivalness": ("1", "rivalness of the zone among entrants, where it is measured"),
            "arrived": ("share", "share of the long-run effect that has come, where it is measured"),
            "capitalised": ("share", "share of a lasting gain that rents take back, where it is measured"),
            "capitalised_long_run": ("share", "the same in the long run, where it is measured")}
CONSTANTS = {"moving_cost": ("1", "constant of the moving cost"),
             "base_residual": ("share", "largest error of a base-year equation")}
READ = frozenset({*STOCKS, "rent", "entries", "spinoffs", "exits", "flows", "declined"})     # arrays, in any case
ACCOUNTS = {"public_cost": ("RMB million", "relief forgone, grants and spending of all policies, over the run"),
            "balance_in_zone": ("RMB million", "balance of the zone's jurisdictions after sharing, over the run")}


def scalars(regions: Iterable[Region]) -> dict[str, tuple[str, str]]:
    """Name -> (unit, what it is) of the scalars that vary over quarters, for runs on these regions."""
    found = {}
    for stock, unit in STOCKS.items():
        for place, words in {**PLACES, **_jurisdictions(regions)}.items():
            found[f"{stock}_in_{place}" if place != "everywhere" else f"{stock}_everywhere"] = (
                unit, f"{stock} in {words}")
    found["rent_in_zone"] = ("1", "mean rent index of the zone's sites, base year = 1")
    return found | {name: ("enterprises", words) for name, words in FLOWS.items()} | FEEDBACK


def units(regions: Iterable[Region]) -> dict[str, tuple[str, str]]:
    """Name -> (unit, what it is) of every scalar."""
    return scalars(regions) | CONSTANTS | ACCOUNTS


def columns(kept: Outputs, regions: Iterable[Region]) -> tuple[list[str], list[str]]:
    """Names of all output columns: scalars at the end, at chosen quarters, series, maps."""
    varying = list(scalars(regions))
    numbers = [*varying, *CONSTANTS, *ACCOUNTS, *(f"{name}@{quarter}" for quarter in kept.quarters for name in varying)]
    maps = [f"map.{name}{at}" for name in kept.maps for at in ("", *(f"@{q}" for q in kept.quarters))]
    return numbers, [*(f"series.{name}" for name in kept.series), *maps]


def labels(experiment: Experiment) -> dict[str, list[str]]:
    """What the elements of series and maps stand for; an empty list where runs differ in it."""
    moved = any(path[0] == "time" for axis in experiment.axes for path in axis.paths)
    quarters = [swept.scenario.values.time.calendar.labels() for swept in experiment.scenarios]
    sites = [list(map(str, swept.region.sites.index)) for swept in experiment.scenarios]
    return {"series": [] if moved else _shared(quarters), "map": _shared(sites)}


def _shared(found: list[list[str]]) -> list[str]:
    """What all runs have, an empty list where they differ."""
    return found[0] if found.count(found[0]) == len(found) else []


def of_outcome(outcome: Outcome, region: Region, calendar: Calendar, kept: Outputs) -> dict[str, NDArray[np.float64]]:
    """Column -> (member,) numbers or (member, length) rows of the outcome of an ensemble, but for ACCOUNTS."""
    paths = _paths(outcome.arrays, region)
    at = {"": -1, **{f"@{quarter}": _index(calendar, quarter) for quarter in kept.quarters}}
    found = {f"{name}{label}": _taken(path, index) for label, index in at.items() for name, path in paths.items()}
    found |= {"moving_cost": outcome.mean_cost, "base_residual": outcome.residual}
    found |= {f"series.{name}": paths[name] for name in kept.series}
    for name in kept.maps:
        by_site = _by_site(outcome.arrays[name])
        found |= {f"map.{name}{label}": _taken(by_site, index) for label, index in at.items()}
    return {name: values.astype(float) for name, values in found.items()}


def refuse_unknown(kept: Outputs, scenarios: Sequence[SweptScenario], place: Place) -> None:
    """InputError for outputs that there are none of."""
    known = {"series": list(scalars([swept.region for swept in scenarios])), "maps": list(MAPS)}
    problems = [place.problem(("outputs", key), _("there is no output {name!r}", name=name),
                              _("one of {names}", names=", ".join(names)), near_miss(name, names))
                for key, names in known.items() for name in getattr(kept, key) if name not in names]
    problems += [place.problem(("outputs", "quarters"), _("{label!r} is not a quarter", label=label),
                               _("one such as 2030-Q4"))
                 for label in kept.quarters if not re.fullmatch(r"\d{4}-Q[1-4]", label)]
    for swept in scenarios if not problems else ():
        labels = swept.scenario.values.time.calendar.labels()
        problems += [place.problem(("outputs", "quarters"),
                                   _("scenario {scenario} does not reach {quarter}",
                                     scenario=swept.label, quarter=label),
                                   _("a quarter from {first} to {last}", first=labels[0], last=labels[-1]))
                     for label in kept.quarters if label not in labels]
    if problems:
        raise InputError(problems)


def _jurisdictions(regions: Iterable[Region]) -> dict[str, str]:
    names = sorted({str(name) for region in regions for name in region.jurisdictions.index})
    return {name: f"the jurisdiction {name}" for name in names if name not in PLACES}


def _paths(arrays: Mapping[str, NDArray[Any]], region: Region) -> dict[str, NDArray[Any]]:
    """Name -> (member, quarter) path of every scalar."""
    masks = _masks(region)
    found: dict[str, NDArray[Any]] = {}
    for name in STOCKS:
        by_site = _by_site(arrays[name])
        found |= {f"{name}_in_{place}": by_site[:, :, mask].sum(axis=2) for place, mask in masks.items()}
        found[f"{name}_everywhere"] = by_site.sum(axis=2)
    zone = masks["zone"]
    found["rent_in_zone"] = _mean(arrays["rent"], zone)
    for name in ("entries", "spinoffs", "exits"):
        found[f"{name}_in_zone"] = _by_site(arrays[name])[:, :, zone].sum(axis=2).cumsum(axis=1)
    to_zone = np.append(zone, False)
    found["moves_into_zone"] = between(arrays["flows"], ~zone, to_zone).cumsum(axis=1)
    found["moves_out_of_zone"] = between(arrays["flows"], zone, ~to_zone).cumsum(axis=1)
    found["declined"] = arrays["declined"].cumsum(axis=1)
    return found | {name: arrays[name] for name in FEEDBACK}


def _masks(region: Region) -> dict[str, NDArray[np.bool_]]:
    """Place -> (site,) mask."""
    sites = region.sites
    found = {"zone": sites["in_zone"], "towns": sites["is_town"]}
    found |= {ring: sites["ring"] == ring for ring in ("core", "linkage", "radiation")}
    for name in region.jurisdictions.index:
        found.setdefault(str(name), sites["jurisdiction"] == name)
    return {place: mask.to_numpy(dtype=bool) for place, mask in found.items()}


def _by_site(array: NDArray[Any]) -> NDArray[Any]:
    """(member, quarter, site) sums of a cube, or the array as it is."""
    return array.sum(axis=(3, 4), dtype=np.int64) if array.ndim == 5 else array


def _mean(by_site: NDArray[Any], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(member, quarter) mean over sites, added one after another: the same bits in any ensemble."""
    total = np.zeros(by_site.shape[:2])
    for site in np.flatnonzero(mask):
        total += by_site[:, :, site]
    return total / mask.sum() if mask.any() else np.full_like(total, np.nan)


def _index(calendar: Calendar, quarter: str) -> int | None:
    labels = calendar.labels()
    return labels.index(quarter) if quarter in labels else None


def _taken(path: NDArray[Any], index: int | None) -> NDArray[Any]:
    """A quarter of a path; nan where the run does not reach it."""
    return path[:, index] if index is not None else np.full_like(path[:, 0], np.nan, dtype=float)


def critical_mass(headquarters: NDArray[np.int64], threshold: float) -> NDArray[np.float64]:
    """(member,) years until the zone's headquarters (member, quarter) reach the threshold; nan if never.

    >>> critical_mass(np.array([[58, 90, 101], [58, 60, 61]]), 100)
    array([0.5, nan])
    """
    reached = headquarters >= threshold
    return np.where(reached.any(axis=1), reached.argmax(axis=1) / 4.0, np.nan)
