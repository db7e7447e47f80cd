"""Leakage: at whose expense the zone gains, given the share of entrants that stays outside, which is an input.

    gain G = effect on the zone's stock;  loss L_j = - effect on the stock of jurisdiction j outside the zone
    share_j = mean(L_j) / mean(G),  and the rest, new to all sites modelled: mean(G - sum_j L_j) / mean(G)

Shares sum to 1. A loss is of every kind: enterprises that moved, and entrants that went to the zone
instead of there; `moved` is the part that moved from j to the zone. Standard errors of shares by the delta
method over members. Two numbers say how much of a gain is others' loss (Bruelhart & Schmidheiny 2015):

    diversion ratio D = sum_j L_j / G              of a gain, what the sites outside the zone lose
    rivalness rho = D / (1 - s + s D)              the rho of D = rho (1 - s)/(1 - rho s), s the zone's share
                                                   of the stock without the scenario: 1 is zero-sum, 0 all new
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.messages import _, both
from sim.experiments.compare import decomposition
from sim.experiments.compare.effects import MEASURES, stock
from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.paired_statistics import COLUMNS, ratio, row
from sim.model.mean_field.rivalness import from_displacement

NEW = ("new", *both(_("new to all sites modelled")))
HEAD = ("scenario", "outside_share", "measure", "measure_zh", "origin", "origin_en", "origin_zh", "unit",
        "gain", "diversion", "rivalness", "share", "share_se", "moved", "moved_se")


def table(pairs: Pairs, outside_shares: Any) -> pd.DataFrame:
    """DataFrame at the end of the runs: a row a scenario, measure and origin; statistics are of the loss.

    outside_shares: the base-year share of potential entrants that stay outside, one a pair.
    """
    rows = [each for (name, here, there), outside in zip(pairs, outside_shares)
            for measure in decomposition.PREFIX for each in _rows((name, outside), here, there, measure)]
    return pd.DataFrame(rows, columns=[*HEAD, *COLUMNS])


def losses(here: Levels, there: Levels, measure: str) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    """(gain (member,), jurisdiction -> loss (member,)) at the end; of jurisdictions not all in the zone."""
    change = lambda mask: (stock(here, measure, mask) - stock(there, measure, mask))[:, -1]              # noqa: E731
    column = here.sites["jurisdiction"].to_numpy(str)
    masks = {name: (column == name) & ~here.zone for name in here.names["jurisdiction"]}
    return change(here.zone), {name: -change(mask) for name, mask in masks.items() if mask.any()}


def _rows(head, here, there, measure):
    gain, lost = losses(here, there, measure)
    new = gain - sum(lost.values())
    diversion = ratio(gain - new, gain)[0]                 # nan where there is no gain to speak of
    two = diversion, from_displacement(diversion, _share_of_zone(there, measure))
    names = here.names["jurisdiction"]
    told = [(name, *names[name], loss, _moved(here, there, measure, name)) for name, loss in lost.items()]
    for origin, english, chinese, amount, moved in [*told, (*NEW, new, None)]:
        came = (float("nan"),) * 2 if moved is None else row(moved)[0:3:2]
        yield (*head, measure, MEASURES[measure][0], origin, english, chinese, MEASURES[measure][1],
               float(gain.mean()), *two, *ratio(amount, gain), *came, *row(amount))


def _share_of_zone(levels, measure):
    """The zone's share of the stock of all sites at the end, mean over members."""
    everywhere = stock(levels, measure, np.ones_like(levels.zone))[:, -1]
    return float((stock(levels, measure, levels.zone)[:, -1] / np.maximum(everywhere, 1)).mean())


def _moved(here, there, measure, name):
    """(member,) effect on the moves to the zone from a jurisdiction's other sites; None if unknown."""
    if not decomposition.available(here, measure):
        return None
    origins = (here.sites["jurisdiction"].to_numpy(str) == name) & ~here.zone
    key = f"{decomposition.PREFIX[measure]}moves"
    ours, theirs = (levels[key][:, -1, origins, :-1][:, :, here.zone] for levels in (here, there))
    return (ours - theirs).sum(axis=(1, 2))
