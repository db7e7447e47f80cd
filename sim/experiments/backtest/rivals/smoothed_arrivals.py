"""The mean of the last years."""

from sim.experiments.backtest.predictive import single
from sim.experiments.backtest.rivals import recent, register, years

PRIOR = 0.5                    # events that are added: the prior of Jeffreys for a Poisson rate


@register("smoothed_arrivals", title="smoothed past arrivals", title_zh="平滑历史流入")
def smoothed_arrivals(past):
    """Smoothed past arrivals: the mean rate of the last five years; gamma-Poisson, shape n + 1/2 (Jeffreys 1946)."""
    if not past.events:
        return None
    points = recent(past)
    count = sum(point.value for point in points) + PRIOR
    mean = count / sum(years(point.since, point.date) for point in points) * past.length
    return single(mean, mean + mean ** 2 / count, True)
