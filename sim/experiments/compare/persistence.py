"""What lasts of an effect when its policy is withdrawn.

    persistence = mean(effect at the end) / mean(effect at the close of the last quarter in force)

1 is lock-in, 0 is none; between them the ratio falls with the years since, which are told.

Decision 64 (docs/decisions.md).
"""

import pandas as pd

from sim.base.calendar import numbered
from sim.experiments.compare.effects import zone_effect
from sim.experiments.compare.members import MEASURES
from sim.experiments.paired_statistics import ratio, row

HEAD = ("scenario", "measure", "measure_zh", "withdrawn", "years_after", "effect_at_withdrawal",
        "effect_at_withdrawal_se",
        "effect_at_end", "effect_at_end_se", "persistence", "persistence_se")


def table(pairs, lasts):
    """DataFrame of scenarios whose own policies have all ended; lasts: scenario -> last quarter in force."""
    rows = [_row(name, here, there, measure, lasts[name]) for name, here, there in pairs if name in lasts
            for measure in ("headquarters", "enterprises")]
    return pd.DataFrame(rows, columns=HEAD)


def _row(name, here, there, measure, last):
    effect = zone_effect(here, there, measure)
    then, end = effect[:, here.at(last)], effect[:, -1]
    years = (numbered(here.quarters[-1]) - numbered(last)) / 4
    return (name, measure, MEASURES[measure][0], last, years, *row(then)[0:3:2], *row(end)[0:3:2],
            *ratio(end, then))
