"""What a scenario is worth, and to whom, as far as runs record it.

    surplus = sum over years of (potential entrants) x (change of their mean log-sum, last quarter)
              Small & Rosen (1981); potential entrants are the same in both worlds
    tax points = change of the log-sum at the end / weight of a percentage point of tax
    moving costs = change of (moves from a site) x (constant of the moving cost there), summed: at
              least, for size, age and distance add to it

Utilities are in units of the error's scale. Those who have a site are not asked each quarter what it
is worth to them, so that their surplus is not in it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, both
from sim.experiments.compare.run_levels import Levels, Pairs, change_of_account, have_accounts
from sim.experiments.paired_statistics import COLUMNS, row

ITEMS = {
    "surplus": (*both(_("surplus of potential entrants over the run")),
                "utility x enterprises"),
    "log_sum": (*both(_("log-sum of the mean potential entrant at the end")),
                "utility"),
    "tax_points": (*both(_("equivalent relief from corporate tax everywhere")),
                   "percentage points"),
    "rent_zone": (*both(_("log rent in the zone at the end, mean of sites")), "1"),
    "rent_elsewhere": (*both(_("log rent elsewhere at the end, mean of sites")), "1"),
    "moves": (*both(_("moves of enterprises over the run")), "enterprises"),
    "moving_costs": (*both(_("moving costs, constant part")), "utility x enterprises"),
    "taxes": (*both(_("taxes of all levels over the run")), "RMB million"),
    "public_cost": (*both(_("cost of policies over the run")), "RMB million")}
HEAD = ("scenario", "item", "item_en", "item_zh", "unit", *COLUMNS)


def table(pairs: Pairs, tax_weights: Mapping[str, float]) -> pd.DataFrame:
    """DataFrame: a row a scenario and item; tax_weights: scenario -> utility of a point less of tax."""
    rows = [(name, item, *ITEMS[item], *row(change)) for name, here, there in pairs
            for item, change in changes(here, there, tax_weights[name]).items()]
    return pd.DataFrame(rows, columns=HEAD)


def changes(here: Levels, there: Levels, tax_weight: float) -> dict[str, NDArray[Any]]:
    """Item -> (member,) change, of the items that the runs record."""
    found = {}
    if "potential_entrants" in here and (here["potential_entrants"] == there["potential_entrants"]).all():
        gain, last = _surplus(here["potential_entrants"], here["entrant_value"] - there["entrant_value"])
        found = {"surplus": gain, "log_sum": last}
        if tax_weight > 0.0:
            found["tax_points"] = last / tax_weight
    rents = np.log(here["rent"][:, -1]) - np.log(there["rent"][:, -1])
    found |= {"rent_zone": rents[:, here.zone].mean(axis=1)}
    if not here.zone.all():
        found["rent_elsewhere"] = rents[:, ~here.zone].mean(axis=1)
    moves = [levels["moves"][:, -1].sum(axis=(1, 2)) for levels in (here, there)]
    costs = [_moving_costs(levels) for levels in (here, there)]
    found |= {"moves": moves[0] - moves[1], "moving_costs": costs[0] - costs[1]}
    if have_accounts([("", here, there)]):
        found |= {"taxes": change_of_account(here, there, "taxes_all"),
                  "public_cost": change_of_account(here, there, "cost")}
    return found


def _moving_costs(levels):
    """(member,) constants of the moving cost over all moves; runs of 0.2.0 have one for all sites."""
    moves, mean = levels["moves"][:, -1].sum(axis=2), levels["moving_cost"]
    if "stay_constant" not in levels:
        return moves.sum(axis=1) * mean
    return moves.sum(axis=1) * mean + (moves * (levels["stay_constant"] - mean[:, None])).sum(axis=1)


def _surplus(asked, change):
    """(member,) surplus over the run and (member,) last change of the log-sum; arguments (member, quarter).

    A measured quarter stands for those since the one before it; it counts 0 where nobody was asked in it.
    """
    measured = np.flatnonzero(np.isfinite(change).any(axis=0))
    if not len(measured):
        return np.zeros(len(asked)), np.zeros(len(asked))
    numbers = np.add.reduceat(asked[:, :measured[-1] + 1], [0, *measured[:-1] + 1], axis=1, dtype=float)
    changes = np.nan_to_num(change[:, measured])
    return (numbers * changes).sum(axis=1), changes[:, -1]
