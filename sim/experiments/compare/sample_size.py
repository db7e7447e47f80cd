"""How many replicates a stated precision of an effect takes."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

CONFIDENCE = 0.95


def needed(effects: NDArray[Any], precision: float) -> int | None:
    """Replicates after which the 95 % interval of the mean effect is `precision` wide on either side.

    n = ceil((t sd / precision)^2), t the quantile of Student's law with n - 1 degrees of freedom, found
    by going up from the normal one; effects (member,). 2 at least; 2 if all members agree; None when
    one member alone is known.

    >>> needed(np.array([1.0, 3.0, 2.0, 2.0]), 0.5)
    13
    """
    if len(effects) < 2:
        return None
    sd, tail = float(np.std(effects, ddof=1)), 0.5 + CONFIDENCE / 2.0
    number = max(2, math.ceil((ndtri(tail) * sd / precision) ** 2))
    while stdtrit(number - 1, tail) * sd / number ** 0.5 > precision:
        number += 1
    return number


def half_width(effects: NDArray[Any]) -> float:
    """Half the width of the 95 % interval of the mean of (member,) effects; nan for one member."""
    number = len(effects)
    if number < 2:
        return float("nan")
    return float(stdtrit(number - 1, 0.5 + CONFIDENCE / 2.0) * np.std(effects, ddof=1) / number ** 0.5)
