"""Paired replicates as the explorer needs them: small arrays by place, industry and type, which add up.

    effect_m = X_m(scenario) - X_m(baseline)        same seed, same replicate m, hence the same draws

A cell is a place with an industry and a headquarters type, "" for all of them: "zone||", "ring:core|software|".
Of a single site there is one or the other, of a jurisdiction all industries and types together.
"""

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.experiments import paired_statistics
from sim.experiments.compare import decomposition, effects, fiscal, run_levels
from sim.experiments.compare.run_levels import Levels

CROSSED = ("headquarters", "enterprises")      # measures that are recorded by industry and type
STATISTICS = ("base", "mean", "se", "low", "high")     # of the baseline, of the effect, 5 and 95 % of the level
ITEMS = tuple(fiscal.ITEMS)


class Described(Protocol):
    """What is told of one combination of controls: a Sample, an estimate, or tables of a comparison."""

    @property
    def members(self) -> int: ...

    @property
    def cells(self) -> dict[str, NDArray[np.float64]]: ...

    @property
    def accounts(self) -> NDArray[np.float64]: ...

    @property
    def parts(self) -> NDArray[np.float64]: ...


@dataclass(frozen=True)
class Axes:
    """What the axes of totals stand for."""

    years: tuple[str, ...]     # labels of quarters: the opening and closes of years
    cells: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]         # (part, other place) of decomposition.WORDS
    jurisdictions: tuple[str, ...]
    quarters: tuple[str, ...] = ()             # labels of all quarters, where headquarters are kept by them
    sites: tuple[str, ...] = ()                # in the order of the run's arrays


@dataclass(frozen=True)
class Totals:
    """Members of one scenario.

    cells: measure -> (member, year, cell), nan where it is not recorded; accounts (member, jurisdiction, item of ITEMS)
    RMB million over the run; parts (member, year, part) of the change of the zone's headquarters since the opening;
    quarterly (member, quarter, site) headquarters, None where only years are kept.
    """

    axes: Axes
    cells: dict[str, NDArray[np.float64]]
    accounts: NDArray[np.float64]
    parts: NDArray[np.float64]
    quarterly: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Sample:
    """Totals of a scenario and of its baseline, of the same members."""

    here: Totals
    there: Totals

    @property
    def members(self) -> int:
        return len(self.here.parts)

    @functools.cached_property
    def cells(self) -> dict[str, NDArray[np.float64]]:
        """Measure -> (statistic of STATISTICS, year, cell); se is nan for a single member."""
        return {measure: _described(self.there.cells[measure], here) for measure, here in self.here.cells.items()}

    @functools.cached_property
    def quarterly(self) -> NDArray[np.float64] | None:
        """(base, mean and se of the effect, quarter, site) of headquarters; None where only years are kept."""
        here, there = self.here.quarterly, self.there.quarterly
        if here is None or there is None:
            return None
        return np.concatenate([there.mean(axis=0)[None], _mean_and_error(here - there)])

    @functools.cached_property
    def accounts(self) -> NDArray[np.float64]:
        """(mean and se, jurisdiction, item) of the change of the public accounts."""
        return _mean_and_error(self.here.accounts - self.there.accounts)

    @functools.cached_property
    def sums(self) -> NDArray[np.float64]:
        """(mean and se, item) of the change of all public accounts together."""
        return _mean_and_error((self.here.accounts - self.there.accounts).sum(axis=1))

    @functools.cached_property
    def parts(self) -> NDArray[np.float64]:
        """(mean and se, year, part) of what the effect on the zone's headquarters is made of."""
        return _mean_and_error(self.here.parts - self.there.parts)


def axes_of(levels: Levels, finest: bool = False) -> Axes:
    """The Axes of the totals of such levels; `finest` has sites by industry and by type."""
    groups = effects.groups_of(levels)
    places = [cell_of(level, place) for level, place in groups[["level", "place"]].to_numpy()]
    crossed = [f"{place}|{industry}|{kind}" for place in ("zone", *(f"ring:{name}" for name in levels.names["ring"]))
               for industry in ("", *levels.names["industry"]) for kind in ("", *levels.names["hq_type"])
               if (industry or kind) and not (place == "zone" and not (industry and kind))]
    for site in levels.sites.index if finest else ():
        crossed += [*(f"site:{site}|{industry}|" for industry in levels.names["industry"]),
                    *(f"site:{site}||{kind}" for kind in levels.names["hq_type"])]
    parts = decomposition.parts(levels, "headquarters", levels.zone)
    return Axes(levels.quarters, (*places, *crossed), tuple(parts), tuple(levels.names.get("authority", {})))


