"""Predictive distributions: mixtures over draws of the parameters, each component with the chance within a draw.

A component has a mean and a variance. Of counts of events it is negative binomial, with a variance above the mean, and
Poisson in the limit; of stocks it is a normal distribution rounded to whole numbers and cut off at zero: a smoothed
probability mass function, so that a value that no run has given still has a probability.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

SMALLEST = 0.25                # variance of a rounded normal at least, so that no component is a point
TAIL = 12.0                    # standard deviations that the support goes beyond the largest mean


class Mixture(NamedTuple):
    """Weights (component,) that sum to 1, means and variances (component,); `events` says which law."""

    weight: NDArray[np.float64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    events: bool

    @property
    def expected(self) -> float:
        return float(self.weight @ self.mean)

    @property
    def spread(self) -> float:
        """Standard deviation, between components and within."""
        return float(np.sqrt(self.weight @ (self.variance + (self.mean - self.expected) ** 2)))


def single(mean: float, variance: float, events: bool) -> Mixture:
    """A Mixture of one component."""
    return Mixture(np.ones(1), np.array([float(mean)]), np.array([float(variance)]), events)


def support(mixture: Mixture, observed: float) -> int:
    """The largest value whose probability is written down; beyond it there is next to nothing."""
    top = (mixture.mean + TAIL * np.sqrt(np.maximum(mixture.variance, 1.0))).max()
    return int(np.ceil(max(top, 2.0 * observed, 20.0)))


def cdf(mixture: Mixture, values: ArrayLike) -> NDArray[np.float64]:
    """(value,) P(X <= value) at whole numbers."""
    values = np.asarray(values, float)[:, None]
    if mixture.events:
        parts = _events_cdf(mixture, values)
    else:
        sd = np.sqrt(np.maximum(mixture.variance, SMALLEST))
        parts = np.where(values < 0, 0.0, stats.norm.cdf((values + 0.5 - mixture.mean) / sd))
    return parts @ mixture.weight


def _events_cdf(mixture, values):
    """(value, component) of negative binomials; of those hardly wider than a Poisson law, of that."""
    mean = np.maximum(mixture.mean, 1e-9)
    extra = mixture.variance - mean
    size = mean ** 2 / np.maximum(extra, 1e-12)
    wide = extra > 1e-6 * mean
    negative = stats.nbinom.cdf(values, np.where(wide, size, 1.0), np.where(wide, size / (size + mean), 0.5))
    return np.where(wide, negative, stats.poisson.cdf(values, mean))


def pmf(mixture: Mixture, observed: float = 0.0) -> NDArray[np.float64]:
    """(value,) probabilities of 0, 1, ..., `support`; the last takes the rest of the tail."""
    found = cdf(mixture, np.arange(support(mixture, observed) + 1))
    found[-1] = 1.0
    return np.diff(found, prepend=0.0).clip(0.0)


def quantiles(mixture: Mixture, levels: ArrayLike) -> NDArray[np.float64]:
    """(level,) smallest whole numbers at which the distribution function reaches the levels."""
    return np.searchsorted(pmf(mixture).cumsum(), np.asarray(levels) - 1e-12).astype(float)


def of_runs(found: NDArray[np.float64], scale: float, weight: NDArray[np.float64], events: bool,
            dispersion: float) -> Mixture:
    """The Mixture of runs found (draw, replicate) at the real scale.

    The mean of a draw is scaled. Its variance is dispersion * mean: a region of `scale` times as many enterprises is
    so many independent parts, so that the ratio of variance to mean stays. Of events it is Poisson's at least.
    """
    mean = scale * found.mean(axis=1)
    ratio = max(dispersion, 1.0) if events else dispersion
    return Mixture(weight, mean, np.maximum(ratio * mean, SMALLEST if not events else 0.0), events)


def dispersion(found: NDArray[np.float64]) -> float:
    """Ratio of variance to mean within draws (draw, replicate), pooled over the draws; nan of one replicate."""
    if found.shape[1] < 2:
        return float("nan")
    mean = found.mean()
    return float(found.var(axis=1, ddof=1).mean() / mean) if mean > 0 else 1.0
