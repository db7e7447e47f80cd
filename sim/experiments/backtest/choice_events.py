"""Choices that were observed: who came or moved in a year, from where, to which site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import InputError
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.experiments.backtest import series_files
from sim.region.columns import Column, Table
from sim.region.csv_tables import read_sheet
from sim.region.load import Region

TABLE = Table(columns={
    "year": Column("count", True, "[1700, 2261]"), "from": Column("text", False, default=""), "to": Column("id"),
    "industry": Column("text", False, default=""), "kind": Column("text", False, default=""),
    "count": Column("count", True, "[1, inf)")})
AGAIN = "re-registration"      # arrivals that a second score leaves out


class Choices(NamedTuple):
    """Events, (event,) each; `times` says how often it happened."""

    year: NDArray[np.int64]
    origin: NDArray[np.int64]      # site, -1 for an arrival
    to: NDArray[np.int64]          # site
    industry: NDArray[np.int64]    # -1 where it is unknown
    again: NDArray[np.bool_]       # an arrival that is a re-registration
    times: NDArray[np.float64]

    def only(self, wanted: NDArray[np.bool_]) -> Choices:
        """The events of a mask."""
        return Choices(self.year[wanted], self.origin[wanted], self.to[wanted], self.industry[wanted],
                       self.again[wanted], self.times[wanted])


def of_bytes(data: bytes, label: str, region: Region) -> Choices:
    """The Choices of a file; InputError with every fault, by row."""
    sheet = read_sheet(label, series_files.plain(data, label), TABLE)
    frame, problems = sheet.frame, list(sheet.problems)
    known = {"from": region.sites.index, "to": region.sites.index, "industry": region.industries.index}
    for column, ids in known.items():
        problems += [sheet.problem(row, column, _("the id {name} is unknown", name=repr(name)), "",
                                   near_miss(name, ids))
                     for row, name in enumerate(frame[column]) if name and name not in ids]
    problems += [sheet.problem(row, "to", _("{name} is at both ends", name=repr(name)), _("two different sites"))
                 for row, name in enumerate(frame["to"]) if name and frame["from"][row] == name]
    if problems:
        raise InputError(problems)
    number = {column: ids.get_indexer(frame[column].tolist()).astype(  # type: ignore[arg-type]  # labels in a list
        np.int64) for column, ids in known.items()}
    return Choices(frame["year"].to_numpy(int), number["from"], number["to"], number["industry"],
                   (frame["kind"] == AGAIN).to_numpy(), frame["count"].to_numpy(float))
