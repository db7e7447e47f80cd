"""What is stays."""

import numpy as np

from sim.experiments.backtest.predictive import single
from sim.experiments.backtest.rivals import recent, register, turnover, years


@register("persistence", title="persistence", title_zh="持续法")
def persistence(past):
    """Persistence: a stock stays as it was last seen, events go on at the last rate, with birth-death or count noise.

    Stock: variance (b + d) n t. Events: Poisson at the last year's rate, an estimate itself: mean (1 + t / t_last).
    """
    if past.events:
        points = recent(past, 1.0)
        seen = sum(years(point.since, point.date) for point in points)
        mean = sum(point.value for point in points) / seen * past.length
        return single(mean, mean * (1.0 + past.length / seen), True)
    last = past.points[-1]
    rate = turnover(past)
    return None if np.isnan(rate) else single(last.value, rate * last.value * past.length, False)
