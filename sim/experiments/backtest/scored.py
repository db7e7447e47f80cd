"""Scores of written forecasts, and how far the model is from each rival, with errors that allow for dependence.

The difference of a score is averaged over targets. Targets of one area, or of near dates, are not independent: with
ten areas or more the standard error is clustered by area (Liang & Zeger 1986, with the factor G / (G - 1)); with ten
dates or more of few areas it is a circular block bootstrap over dates (Politis & Romano 1992), blocks of n^(1/3); with
fewer than that there is none, and the differences themselves are told.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import random_streams
from sim.experiments.backtest import predictive, scores
from sim.experiments.backtest.draws import MODEL
from sim.experiments.backtest.plan import Plan
from sim.experiments.backtest.predictive import Mixture

ENOUGH, RESAMPLES = 10, 2000
LEVELS = (0.5, 0.9)
SCORES = ("crps", "log_score")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
KEYS = ("series", "area", "industry", "to", "measure", "origin", "since", "date", "ahead")


def key_of(plan: Plan, number: int) -> dict[str, object]:
    """What says which target a row is of."""
    target = plan.targets[number]
    series = plan.series[target.series]
    return dict(zip(KEYS, (series.name, series.area, series.industry, series.to, series.measure.name, target.origin,
                           target.point.since, target.point.date, round(target.ahead, 2)), strict=True))


def forecast_rows(plan: Plan, found: Sequence[Mapping[str, Mixture]]) -> pd.DataFrame:
    """A row a target and forecaster: mean, standard deviation and quantiles, nothing of what came."""
    rows = []
    for number, each in enumerate(found):
        for name, mixture in each.items():
            ends = predictive.quantiles(mixture, QUANTILES)
            rows.append({**key_of(plan, number), "forecaster": name, "mean": mixture.expected, "sd": mixture.spread,
                         **{f"q{level * 100:02.0f}": end for level, end in zip(QUANTILES, ends, strict=True)}})
    return pd.DataFrame(rows)


def scored(plan: Plan, found: Sequence[Mapping[str, Mixture]]) -> pd.DataFrame:
    """A row a target and forecaster: observed, scores, PIT, whether central intervals cover, width of the 90 % one."""
    draw = random_streams.generator("randomised PIT", plan.scenario.values.run.seed, 0)
    rows = []
    for number, each in enumerate(found):
        y, v = int(round(plan.targets[number].point.value)), float(draw.random())
        for name, mixture in each.items():
            p = predictive.pmf(mixture, y)
            u = scores.pit(p, y, v)
            low, high = predictive.quantiles(mixture, (0.05, 0.95))
            rows.append({**key_of(plan, number), "forecaster": name, "observed": y, "mean": mixture.expected,
                         "q05": low, "q95": high, "crps": scores.crps(p, y), "log_score": scores.log_score(p, y),
                         "pit": u, **{f"covered{level * 100:.0f}": bool(scores.covered(u, level)) for level in LEVELS},
                         "width90": high - low})
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=[*KEYS, "forecaster", "observed", *SCORES])


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """A row a series and forecaster: mean scores, coverage, width, and the model's score less the forecaster's.

    Compared are the targets that both have forecast.
    """
    rows = []
    for series, mine in table.groupby("series", sort=False):
        model = _by_target(mine[mine["forecaster"] == MODEL])
        for name, other in mine.groupby("forecaster", sort=False):
            both = model.join(_by_target(other).add_suffix("_other"), how="inner")
            rows.append({"series": series, "measure": other["measure"].iloc[0], "forecaster": name, **_row(both)})
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["series", "measure", "forecaster", *SCORES])


def _by_target(rows):
    return rows.set_index(["area", "industry", "to", "origin", "date"])


def _row(both):
    found: dict[str, Any] = {"n": len(both)}
    for score in SCORES:
        gap = (both[score] - both[f"{score}_other"]).to_numpy()
        se, how = error_of(gap, both.index.get_level_values("area").to_numpy(),
                           both.index.get_level_values("date").to_numpy())
        found |= {score: both[f"{score}_other"].mean(), f"{score}_difference": gap.mean(), f"{score}_se": se,
                  "error": how,
                  f"{score}_differences": "" if np.isfinite(se) else _each(gap, both.index.get_level_values("area"))}
    found |= {f"coverage{level * 100:.0f}": both[f"covered{level * 100:.0f}_other"].mean() for level in LEVELS}
    return found | {"width90": both["width90_other"].mean(),
                    "width_ratio": both["width90"].mean() / max(both["width90_other"].mean(), 1e-9)}


def _each(gap, areas):
    """The differences themselves; of ENOUGH and more the mean of every area."""
    if len(gap) < ENOUGH:
        return "(" + ", ".join(f"{each:+.3g}" for each in gap) + ")"
    return "(" + "; ".join(f"{area} {gap[areas == area].mean():+.3g}" for area in dict.fromkeys(areas)) + ")"


def error_of(gap: NDArray[np.float64], areas: NDArray[Any], dates: NDArray[Any]) -> tuple[float, str]:
    """(standard error of the mean gap, how: "area", "blocks" or "none"); nan where there is too little."""
    if len(np.unique(areas)) >= ENOUGH:
        return clustered(gap, areas), "area"
    days = np.unique(dates)
    if len(days) >= ENOUGH:
        return _blocks(np.array([gap[dates == day].mean() for day in days])), "blocks"
    return float("nan"), "none"


def clustered(gap: NDArray[np.float64], groups: NDArray[Any]) -> float:
    """Cluster-robust standard error of a mean: sqrt(G / (G - 1) sum_g (sum_i in g (x_i - mean))^2) / n."""
    _, number = np.unique(groups, return_inverse=True)
    sums = np.bincount(number, weights=gap - gap.mean())
    count = len(sums)
    return float(np.sqrt(count / (count - 1) * (sums ** 2).sum()) / len(gap)) if count > 1 else float("nan")


def _blocks(series, seed=1):
    """Standard error of a mean by the circular block bootstrap."""
    n, length = len(series), max(1, round(len(series) ** (1 / 3)))
    draw = random_streams.generator("block bootstrap", seed, n)
    starts = draw.integers(0, n, (RESAMPLES, -(-n // length)))
    places = ((starts[:, :, None] + np.arange(length)) % n).reshape(RESAMPLES, -1)[:, :n]
    return float(series[places].mean(axis=1).std(ddof=1))


def best_rival(summary: pd.DataFrame) -> pd.Series:
    """The row of the forecaster, the model apart, with the lowest mean CRPS; of equal ones the first."""
    return summary[summary["forecaster"] != MODEL].sort_values("crps", kind="stable").iloc[0]
