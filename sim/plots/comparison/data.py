"""What figures and pages of a comparison read: its folder, as tables."""

from __future__ import annotations

import collections.abc
import functools
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from sim.base import netcdf
from sim.base.calendar import numbered
from sim.base.csv_files import read_csv
from sim.plots.comparison import folder as comparison_folder

PLACES = "sources/places.nc"
LONGEST = 60                  # letters of a title in figures and tables


class Tables(collections.abc.Mapping[str, "pd.DataFrame"]):
    """DataFrames by name, each read from its CSV file, if it is as it was written, when it is first asked for."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._folder, self._manifest, self._names = folder, manifest, names
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            raw = comparison_folder.content_of(self._folder, self._manifest, self._names[name])
            self._read[name] = read_csv(io.BytesIO(raw))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Compared:
    """A finished comparison: the content of comparison.json, its tables by name, and the places.

    An effect is scenario less baseline under the same draws. `tables` are DataFrames as docs/files.md
    describes them; `places` is a dataset without variables, whose coordinates and base map are those of
    the baseline's results.
    """

    content: dict[str, Any]
    tables: Mapping[str, pd.DataFrame]
    places: xr.Dataset

    @property
    def baseline(self) -> str:
        """Name of the scenario that the others are compared with."""
        return self.content["baseline"]

    @functools.cached_property
    def names(self) -> list[str]:
        """The other scenarios, the largest effect on the zone's headquarters first."""
        return [name for name in self.candidates if name != self.baseline]

    @functools.cached_property
    def candidates(self) -> list[str]:
        """All that were ranked, the best first: the other scenarios and the baseline, which is to do nothing."""
        return [row["scenario"] for row in sorted(self.content["ranking"], key=lambda row: row["rank"])]

    @functools.cached_property
    def best(self) -> dict[str, float]:
        """Candidate -> share of runs in which it is the best."""
        return {row["scenario"]: row["best"] for row in self.content["ranking"]}

    @property
    def none_is_better(self) -> bool:
        """Whether no scenario's mean effect is above that of doing nothing."""
        return not any(self.zone(name)["mean"] > 0 for name in self.names)

    @property
    def members(self) -> int:
        """Number of paired replicates."""
        return int(self.content["members"])

    @property
    def end(self) -> str:
        """Label of the last quarter."""
        return self.content["end"]

    def has(self, needs: Iterable[str]) -> bool:
        """Whether all tables of these names are there, with rows in them."""
        return all(name in self.tables and len(self.tables[name]) for name in needs)

    def about(self, name: str) -> dict[str, Any]:
        """What comparison.json says of a scenario."""
        return next(each for each in self.content["scenarios"] if each["name"] == name)

    def title(self, name: str, lang: str) -> str:
        """Title of a scenario, as much of a long one as a figure or a table has room for."""
        return _shortened(self.full_title(name, lang))

    def full_title(self, name: str, lang: str) -> str:
        """Title of a scenario, however long."""
        return self.about(name)[f"title_{lang}"] or name

    def effects(self, level: str = "zone", measure: str = "headquarters", **wanted: Any) -> pd.DataFrame:
        """Rows of the effects at the end for a level, of those with the wanted values."""
        return self.rows("effects", level=level, measure=measure, quarter=self.end, **wanted)

    def zone(self, name: str) -> pd.Series[Any]:
        """The effect on the zone's headquarters at the end, as a row."""
        return self.effects("zone", scenario=name).iloc[0]

    def path(self, name: str, level: str = "zone", place: str = "zone", measure: str = "headquarters") -> pd.DataFrame:
        """Rows of the effect at the closes of years, in their order."""
        return self.rows("effects", scenario=name, level=level, place=place, measure=measure).sort_values("quarter")

    def rows(self, name: str, **wanted: Any) -> pd.DataFrame:
        """Rows of a table whose columns have the wanted values, two columns at least; maybe none."""
        columns = tuple(wanted)
        if (name, columns) not in self._indices:
            self._indices[name, columns] = self.tables[name].groupby(list(columns)).indices
        return self.tables[name].iloc[self._indices[name, columns].get(tuple(wanted.values()), [])]

    @functools.cached_property
    def _indices(self):
        """(table, columns) -> values of the columns -> numbers of its rows; a page asks some of them often."""
        return {}


def load(folder: str | Path) -> Compared:
    """The Compared in a folder; CorruptError for a file that is not as it was written."""
    folder = Path(folder)
    manifest, content = comparison_folder.finished(folder), comparison_folder.load(folder)
    with netcdf.opened(comparison_folder.source_of(folder, manifest, PLACES)) as places:
        return Compared(content, Tables(folder, manifest, content["tables"]), places.load())


def _shortened(title):
    """A title without its middle where it is too long: equal beginnings stay told apart by their ends.

    >>> _shortened("x" * 30 + "y" * 200 + "z" * 20)
    'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxyyyyyyyy … zzzzzzzzzzzzzzzzzzzz'
    """
    return title if len(title) <= LONGEST else f"{title[:LONGEST - 22].rstrip()} … {title[-20:].lstrip()}"


def decimal_year(quarter: str) -> float:
    """The close of a quarter as a decimal year.

    >>> decimal_year("2020-Q4"), decimal_year("2026-Q1")
    (2021.0, 2026.25)
    """
    return (numbered(quarter) + 1) / 4