def totals(levels: Levels, data: xr.Dataset, finest: bool = False) -> Totals:
    """The Totals of a run's Levels and dataset; `finest` has sites by industry and by type."""
    groups = effects.groups_of(levels)
    cells = {measure: np.concatenate([effects.by_group(levels, measure, groups), _crossed(levels, measure, finest)],
                                     axis=2) for measure in effects.MEASURES}
    accounts = np.stack([*fiscal.accounts(levels).values()], axis=2) if "taxes" in levels \
        else np.zeros((len(levels.members), 0, len(ITEMS)))
    parts = decomposition.parts(levels, "headquarters", levels.zone)
    axes, moves = axes_of(levels, finest), np.stack([each.astype(float) for each in parts.values()], axis=2)
    quarterly = data["headquarters"].sum(["industry", "hq_type"]).transpose("member", "quarter", "site")
    axes = dataclasses.replace(axes, quarters=tuple(data["quarter"].to_numpy().astype(str)),
                               sites=tuple(data["site"].to_numpy().astype(str)))
    return Totals(axes, cells, accounts, moves, quarterly.to_numpy().astype(float))


def joined(samples: Sequence[Sample]) -> Sample:
    """Samples of different members as one."""
    return Sample(_joined([one.here for one in samples]), _joined([one.there for one in samples]))


def names_of(data: xr.Dataset) -> dict[str, dict[str, tuple[str, str]]]:
    """Dimension -> id -> (English, Chinese) of a run's dataset: places, industries, types, jurisdictions, parts."""
    names = run_levels.names(data)
    places = names["jurisdiction"] | dict([decomposition.OUTSIDE])
    parts = {f"{part}|": words for part, words in decomposition.WORDS.items()}
    parts |= {f"{part}|{other}": (f"{words[0]} {place[0]}", f"{words[1]}{place[1]}")
              for part, words in decomposition.WORDS.items() if part.startswith("moves")
              for other, place in places.items()}
    return {**names, "part": parts, "item": dict(fiscal.ITEMS)}


def _joined(found):
    cells = {measure: np.concatenate([one.cells[measure] for one in found]) for measure in found[0].cells}
    quarterly = [one.quarterly for one in found if one.quarterly is not None]
    return Totals(found[0].axes, cells, np.concatenate([one.accounts for one in found]),
                  np.concatenate([one.parts for one in found]),
                  np.concatenate(quarterly) if len(quarterly) == len(found) else None)


def _described(base, here):
    found = paired_statistics.statistics(here - base)
    low, high = np.percentile(here, [5, 95], axis=0)
    return np.stack([base.mean(axis=0), found["mean"], found["se"], low, high])


def _mean_and_error(effects):
    found = paired_statistics.statistics(effects)
    return np.stack([found["mean"], found["se"]])


def cell_of(level: str, place: str) -> str:
    """The cell of a group of `effects.groups_of`.

    >>> cell_of("zone", "zone"), cell_of("site", "xicen"), cell_of("industry", "software")
    ('zone||', 'site:xicen||', 'zone|software|')
    """
    if level in ("industry", "hq_type"):
        return f"zone|{place}|" if level == "industry" else f"zone||{place}"
    return f"{level}||" if level == place else f"{level}:{place}||"


def _crossed(levels, measure, finest):
    """(member, year, cell) of zone and rings, if wanted of sites too, by industry and type, as the Axes list them."""
    rings = levels.sites["ring"].to_numpy(str)
    masks = [levels.zone, *(rings == name for name in levels.names["ring"])]
    shape = (*levels.by_site[measure].shape[:2], -1)
    values = levels[measure] if measure in CROSSED else np.full_like(levels["headquarters"], np.nan, float)
    blocks = [_with_sums(values[:, :, mask].sum(axis=2)) for mask in masks]
    inner = blocks[0][:, :, 1:, 1:].reshape(shape)
    by_site = [np.concatenate([values.sum(axis=4), values.sum(axis=3)], axis=3).reshape(shape)] if finest else []
    return np.concatenate([inner, *(each.reshape(shape)[:, :, 1:] for each in blocks[1:]), *by_site], axis=2)


def _with_sums(block):
    """(member, year, 1 + industry, 1 + type) of a block (member, year, industry, type), the sums in front."""
    whole = np.concatenate([block.sum(axis=2, keepdims=True), block], axis=2)
    return np.concatenate([whole.sum(axis=3, keepdims=True), whole], axis=3)
