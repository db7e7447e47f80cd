"""Policies in order of their effect, how sure the order is, and what would reverse it.

Two probabilities stand apart: that i is above j in one world (share of members, ties count half), and
how sure it is that i's mean is above j's (Student's law over paired differences).
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from sim.experiment.comparison.statistics import row

RANKING = ("rank", "scenario", "mean", "sd", "se", "p05", "p95", "positive", "members", "best")
BEATS = ("scenario", "other", "difference", "se", "beats", "sure")
REVERSAL = ("scenario", "other", "effect", "other_effect", "assumed_dv", "factor", "factor_se",
            "dv_at_reversal", "dv_se", "method")
LINEAR = "linear in the assumed dV: an approximation"


def ranking(effects):
    """DataFrame, best first: statistics of the effect and the probability to be the best of all.

    effects: scenario -> (member,) effects. Ties for the best share their member.
    """
    values = np.stack(list(effects.values()))
    top = values == values.max(axis=0)
    best = (top / top.sum(axis=0)).mean(axis=1)
    rows = [(name, *row(values[k]), float(best[k])) for k, name in enumerate(effects)]
    rows.sort(key=lambda each: (-each[1], each[0]))
    return pd.DataFrame([(rank, *each) for rank, each in enumerate(rows, 1)], columns=RANKING)


def beats(effects):
    """DataFrame of all ordered pairs: mean difference, its se, P(i above j), confidence that its mean is."""
    return pd.DataFrame([(one, other, *_pair(effects[one] - effects[other]))
                         for one in effects for other in effects if one != other], columns=BEATS)


def reversals(effects, assumed):
    """DataFrame: for each pair in the ranking, the assumed dV at which the upper one falls to the lower one.

    assumed: scenario -> direct mean dV that it was given. With effect = slope x dV the upper policy's
    dV must shrink by the factor mean_j / mean_i; its standard error by the delta method over paired
    members. Only where both effects and the assumed dV are there and of one sign.
    """
    order = ranking(effects)["scenario"]
    rows = [_reversal(upper, lower, effects, assumed[upper])
            for k, upper in enumerate(order) for lower in order[k + 1:] if assumed.get(upper)]
    return pd.DataFrame([each for each in rows if each], columns=REVERSAL)


def _pair(differences):
    _, _, se, _, _, positive, number = row(differences)
    mean = float(differences.mean())
    if number < 2 or se == 0.0:
        return mean, se, positive, 0.5 + 0.5 * float(np.sign(mean))
    return mean, se, positive, float(stdtr(number - 1, mean / se))


def _reversal(upper, lower, effects, dv):
    from sim.experiment.comparison.statistics import ratio

    factor, se = ratio(effects[lower], effects[upper])
    if not factor >= 0.0:                        # nan, or a policy that only a harmful one would match
        return None
    means = (float(effects[upper].mean()), float(effects[lower].mean()))
    return (upper, lower, *means, dv, factor, se, factor * dv, se * abs(dv), LINEAR)
