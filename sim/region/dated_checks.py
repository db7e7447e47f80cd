"""What the dated tables of a region, stocks.csv and levels.csv, must say together with its sites."""

from collections.abc import Mapping

import numpy as np

from sim.base.errors import Problem
from sim.base.messages import _
from sim.region import checks
from sim.region.csv_tables import Sheet


def relations(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Checks between the dated tables and the others; `sheets` maps file names to Sheets."""
    places = [*sheets["sites.csv"].frame["id"], *sheets["jurisdictions.csv"].frame["id"]]
    return [*_stocks(sheets), *checks.unknown(sheets["levels.csv"], "place", places)]


def _stocks(sheets):
    """Every site has dated stocks or none has, each is a stock group of its own, and all begin on one day."""
    stocks, sites, groups = (sheets[name] for name in ("stocks.csv", "sites.csv", "stock.csv"))
    frame = stocks.frame
    if frame.empty:
        return []
    alone = [tuple(cell) for cell in groups.frame["sites"]]
    problems = [sites.problem(row, "id", _("stocks.csv has no row of the site {name}", name=repr(name)),
                              _("dated stocks of every site, or of none"))
                for row, name in enumerate(sites.frame["id"]) if name and name not in set(frame["site"])]
    problems += [stocks.problem(row, "site", _("the site {name} shares its stock group with others", name=repr(name)),
                                _("a group of stock.csv for this site alone"))
                 for row, name in enumerate(frame["site"]) if name in set(sites.frame["id"]) and (name,) not in alone]
    again = frame[["site", "industry"]].duplicated()
    problems += [stocks.problem(row, "industry", _("the site and industry are there already"), _("one row for each"))
                 for row in np.flatnonzero(again)]
    lengths = frame["headquarters"].map(len)
    return problems + [stocks.problem(row, "headquarters", _("the number of entries is {count}", count=lengths[row]),
                                      _("{count} from {first:%Y-%m-%d} on, as in the first row", count=lengths[0],
                                        first=frame["first"][0]))
                       for row in range(len(frame))
                       if lengths[row] != lengths[0] or frame["first"][row] != frame["first"][0]]
