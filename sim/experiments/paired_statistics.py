"""Numbers that describe an effect: over members that share their draws, member by member.

    effect_m = X_m(scenario) - X_m(baseline)        same seed, same replicate, hence the same draws
    mean, sd (n - 1), se = sd / sqrt(n), 5 and 95 % quantiles of the effect itself

Decision 32 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import ArrayLike, NDArray

COLUMNS = ("mean", "sd", "se", "p05", "p95", "positive", "members")


def statistics(effects: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Statistics by name over axis 0: effects (member, ...) -> arrays (...).

    sd and se are nan for a single member; `positive` is the share of members above 0, halves for 0.
    """
    effects = np.asarray(effects, float)
    number = len(effects)
    sd = effects.std(axis=0, ddof=1) if number > 1 else np.full(effects.shape[1:], np.nan)
    low, high = np.percentile(effects, [5, 95], axis=0)
    positive = (effects > 0).mean(axis=0) + 0.5 * (effects == 0).mean(axis=0)
    return {"mean": effects.mean(axis=0), "sd": sd, "se": sd / number ** 0.5, "p05": low, "p95": high,
            "positive": positive, "members": np.full(effects.shape[1:], number)}


def frame(effects: xr.DataArray, **beside: xr.DataArray) -> pd.DataFrame:
    """DataFrame of the statistics of a DataArray over its first dimension, a row a label of all others, in their order.

    beside: further columns by name, DataArrays of the other dimensions.
    """
    labels = [effects.indexes[dim] for dim in effects.dims[1:]]
    columns = {**{name: each.to_numpy() for name, each in beside.items()}, **statistics(effects)}
    return pd.DataFrame({name: each.ravel() for name, each in columns.items()},
                        index=pd.MultiIndex.from_product(labels)).reset_index()


def row(effects: NDArray[Any]) -> tuple[float, ...]:
    """Statistics of (member,) effects as plain numbers, in the order of COLUMNS."""
    found = statistics(effects)
    return tuple(float(found[name]) for name in COLUMNS[:-1]) + (len(effects),)


def ratio(numerator: NDArray[Any], denominator: NDArray[Any]) -> tuple[float, float]:
    """(mean(a) / mean(b), its standard error by the delta method) of two paired (member,) series.

    Var(a/b) = [Var a - 2 r Cov(a, b) + r^2 Var b] / (n mean(b)^2). Both are nan when the denominator's
    mean is less than two standard errors from 0: such a ratio says nothing.
    """
    a, b = np.asarray(numerator, float), np.asarray(denominator, float)
    if not distinct(b):
        return float("nan"), float("nan")
    share = a.mean() / b.mean()
    if len(a) < 2:
        return float(share), float("nan")
    spread = np.var(a - share * b, ddof=1)
    return float(share), float((spread / len(a)) ** 0.5 / abs(b.mean()))


def distinct(effects: NDArray[Any]) -> bool:
    """Whether the mean of (member,) effects is at least two standard errors from 0."""
    effects = np.asarray(effects, float)
    mean = effects.mean()
    if mean == 0.0 or len(effects) < 2:
        return bool(mean != 0.0)
    return bool(abs(mean) >= 2.0 * effects.std(ddof=1) / len(effects) ** 0.5)
