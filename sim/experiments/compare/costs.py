"""What a headquarters costs: public money over headquarters, counted in four ways.

    gross      headquarters that come to the sites of the policies from the event on
    but_for    those of them that would not have come otherwise
    net_zone   the zone's gain in headquarters at the end
    net_delta  the gain of all sites modelled

Cost is what the public accounts say of the scenario less the baseline, all payers, from the start to
the end, not discounted: tax relief forgone, grants and spending. A ratio whose denominator is less
than two standard errors from 0 is not given.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, translate
from sim.experiments.compare.effects import zone_effect
from sim.experiments.compare.run_levels import Levels, Pairs, change_of_account, have_accounts
from sim.experiments.paired_statistics import ratio, row

WORDS = {
    "gross": translate(_("headquarters attracted, gross"), "zh"),
    "but_for": translate(_("headquarters that would not have come without the policy"), "zh"),
    "net_zone": translate(_("net gain of headquarters in the zone"), "zh"),
    "net_delta": translate(_("net gain of headquarters, all sites modelled"), "zh")}
HEAD = ("scenario", "per", "per_zh", "headquarters", "headquarters_se", "cost", "cost_se", "unit", "cost_per",
        "cost_per_se")
UNIT = "RMB million"


def table(pairs: Pairs, masks: Mapping[str, NDArray[np.bool_]], eves: Mapping[str, str]) -> pd.DataFrame:
    """DataFrame: a row a scenario and way of counting; masks: scenario -> (site,) sites of its policies."""
    rows = [each for name, here, there in pairs
            for each in _rows(name, here, there, (masks.get(name), eves.get(name)))] if have_accounts(pairs) else []
    return pd.DataFrame(rows, columns=HEAD)


def arrivals(levels: Levels, mask: NDArray[np.bool_], eve: str) -> NDArray[Any]:
    """(member,) headquarters that came to a mask's sites since the eve, as entrants or from other sites."""
    moves = levels["headquarters_moves"][:, :, ~mask][..., :-1][..., mask].sum(axis=(2, 3))
    came = levels["headquarters_entries"][:, :, mask].sum(axis=2) + moves
    return came[:, -1] - came[:, levels.at(eve)]


def _rows(name, here, there, treated):
    spent = change_of_account(here, there, "cost")
    for per, number in _denominators(here, there, *treated).items():
        counted, cost = row(number), row(spent)
        yield (name, per, WORDS[per], counted[0], counted[2], cost[0], cost[2], UNIT, *ratio(spent, number))


def _denominators(here, there, mask, eve):
    found = {}
    if mask is not None and eve is not None and "headquarters_moves" in here:
        came, otherwise = arrivals(here, mask, eve), arrivals(there, mask, eve)
        found = {"gross": came, "but_for": came - otherwise}
    every = [levels["headquarters"][:, -1].sum(axis=(1, 2, 3)) for levels in (here, there)]
    return found | {"net_zone": zone_effect(here, there)[:, -1], "net_delta": every[0] - every[1]}
