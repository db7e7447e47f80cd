"""Sobol' indices of a quantity: how much of its variance each axis makes, alone and in all.

S_i = V[E(y | x_i)] / V[y] and ST_i = E[V(y | all but x_i)] / V[y], estimated from the samples A, B and
their mixtures AB_i by Saltelli et al. (2010), eq. (b) and (f) of their table 2, as SALib computes them:
S_i = mean(f_B (f_AB_i - f_A)) / V, ST_i = mean((f_A - f_AB_i)^2) / 2 V.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import CorruptError
from sim.base.messages import _
from sim.experiments.salib import salib
from sim.experiments.sensitivity.quantity import Quantity, Swept

RESAMPLES = 1000


class Indices(NamedTuple):
    """Indices of a quantity, and what they are shares of."""

    table: pd.DataFrame        # axis, S, S_low, S_high, ST, ST_low, ST_high; largest ST first
    base: int                  # base points used
    mean: float                # of the quantity over A and B
    variance: float            # of its means over replicates, over A and B
    noise: float               # share of the variance that replicates alone could make; nan for one replicate


def of(sweep: Swept, quantity: Quantity, confidence: float = 0.95) -> Indices:
    """The Indices of a quantity over a design of kind saltelli.

    Intervals are percentiles of a bootstrap over base points. The noise is the mean squared standard
    error over the variance: replicates share their draws over points, so that part of it cancels in
    every difference.
    """
    refuse_another_design(sweep)
    y = quantity.mean[quantity.whole]
    found = estimate(sweep.axes, y, confidence)
    plain = sample(sweep) & quantity.whole
    variance = float(np.var(quantity.mean[plain]))
    with np.errstate(invalid="ignore", divide="ignore"):
        noise = float(np.mean(quantity.error[plain] ** 2) / np.float64(variance))
    return Indices(found, len(y) // sweep.block, float(quantity.mean[plain].mean()), variance, noise)


def estimate(axes: Sequence[str], y: NDArray[np.float64], confidence: float = 0.95) -> pd.DataFrame:
    """DataFrame of the indices of outputs in the order A, AB_1 .. AB_d, B of every base point.

    All are nan for outputs that do not vary, which have no shares.
    """
    names = ("S", "S_low", "S_high", "ST", "ST_low", "ST_high")
    if np.ptp(y) == 0.0:
        return pd.DataFrame({"axis": list(axes), **dict.fromkeys(names, np.nan)})
    problem = {"num_vars": len(axes), "names": list(axes), "bounds": [[0.0, 1.0]] * len(axes)}
    found = salib("SALib.analyze.sobol").analyze(problem, y, calc_second_order=False, num_resamples=RESAMPLES,
                                                 conf_level=confidence, keep_resamples=True, seed=1)
    ends = 50.0 * (1.0 - confidence), 50.0 * (1.0 + confidence)
    columns = {"axis": list(axes)}
    for name, key in (("S", "S1"), ("ST", "ST")):
        low, high = np.nanpercentile(found[f"{key}_conf_all"], ends, axis=0)
        columns |= {name: found[key], f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns).sort_values("ST", ascending=False, kind="stable", ignore_index=True)


def sample(sweep: Swept) -> NDArray[np.float64]:
    """(point,) whether a point belongs to a plain sample of the axes: A and B of a base point, else all."""
    if sweep.defined["design"] != "saltelli":
        return np.ones(sweep.shape[1], dtype=bool)
    place = np.arange(sweep.shape[1]) % sweep.block
    return (place == 0) | (place == sweep.block - 1)


def refuse_another_design(sweep: Swept) -> None:
    """CorruptError unless AB_k is A with column k of B, for every axis and base point."""
    for k, axis in enumerate(sweep.axes):
        values = sweep.columns[axis].reshape(-1, sweep.block)
        a, b = values[:, :1], values[:, -1]
        others = np.delete(values, (k + 1, sweep.block - 1), axis=1)
        if (others != a).any() or (values[:, k + 1] != b).any():
            raise CorruptError(_("{folder}: the values of {axis} are not in the order of a Saltelli design",
                                 folder=sweep.folder, axis=axis))
