"""Tornado: the quantity where an axis is low and where it is high, over all values of the others.

Of a sample, low and high are the lowest and the highest fifth of the axis's values; of a grid, its
first and last value. So the bars are main effects over the ranges of all axes, not changes of one
axis with the others held at their defaults.

Decision 61 (docs/decisions.md).
"""

import numpy as np
import pandas as pd

from sim.experiments.paired_statistics import row
from sim.experiments.sensitivity.quantity import Quantity, Swept
from sim.experiments.sensitivity.sobol import sample

TAIL = 0.2


def table(sweep: Swept, quantity: Quantity) -> pd.DataFrame:
    """DataFrame, widest bar first: axis, low, high (values of the axis), at_low, at_high, error of each."""
    which = sample(sweep) & quantity.whole
    y = quantity.mean[which]
    rows = [_row(axis, sweep.columns[axis][which], y) for axis in sweep.axes]
    found = pd.DataFrame(rows, columns=["axis", "low", "high", "at_low", "at_high", "error_low", "error_high"])
    order = (found["at_high"] - found["at_low"]).abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _row(axis, x, y):
    texts = x.dtype == object and isinstance(x[0], str)        # in the order in which they come, numbers in their own
    codes = pd.factorize(x)[0] if texts else np.unique(x, return_inverse=True)[1]
    distinct = np.unique(codes)
    if len(distinct) <= 1.0 / TAIL:
        below, above = codes == distinct[0], codes == distinct[-1]
    else:
        ranks = codes.argsort(kind="stable").argsort(kind="stable") / len(codes)
        below, above = ranks < TAIL, ranks >= 1.0 - TAIL
    (low, _, error_low, *_), (high, _, error_high, *_) = row(y[below]), row(y[above])
    return axis, x[below].max(), x[above].min(), low, high, error_low, error_high
