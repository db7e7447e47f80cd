"""A trend that dies out."""

import itertools

import numpy as np

from sim.experiments.backtest.predictive import single
from sim.experiments.backtest.rivals import per_year, register, years

LEVELS, TRENDS, DAMPING = (0.2, 0.4, 0.6, 0.8, 1.0), (0.05, 0.1, 0.2, 0.4), (0.8, 0.9, 0.98)
LEAST = 4                      # observations that a trend needs


@register("damped_trend", title="damped trend", title_zh="阻尼趋势法")
def damped_trend(past):
    """Damped trend (Gardner & McKenzie 1985): l + (f + ... + f^h) b, smoothing by least squares of one-step errors.

    Of stocks on their levels, of events on their rates a year. The variance of an error grows with the steps ahead.
    """
    if len(past.points) < LEAST:
        return None
    values = per_year(past.points) if past.events else np.array([point.value for point in past.points])
    step = max(years(past.points[0].date, past.points[-1].date) / (len(values) - 1), 1e-9)
    ahead = max(int(round(years(past.points[-1].date, past.target.date) / step)), 1)
    options = itertools.product(LEVELS, TRENDS, DAMPING)
    error, level, trend, damping = min(_fitted(values, *each) for each in options)
    mean = level + trend * sum(damping ** k for k in range(1, ahead + 1))
    if not past.events:
        return single(max(mean, 0.0), error * ahead, False)
    mean = max(mean, 0.0) * past.length
    return single(mean, max(mean, error * past.length ** 2), True)


def _fitted(values, alpha, beta, damping):
    """(mean squared one-step error, level, trend, damping) at the end of the series."""
    level, trend, squares = values[0], (values[-1] - values[0]) / (len(values) - 1), 0.0
    for value in values[1:]:
        ahead = level + damping * trend
        squares += (value - ahead) ** 2
        new = ahead + alpha * (value - ahead)
        level, trend = new, beta * (new - level) + (1.0 - beta) * damping * trend
    return squares / (len(values) - 1), float(level), float(trend), damping
