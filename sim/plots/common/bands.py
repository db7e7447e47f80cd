"""From members to what is drawn: middles, bands, and numbers as people read them."""

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from sim.plots.common.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOW, HIGH = 0.05, 0.95
SHORT = 2.0                    # years


def band(array: xr.DataArray) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(low, mean, high) over the members, as numpy arrays without the member axis.

    The middle is the mean everywhere, because means of parts add up to the mean of the whole, so
    that figures and tables agree with one another.
    """
    values = array.transpose("member", ...).values
    low, high = np.quantile(values, [LOW, HIGH], axis=0)
    return low, values.mean(axis=0), high


def years(dataset: xr.Dataset) -> NDArray[np.float64]:
    """The ends of quarters as decimal years; the opening state of 2021 is 2021.0."""
    date = dataset["date"].dt
    return (date.year + date.dayofyear / 365.25).values


def quarter_ticks(axes: "Axes", when: ArrayLike) -> bool:
    """Name the first and the last quarter of a run without two whole years, and say so; `when` as `years` has it."""
    ends = np.asarray(when, float)[[0, -1]]
    if ends[1] - ends[0] < SHORT:
        parts = zip(*np.divmod(ends - 0.01, 1))
        axes.set_xticks(ends, [f"{year:.0f}-Q{np.ceil(4 * part):.0f}" for year, part in parts])
    return bool(ends[1] - ends[0] < SHORT)


def margin(among: int = 1) -> float:
    """Standard errors beyond which the largest of so many changes differs from chance: two for one alone.

    The error of two standard errors, 4.6 %, is that of all of them together (Bonferroni's correction; Dunn 1961,
    doi:10.1080/01621459.1961.10482090).

    >>> round(margin(1), 6), round(margin(12), 2)
    (2.0, 2.89)
    """
    normal = statistics.NormalDist()
    return normal.inv_cdf(1 - normal.cdf(-2) / among)


def told_apart(change: NDArray[np.float64], among: int = 1) -> NDArray[np.bool_]:
    """Whether mean changes over the members (member, ...) differ from 0 by more than two standard errors.

    For the largest of several changes `among` is their number (`margin`). One member alone tells nothing.
    """
    number = len(change)
    if number < 2:
        return np.zeros(change.shape[1:], bool)
    return abs(change.mean(axis=0)) > margin(among) * change.std(axis=0, ddof=1) / number ** 0.5


def whole(value: float) -> str:
    """A count: whole, but "<1" for what would read as none; thousands apart.

    >>> whole(1234.4), whole(0.3), whole(0)
    ('1,234', '<1', '0')
    """
    return "<1" if 0 < value < 0.5 else f"{value:,.0f}"


def signed(value: float) -> str:
    """A change, with its sign.

    >>> signed(-3.2), signed(0.2)
    ('−3', '0')
    """
    rounded = int(np.rint(value))
    return "0" if rounded == 0 else f"{rounded:+,}".replace("-", "−")


def percent(share: float) -> str:
    """A share: whole percents from ten on, one decimal below.

    >>> percent(0.123), percent(0.04)
    ('12%', '4.0%')
    """
    return f"{100 * share:.0f}%" if share >= 0.0995 or share == 0 else f"{100 * share:.1f}%"


def spread(dataset: xr.Dataset | xr.DataArray, lang: str, low: float, high: float,
           shown: Callable[[float], str] = whole) -> str:
    """The words " (9 in 10 runs: a to b)", or nothing for a single run."""
    if dataset.sizes["member"] < 2:
        return ""
    interval = word("range", lang, low=shown(low), high=shown(high))
    return word("nine_in_ten", lang, range=interval)
