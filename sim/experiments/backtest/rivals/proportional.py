"""In proportion to the stock."""

import numpy as np

from sim.experiments.backtest.predictive import single
from sim.experiments.backtest.rivals import recent, register, turnover, years


@register("proportional", title="in proportion to the stock", title_zh="与存量成比例")
def proportional(past):
    """In proportion to the stock: all areas grow, or draw events, at the mean rate of the last five years.

    The rate is common to all areas of a series; of a single one it is the area's own.
    """
    if past.events:
        return _events(past)
    rate, chance = _growth(past), turnover(past)
    if np.isnan(rate) or np.isnan(chance):
        return None
    last = past.points[-1].value
    return single(last * (1.0 + rate) ** past.length, chance * last * past.length, False)


def _events(past):
    if not past.stock > 0 or not past.stocks > 0:
        return None
    dated = [(point.value, years(point.since, point.date)) for points in past.siblings
             for point in recent(past._replace(points=points)) if points]
    count, span = (sum(column) for column in zip(*dated, strict=True))
    mean = count / (span / len(past.siblings)) * past.stock / past.stocks * past.length
    return single(mean, mean * (1.0 + mean / max(count, 1.0)), True)


def _growth(past):
    """Yearly growth of the sum of all areas over the last five years."""
    firsts, lasts, span = 0.0, 0.0, 0.0
    for points in past.siblings:
        seen = recent(past._replace(points=points), 6.0) if points else []
        if len(seen) > 1:
            firsts, lasts = firsts + seen[0].value, lasts + seen[-1].value
            span = years(seen[0].date, seen[-1].date)
    return (lasts / firsts) ** (1.0 / span) - 1.0 if firsts > 0 and span > 0 else float("nan")
