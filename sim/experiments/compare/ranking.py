"""Policies in order of their effect, the confidence in that order, and what would reverse it.

Two probabilities stand apart: that i is above j in one world (share of members, ties count half), and
the confidence that i's mean is above j's (Student's law over paired differences).

Decision 33 (docs/decisions.md).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from sim.experiments.paired_statistics import ratio, row

RANKING = ("rank", "scenario", "mean", "sd", "se", "p05", "p95", "positive", "members", "best")
PAIRWISE = ("scenario", "other", "difference", "se", "p_superior", "confidence")
REVERSAL = ("scenario", "other", "effect", "other_effect", "assumed_dv", "factor", "factor_se",
            "dv_at_reversal", "dv_se", "method", "coefficient", "value", "at_reversal", "low", "high", "inside")
NO_COEFFICIENT = ("", *[float("nan")] * 4, "")
LINEAR = "linear in the assumed dV: an approximation"


def ranking(effects: dict[str, NDArray[Any]], baseline: str) -> pd.DataFrame:
    """DataFrame, best first: statistics of the effect and the probability to be the best of all.

    effects: scenario -> (member,) effects. Doing nothing is a candidate: the baseline, whose effect is 0.
    Ties for the best share their member, and equal means a rank; the baseline stands before its equals.
    """
    every = with_nothing(effects, baseline)
    best = dict(zip(every, best_shares(np.stack(list(every.values())))))
    rows: list[tuple[Any, ...]] = [(name, *row(values), best[name]) for name, values in every.items()]
    rows.sort(key=lambda each: (-each[1], each[0] != baseline, each[0]))
    means = [each[1] for each in rows]
    return pd.DataFrame([(means.index(each[1]) + 1, *each) for each in rows], columns=RANKING)


def best_shares(values: NDArray[Any]) -> list[float]:
    """[share of members or draws in which a candidate is the best] of (candidate, member) values; ties share.

    >>> best_shares(np.array([[1.0, 0.0], [0.0, 0.0]]))
    [0.75, 0.25]
    """
    top = values == values.max(axis=0)
    return (top / top.sum(axis=0)).mean(axis=1).tolist()


def pairwise(effects: dict[str, NDArray[Any]], baseline: str) -> pd.DataFrame:
    """DataFrame of all ordered pairs: mean difference, its se, P(i above j), confidence that its mean is."""
    every = with_nothing(effects, baseline)
    return pd.DataFrame([(one, other, *_pair(every[one] - every[other]))
                         for one in every for other in every if one != other], columns=PAIRWISE)


def reversals(effects: Mapping[str, NDArray[Any]], assumed: Mapping[str, Any],
              coefficients: Mapping[str, Any]) -> pd.DataFrame:
    """DataFrame: for each pair in the ranking, what would have to be assumed for both to have one effect.

    assumed: scenario -> direct mean dV that it was given; coefficients: scenario -> Coefficient through which it acts
    most, or None. With effect = slope x dV the upper policy's dV must shrink by the factor mean_j / mean_i, its
    standard error by the delta method over paired members; or the lower one's dV must grow by the inverse, which its
    `coefficient` brings about `at_reversal`, where there is such a value: what the upper one acts through as well moves
    both. Only where both effects and the assumed dV are there and of one sign.
    """
    order = sorted(effects, key=lambda name: (-effects[name].mean(), name))
    rows = [_reversal((upper, lower), effects, assumed[upper], coefficients)
            for k, upper in enumerate(order) for lower in order[k + 1:] if assumed.get(upper)]
    return pd.DataFrame([each for each in rows if each], columns=REVERSAL)


def with_nothing(effects: dict[str, NDArray[Any]], baseline: str) -> dict[str, NDArray[Any]]:
    """The effects with that of the baseline, 0 in every member."""
    return effects | {baseline: np.zeros_like(next(iter(effects.values())), dtype=float)}


def _pair(differences):
    _, _, se, _, _, positive, number = row(differences)
    mean = float(differences.mean())
    if number < 2 or se == 0.0:
        return mean, se, positive, 0.5 + 0.5 * float(np.sign(mean))
    return mean, se, positive, float(stdtr(number - 1, mean / se))


def _reversal(pair, effects, dv, coefficients):
    upper, lower = pair
    factor, se = ratio(effects[lower], effects[upper])
    if not factor >= 0.0:                        # nan, or a policy that only a harmful one would match
        return None
    means = (float(effects[upper].mean()), float(effects[lower].mean()))
    return (upper, lower, *means, dv, factor, se, factor * dv, se * abs(dv), LINEAR,
            *_needed(coefficients.get(lower), coefficients.get(upper), factor))


def _needed(coefficient, larger, factor):
    """Cells on the lower one's coefficient: its key, what it is and would have to be, its range, inside or not."""
    needed = coefficient.level_with(larger, factor) if coefficient and factor > 0.0 else float("nan")
    if needed != needed:
        return NO_COEFFICIENT
    return (coefficient.key, coefficient.value, needed, coefficient.low, coefficient.high,
            int(coefficient.inside(needed)))
