"""The naive difference-in-differences on towns, beside the true effect.

    naive = ln(T1/T0) - ln(C1/C0)        treated and control sites, end and eve of the event, one world
    true  = ln(T1/T1')                    ' = without the policy, the same draws
    bias  = naive - true = [ln(T1'/T0) - ln(C1'/C0)]  +  [- ln(C1/C1')]
              other trends without the policy      what controls lose through it

An analyst sees one world only, and takes for control what the policy takes from: in a logit the log
difference-in-differences gives theta where the effect is theta (1 - rho s_j). The two parts of the
bias sum exactly because the eve is the same in both worlds. Sums over members before logarithms, for
a town may have no headquarters; standard errors by the jackknife over members.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.compare.effects import MEASURES
from sim.experiments.compare.run_levels import Pairs

HEAD = ("scenario", "measure", "measure_zh", "treated", "controls", "control_sites", "base_quarter", "naive",
        "naive_se", "true", "true_se", "bias", "bias_se", "trends", "trends_se", "spillover", "spillover_se")
SEEN = ("headquarters", "enterprises")


def table(pairs: Pairs, treated: Any, eves: Mapping[str, str]) -> pd.DataFrame:
    """DataFrame: a row a scenario, measure and kind of controls.

    treated: scenario -> (site,) mask of the sites of its policies; eves: scenario -> label of the last
    quarter before its event. Scenarios without either, or without controls, have no row.
    """
    rows = [each for name, here, there in pairs if name in treated and name in eves
            for measure in SEEN for each in _rows(name, (here, there), measure, treated[name], eves[name])]
    return pd.DataFrame(rows, columns=HEAD)


def estimates(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """(naive, true, bias, trends, spillover) of summed counts (5, ...): T0, T1, C1, T1', C1' and C0 last."""
    t0, t1, c1, t1_without, c1_without, c0 = np.log(counts)
    naive, true = t1 - t0 - (c1 - c0), t1 - t1_without
    trends, spillover = t1_without - t0 - (c1_without - c0), c1_without - c1
    return np.stack([naive, true, naive - true, trends, spillover])


def _rows(name, both, measure, treated, eve):
    here, there = both
    for kind, controls in (("all other sites", ~treated), ("other sites of the zone", ~treated & here.zone)):
        if not (treated.any() and controls.any()):
            continue
        counts = _counts(here, there, measure, (treated, controls), here.at(eve))
        if (counts.sum(axis=1) > 0).all():
            value, se = _jackknife(counts)
            yield (name, measure, MEASURES[measure][0], int(treated.sum()), kind, int(controls.sum()), eve,
                   *np.column_stack([value, se]).ravel().tolist())


def _counts(here, there, measure, masks, eve):
    """(6, member) T0, T1, C1, T1', C1', C0."""
    (t0, t1), (c0, c1) = (_two(here, measure, mask, eve) for mask in masks)
    (_, t1_without), (_, c1_without) = (_two(there, measure, mask, eve) for mask in masks)
    return np.stack([t0, t1, c1, t1_without, c1_without, c0]).astype(float)


def _two(levels, measure, mask, eve):
    stock = levels[measure][:, [eve, -1]][:, :, mask].sum(axis=(2, 3, 4))
    return stock[:, 0], stock[:, 1]


def _jackknife(counts):
    """Estimates and their standard errors; counts (6, member) are summed over members."""
    total, members = counts.sum(axis=1), counts.shape[1]
    value = estimates(total)
    if members < 2:
        return value, np.full(len(value), np.nan)
    left = estimates(np.maximum(total[:, None] - counts, 1e-300))
    spread = ((left - left.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return value, np.sqrt((members - 1) / members * spread)
