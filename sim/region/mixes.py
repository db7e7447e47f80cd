"""Which industries and headquarters types the opening stock of each site has.

A row of specialisations.csv or headquarters_types.csv names a kind (an industry, a type) at a site. Without a share it
is named and no more: of the kinds that are left to a site, h has the share

    q_h L_jh / sum_k q_k L_jk        q the shares of the whole region, L_jh the quotient where h is named at j, else 1

so L is the odds of a kind that is named against one that is not, over the same odds where neither is: a location
quotient, as long as what is named is a small part of the whole. With a share it has that share, whatever q. A site that
is not named has q itself.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import numpy as np

from sim.base.errors import Problem
from sim.base.messages import _
from sim.region.opening_stock import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sim.region.csv_tables import Sheet
    from sim.region.load import Region

ERROR = 1e-6                   # by which shares that are to sum to 1 may miss it


def industry_mix(region: Region, quotient: float) -> NDArray[np.float64]:
    """(site, industry) shares of industries at each site; a row sums to 1."""
    share = region.industries["share"].to_numpy(float)
    return _mix(share / share.sum(), region.specialisations, "industry", region.industries.index, region.sites.index,
                quotient)


def type_mix(region: Region, type_shares: Mapping[str, float], quotient: float) -> NDArray[np.float64]:
    """(site, type) shares of headquarters types at each site, in the order of TYPES; a row sums to 1."""
    base = np.array([type_shares.get(name, 0.0) for name in TYPES])
    return _mix(base, region.headquarters_types, "hq_type", TYPES, region.sites.index, quotient)


def marginal(mix: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """(kind,) shares in the whole stock, whose (site,) shares by site are given."""
    return mix[0] if (mix == mix[0]).all() else shares @ mix / shares.sum()


def _mix(base: NDArray[np.float64], rows: pd.DataFrame, column: str, kinds: Iterable[str], sites: Iterable[str],
         quotient: float) -> NDArray[np.float64]:
    sites, kinds = list(sites), list(kinds)
    site_of, kind_of = ({name: k for k, name in enumerate(names)} for names in (sites, kinds))
    mix = np.tile(base, (len(sites), 1))
    named: dict[int, list[tuple[int, float]]] = collections.defaultdict(list)
    for site, kind, share in zip(rows["site"].tolist(), rows[column].tolist(), rows["share"].tolist()):
        named[site_of[site]].append((kind_of[kind], share))
    for site, pairs in named.items():
        place, share = map(list, zip(*pairs))
        weight, given = base.copy(), np.zeros(len(kinds))
        weight[place] *= np.where(np.isnan(share), quotient, 0.0)
        given[place] = np.nan_to_num(share)
        mix[site] = _filled(given, weight, base)
    return mix


def _filled(given, weight, base):
    """Shares that are given, and what they leave, in proportion to weights; those of the region where nothing is."""
    left, total = max(1.0 - given.sum(), 0.0), weight.sum()
    shares = given + (left * weight / total if total > 0 else 0.0)
    return shares / shares.sum() if shares.sum() > 0 else base


def faults(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """What mixes must say: each kind once at a site, shares that sum to 1, a home for every industry."""
    named, industries = sheets["specialisations.csv"], sheets["industries.csv"]
    found = [*_of_table(named, "industry", list(industries.frame["id"])),
             *_of_table(sheets["headquarters_types.csv"], "hq_type", TYPES)]
    return found or [*_nothing_to_multiply(named, industries.frame),
                     *_homeless(named.frame, industries, sheets["sites.csv"].frame["id"])]


def _of_table(sheet, column, kinds):
    frame = sheet.frame
    again = frame.duplicated(["site", column]) & (frame[column] != "")
    found = [sheet.problem(row, column, _("{name} is named twice at {site}", name=repr(frame[column][row]),
                                          site=repr(frame["site"][row])), _("each once"))
             for row in np.flatnonzero(again)]
    for site, rows in frame[~again].groupby("site"):
        total, whole = rows["share"].sum(), rows["share"].notna().sum() == len(kinds)
        if total > 1.0 + ERROR or (whole and total < 1.0 - ERROR):
            found.append(sheet.problem(rows.index[-1], "share", _("the shares at {site} sum to {total:.6g}",
                                                                  site=repr(site), total=total),
                                       _("shares that sum to 1") if whole else _("shares that sum to 1 at most")))
    return found


def _nothing_to_multiply(sheet, industries):
    """Industries that are named without a share and of which the region has none."""
    absent = set(industries["id"][industries["share"] == 0.0])
    return [sheet.problem(row, "industry", _("{name} is named, but its share in industries.csv is 0",
                                             name=repr(sheet.frame["industry"][row])),
                          _("a share above 0 there, or one in this row"))
            for row in np.flatnonzero(sheet.frame["industry"].isin(absent) & sheet.frame["share"].isna())]


def _homeless(named, industries, sites):
    """Industries of the region that no site has, because each gives all of its shares to others."""
    kinds, share = industries.frame["id"], industries.frame["share"].to_numpy()
    known = named[named["industry"].isin(kinds) & named["site"].isin(sites)]
    nowhere = (share > 0) & (_mix(share, known, "industry", kinds, sites, 1.0).max(axis=0, initial=0.0) == 0)
    return [industries.problem(row, "share", _("no site has enterprises of {name}", name=repr(kinds[row])),
                               _("a site that leaves it a share in specialisations.csv, or a share of 0 here"))
            for row in np.flatnonzero(nowhere)]
