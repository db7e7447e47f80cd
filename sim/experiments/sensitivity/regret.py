"""Policies against each other over a sweep: regret, ranks, and how stable their order is.

The regret of a policy at a point is what the best policy there has more than it (Savage 1951). A
policy that is best on average may be poor where the world turns out otherwise; the order of two
policies is stable where most points have them in the order of their means. To do nothing is a candidate
wherever effects are against a scenario of the sweep.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from sim.experiments.compare.ranking import best_shares


def regret(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(scenario, point) regret of values of which more is better.

    >>> regret(np.array([[3.0, 1.0], [2.0, 4.0]])).tolist()
    [[0.0, 3.0], [1.0, 0.0]]
    """
    return values.max(axis=0) - values


def table(names: Sequence[str], values: NDArray[np.float64]) -> pd.DataFrame:
    """DataFrame, one row a scenario in the order of their means: mean, regrets, rank, how often best.

    `values` (scenario, point), more is better. Those that tie for the best share their point, and of equal
    means the earlier name stands first.
    """
    lost, ranks = regret(values), rankdata(-values, axis=0)
    rows = pd.DataFrame({"scenario": names, "mean": values.mean(axis=1), "best_share": best_shares(values),
                         "mean_rank": ranks.mean(axis=1), "mean_regret": lost.mean(axis=1),
                         "p90_regret": np.quantile(lost, 0.9, axis=1), "max_regret": lost.max(axis=1)})
    return rows.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def stability(names: Sequence[str], values: NDArray[np.float64]) -> pd.DataFrame:
    """DataFrame, one row a pair: share of points whose order is that of the means, the other way, or a tie.

    Two policies whose means tie have no order, so that ties are what agrees and anything else is not.
    """
    rows = []
    for i, j in itertools.combinations(np.argsort(-values.mean(axis=1), kind="stable"), 2):
        first, other = values[i], values[j]
        same, ties = (first > other).mean(), (first == other).mean()
        tied = values[i].mean() == values[j].mean()
        rows.append((names[i], names[j], ties if tied else same, 1.0 - same - ties, ties))
    return pd.DataFrame(rows, columns=["scenario", "over", "agreement", "reversed", "tied"])
