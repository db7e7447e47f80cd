"""Tornado: the quantity where an axis is low and where it is high, over all values of the others.

Of a sample, low and high are the lowest and the highest fifth of the axis's values; of a grid, its
first and last value. So the bars are main effects over the ranges of all axes, not changes of one
axis with the others held at their defaults.
"""

import numpy as np
import pandas as pd

from sim.experiments.sensitivity.sobol import sample

TAIL = 0.2


def table(sweep, quantity):
    """DataFrame, widest bar first: axis, low, high (values of the axis), at_low, at_high, error of each."""
    which = sample(sweep) & quantity.whole
    y = quantity.mean[which]
    rows = [_row(axis, sweep.columns[axis][which], y) for axis in sweep.axes]
    found = pd.DataFrame(rows, columns=["axis", "low", "high", "at_low", "at_high", "error_low", "error_high"])
    order = (found["at_high"] - found["at_low"]).abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _row(axis, x, y):
    codes = _codes(x)
    distinct = np.unique(codes)
    if len(distinct) <= 1.0 / TAIL:
        below, above = codes == distinct[0], codes == distinct[-1]
    else:
        ranks = codes.argsort(kind="stable").argsort(kind="stable") / len(codes)
        below, above = ranks < TAIL, ranks >= 1.0 - TAIL
    return (axis, x[below].max(), x[above].min(), y[below].mean(), y[above].mean(), _error(y[below]), _error(y[above]))


def _codes(x):
    """Numbers in the order of the values; texts in the order in which they come."""
    return pd.factorize(x)[0] if x.dtype == object and isinstance(x[0], str) else np.unique(x, return_inverse=True)[1]


def _error(y):
    return y.std(ddof=1) / np.sqrt(len(y)) if len(y) > 1 else np.nan
