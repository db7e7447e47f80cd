"""What lasts of an effect when its policy is withdrawn.

    persistence = mean(effect at the end) / mean(effect at the close of the last quarter in force)

1 is lock-in, 0 is none; between them the ratio falls with the years since, which are told. Beside it stands what it
would be without any feedback: those whom the policy brought stay and survive as others do, nobody follows or leaves,

    survival = mean(exp(-sum_t exits_t / n_t))        exits and mean stock n of the baseline's zone, year by year

so that a ratio at `survival` shows no lock-in, whatever its size: at 3.5 % of exits a year it is 0.70 after ten years.

Decision 64 (docs/decisions.md).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.base.calendar import numbered
from sim.experiments.compare.effects import MEASURES, stock, zone_effect
from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.paired_statistics import ratio, row

HEAD = ("scenario", "measure", "measure_zh", "withdrawn", "years_after", "effect_at_withdrawal",
        "effect_at_withdrawal_se",
        "effect_at_end", "effect_at_end_se", "persistence", "persistence_se", "survival")
EXITS = {"headquarters": "headquarters_exits", "enterprises": "exits"}


def table(pairs: Pairs, lasts: Mapping[str, str]) -> pd.DataFrame:
    """DataFrame of scenarios whose own policies have all ended; lasts: scenario -> last quarter in force."""
    rows = [_row(name, here, there, measure, lasts[name]) for name, here, there in pairs if name in lasts
            for measure in ("headquarters", "enterprises")]
    return pd.DataFrame(rows, columns=HEAD)


def _row(name, here, there, measure, last):
    effect = zone_effect(here, there, measure)
    then, end = effect[:, here.at(last)], effect[:, -1]
    years = (numbered(here.quarters[-1]) - numbered(last)) / 4
    return (name, measure, MEASURES[measure][0], last, years, *row(then)[0:3:2], *row(end)[0:3:2],
            *ratio(end, then), survival(there, measure, here.at(last)))


def survival(levels: Levels, measure: str, since: int) -> float:
    """Share of the zone's enterprises or headquarters that survive from the close at a position to the end.

    Of exits alone; nan where the run does not record them.
    """
    if EXITS[measure] not in levels:
        return float("nan")
    exits = levels[EXITS[measure]][:, since:, levels.zone]
    exits = exits.reshape(*exits.shape[:2], -1).sum(axis=2)
    stocks = stock(levels, measure, levels.zone)[:, since:]
    hazard = np.diff(exits, axis=1) / np.maximum(0.5 * (stocks[:, 1:] + stocks[:, :-1]), 1.0)
    return float(np.exp(-hazard.sum(axis=1)).mean())
