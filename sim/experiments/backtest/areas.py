"""Which sites an area of a series means: ids and names of places, group words, districts, cities and provinces."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.policies.sites import site_groups
from sim.region.csv_tables import Sheet
from sim.region.load import CALLED, Region

AROUND = ("district", "city", "province")
BRACKETS = re.compile(r"[（(]([^（）()、,]+)[）)]")       # what a site's name has in brackets: the town that it lies in
RANKS = ("街道", "新区", "镇", "乡", "区", "县", "市", "省")      # what names of places in Chinese end in, or leave out


class Areas:
    """Name -> (site,) mask of a region's sites; the first meaning of a name counts."""

    def __init__(self, region: Region) -> None:
        sites = region.sites
        self.known: dict[str, NDArray[np.bool_]] = dict(site_groups(region))
        for column in ("id", "code", *CALLED, *AROUND):
            values = sites.index if column == "id" else sites.get(column, ())
            self._add(values, np.asarray(values, str))
        of = sites["jurisdiction"].to_numpy(str)
        for column in ("name_en", "name_zh"):
            self._add(region.jurisdictions[column], [region.jurisdictions[column].get(each, "") for each in of])
        for row in region.validation.to_dict("records"):
            if row["use"] == "check":
                there = np.isin(of, list(row["jurisdictions"])) if row["jurisdictions"] else self.known["zone"]
                for name in (row["area"], row["area_zh"]):
                    self.known.setdefault(name, there)

        for column in CALLED[:2]:
            names = sites.get(column, ())
            inner = [found[1] if (found := BRACKETS.search(str(name))) else "" for name in names]
            self._add(inner, inner)

    def _add(self, names: Iterable[object], of_sites: Sequence[str] | NDArray[np.str_]) -> None:
        for name in names:
            if str(name) not in ("", "nan"):
                self.known.setdefault(str(name), np.asarray(of_sites) == str(name))

    def meant(self, name: str) -> str | None:
        """The known name that is meant: itself, or in Chinese with or without its rank; None if there is none."""
        short = next((name.removesuffix(rank) for rank in RANKS
                      if name.endswith(rank) and len(name) > len(rank) + 1), name)
        return next((each for each in (name, short, *(short + rank for rank in RANKS)) if each in self.known), None)

    def mask(self, names: Sequence[str]) -> NDArray[np.bool_] | None:
        """(site,) whether a site lies in one of the areas; None if one of them is unknown."""
        found = [self.known[meant] for name in names if (meant := self.meant(name))]
        return np.logical_or.reduce(found) if len(found) == len(names) else None

    def unknown(self, sheet: Sheet, row: int, column: str, names: Sequence[str]) -> list[Problem]:
        """A Problem for every name that is no area of the region."""
        return [sheet.problem(row, column, _("the area {name} is unknown", name=repr(name)),
                              _("an id or name of a site, jurisdiction, district, city or province, or a group such as "
                                "zone or all"), near_miss(name, self.known))
                for name in names if self.meant(name) is None]
