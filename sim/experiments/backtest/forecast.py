"""Forecasts of every target by the model, its variants and its rivals, from what was known at the origin."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from sim.experiments.backtest import draws, predictive
from sim.experiments.backtest.paths import entry_of, is_within, over
from sim.experiments.backtest.plan import seen
from sim.experiments.backtest.predictive import Mixture
from sim.experiments.backtest.rivals import Past, registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.experiments.backtest.draws import Weights
    from sim.experiments.backtest.plan import Plan, Run, Target
    from sim.experiments.backtest.runs import Records
    from sim.experiments.backtest.series import Series

    Stocks: TypeAlias = dict[tuple[str, str], Series]

FIRST_YEAR = 4                 # quarters whose rate stands for the years before a run
NO_SPREAD = 1.0                # ratio of variance to mean where a draw has one replicate


class Forecasts(NamedTuple):
    """By target, forecaster -> Mixture; and the weights of the draws by origin."""

    of_target: list[dict[str, Mixture]]
    weights: dict[datetime.date, Weights]


def forecasts(plan: Plan, records: Records) -> Forecasts:
    """The Forecasts of a plan from its Records."""
    weighed = {origin: _weights(plan, records, origin) for origin in plan.origins}
    stocks = {(each.area, each.industry): each for each in reversed(plan.series) if each.counts == "stock"}
    found = []
    for target in plan.targets:
        run = next(k for k, each in enumerate(plan.runs) if target.origin in each.origins)
        each = {name: _of_model(plan, records, (run, name), target, weighed[target.origin].weight)
                for name in plan.variants}
        past = past_of(plan.series, stocks, target)
        rivals = {rival.name: rival(past) for rival in registry.entries()}
        found.append(each | {name: mixture for name, mixture in rivals.items() if mixture is not None})
    return Forecasts(found, weighed)


def past_of(series: Sequence[Series], stocks: Stocks, target: Target) -> Past:
    """What a rival may know of a target."""
    own = series[target.series]
    alike = [each for each in series if each.name == own.name and each.industry == own.industry and each.to == own.to]
    levels = [stock_at(stocks, each, target.origin) for each in alike]
    return Past(seen(own, target.origin), target.point._replace(value=float("nan")), target.origin,
                own.counts != "stock", tuple(seen(each, target.origin) for each in alike),
                stock_at(stocks, own, target.origin), float(np.sum(levels)))


def stock_at(stocks: Stocks, own: Series, day: datetime.date) -> float:
    """The level of an area on a day: its own if the series has levels, else that of its stock; nan if unknown."""
    if own.counts in ("stock", "cumulative"):
        return level_at(own, day)
    stock = stocks.get((own.area, own.industry), stocks.get((own.area, "")))
    return level_at(stock, day) if stock else float("nan")


def level_at(series: Series, day: datetime.date) -> float:
    """The level of a stock or cumulative series on a day, between two observations in proportion to time; else nan."""
    days = np.array([each.toordinal() for each, _ in series.levels], float)
    if not days[0] <= day.toordinal() <= days[-1]:
        return float("nan")
    return float(np.interp(day.toordinal(), days, [value for _, value in series.levels]))


def scale_of(run: Run, series: Series, found: NDArray[np.float64], origin: datetime.date) -> NDArray[np.float64]:
    """(draw,) observed level over the model's: of a stock on the origin, of what is cumulative at the run's start.

    found (draw, replicate, entry). Arrivals and moves are taken as the model counts them: 1.
    """
    eve = eve_of(run)
    if series.counts not in ("stock", "cumulative"):
        return np.ones(len(found))
    day = max(origin, eve) if series.counts == "stock" else eve
    entry = int(np.clip(round(entry_of(day, run.calendar)), 0, found.shape[-1] - 1))
    model, level = found[:, :, entry].mean(axis=1), level_at(series, day)
    return np.where(model > 0, level / np.maximum(model, 1e-9), 1.0) if np.isfinite(level) else np.ones(len(found))


def eve_of(run: Run) -> datetime.date:
    """The day before a run starts, whose stock it opens with."""
    return run.scenario.values.time.start - datetime.timedelta(days=1)


def _of_model(plan, records, key, target, weight):
    """The Mixture of a variant for a target."""
    run, series = plan.runs[key[0]], plan.series[target.series]
    found = records.found[key][target.series]
    stock = series.counts == "stock"
    there = over(found, target.point, stock, run.calendar)
    scale = scale_of(run, series, found, target.origin)
    ratio = predictive.dispersion(there)
    made = predictive.of_runs(there, 1.0, weight, not stock, NO_SPREAD if np.isnan(ratio) else ratio)
    return made._replace(mean=made.mean * scale, variance=made.variance * scale)


def _weights(plan, records, origin):
    """The Weights of the draws by the observations up to an origin."""
    number = next(k for k, run in enumerate(plan.runs) if run.fits)
    found, run = records.found[number, draws.MODEL], plan.runs[number]
    total = np.zeros(found.shape[1])
    for k, series in enumerate(plan.series):
        if series.to or series.industry:         # cells of choices: too thin to tell draws apart, and scored apart
            continue
        scale = scale_of(run, series, found[k], eve_of(run))
        for point in seen(series, origin):
            total += _log_likelihood(series, point, found[k], scale, run)
    return draws.weights(total)


def _log_likelihood(series, point, found, scale, run):
    """(draw,) ln of the probability of a point under each draw; 0 of a stock before the run.

    Events before the run: the rate of the run's first year stands for them.
    """
    stock = series.counts == "stock"
    if is_within(point, stock, run.calendar):
        there = over(found, point, stock, run.calendar)
    elif stock or point.date > run.scenario.values.time.end:
        return np.zeros(len(found))
    else:
        first = min(FIRST_YEAR, found.shape[-1] - 1)
        there = (found[..., first] - found[..., 0]) * ((point.date - point.since).days / 365.25 * 4.0 / first)
    ratio = predictive.dispersion(there)
    ratio = NO_SPREAD if np.isnan(ratio) else ratio
    mean = scale * there.mean(axis=1)
    spread = np.maximum((max(ratio, 1.0) if not stock else ratio) * mean * 1.0, predictive.SMALLEST if stock else 1e-9)
    return np.array([_log_probability(m, v, not stock, point.value) for m, v in zip(mean, spread, strict=True)])


def _log_probability(mean, variance, events, value):
    one = predictive.single(mean, variance, events)
    whole = np.round(value)
    below, at = predictive.cdf(one, [whole - 1.0, whole])
    return float(np.log(max(at - below, 1e-12)))
