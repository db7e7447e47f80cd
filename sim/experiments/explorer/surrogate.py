"""An estimate at once: regression over the combinations of controls that are simulated already.

    f(x) = a + b'x + g(x),   g a Gaussian process of kernel exp(-|x - x'|^2 / (2 l^2)),   y_i = f(x_i) + e_i

with controls scaled to [0, 1], a and b under a wide prior (they are part of the kernel), the variance of e_i the
squared standard error of combination i, and l = 1 (Rasmussen & Williams 2006, sections 2.2 and 2.7). The estimate is
a weighted sum of what was simulated, w = K^-1 k(x), so that one solution serves all places, years and measures. Its
error is that of leaving out each combination in turn (ibid., equation 5.12).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LINEAR, SMOOTH, LENGTH = 4.0, 0.25, 1.0        # variances in units of that of the effects, and the scale of controls
LEAST = 3                      # combinations from which an estimate is made


class Estimate(NamedTuple):
    """Weights of the combinations, and the error of the estimate."""

    weights: NDArray[np.float64]
    error: float


def estimate(places: NDArray[np.float64], effects: NDArray[np.float64], errors: NDArray[np.float64],
             at: NDArray[np.float64]) -> Estimate | None:
    """Estimate at a place `at` (control,) from places (n, control) with effects and standard errors (n,).

    None for fewer than LEAST places. A standard error that is not known counts as the spread of all effects.
    """
    number = len(places)
    if number < LEAST:
        return None
    spread = max(float(effects.std()), 1e-6)
    noise = np.where(np.isfinite(errors), errors, spread) / spread
    kernel = _kernel(places, places) + np.diag(np.maximum(noise, 1e-3) ** 2)
    inverse = np.linalg.inv(kernel)
    weights = inverse @ _kernel(places, at[None])[:, 0]
    missed = (inverse @ (effects / spread)) / np.diag(inverse)
    return Estimate(weights, float(np.sqrt(np.mean(missed ** 2)) * spread))


def _kernel(one, other):
    distance = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    return LINEAR * (1.0 + one @ other.T) + SMOOTH * np.exp(-distance / (2 * LENGTH ** 2))
