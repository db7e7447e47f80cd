"""Feedback over time, tipping, and the time to critical mass, of every scenario.

R_dyn above 1 means that a lead grows by itself; the probability of tipping is the share of measured
members in which it is above 1 at any measurement. Only some members are measured; those of a
scenario and of the baseline are the same, so differences are paired.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.base.messages import _, translate
from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.paired_statistics import row
from sim.results.scalars import critical_mass

WORDS = {
    "r_choice": translate(_("feedback of choices, R_choice"), "zh"),
    "r_dyn": translate(_("feedback of the dynamics, R_dyn"), "zh"),
    "rivalness": translate(_("rivalness in the zone"), "zh")}
FEEDBACK = ("scenario", "measure", "measure_zh", "quarter", "baseline", "value", "mean", "se", "members")
TIPPING = ("scenario", "tipping", "measured", "critical_mass", "reached", "years", "years_p05", "years_p95",
           "members")


def feedback(pairs: Pairs) -> pd.DataFrame:
    """DataFrame: a row a scenario, measure and measured quarter."""
    rows = [each for name, here, there in pairs for measure in WORDS if measure in here
            for each in _rows(name, here, there, measure)]
    return pd.DataFrame(rows, columns=FEEDBACK)


def tipping(levels: Mapping[str, Levels]) -> pd.DataFrame:
    """DataFrame: a row a scenario, the baseline included; levels: scenario -> Levels.

    years to critical mass are counted over the members that reach it.
    """
    return pd.DataFrame([_tipping(name, each) for name, each in levels.items()], columns=TIPPING)


def _rows(name, here, there, measure):
    ours, theirs = here[measure], there[measure]
    for k in np.flatnonzero(np.isfinite(ours).any(axis=0) & np.isfinite(theirs).any(axis=0)):
        both = np.isfinite(ours[:, k]) & np.isfinite(theirs[:, k])
        if both.any():
            mean, _, se, *_ = row(ours[both, k] - theirs[both, k])
            yield (name, measure, WORDS[measure], here.every[k], float(theirs[both, k].mean()),
                   float(ours[both, k].mean()), mean, se, int(both.sum()))


def _tipping(name, levels):
    share, measured = float("nan"), 0
    if "r_dyn" in levels:
        known = np.isfinite(levels["r_dyn"]).any(axis=1)
        measured = int(known.sum())
        share = float((levels["r_dyn"][known] > 1.0).any(axis=1).mean()) if measured else share
    threshold = float(levels.attrs.get("critical_mass", float("nan")))
    years = critical_mass(levels["zone_headquarters"], threshold)
    reached = np.isfinite(years)
    low, middle, high = np.percentile(years[reached], [5, 50, 95]) if reached.any() else [float("nan")] * 3
    return (name, share, measured, threshold, float(reached.mean()), float(middle), float(low), float(high),
            len(years))
