"""Bars of shares at the start, the middle and the end of a run, for the three shares plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.metrics.counting import in_zone
from sim.plots.common import theme
from sim.plots.common.bands import band, percent, spread, told_apart
from sim.plots.common.page import band_note, fold, page
from sim.plots.common.rows import label_rows
from sim.plots.common.words import moment, names, period, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

BAR, LABEL_EMS = 0.27, 15
GROUPS_AN_INCH = 1.4           # of the figure's height, whose values can be read one under another


def of_the_zone(dataset: xr.Dataset, figure: Figure, lang: str, metric: Callable[[xr.Dataset], xr.DataArray],
                titles: tuple[str, str]) -> None:
    """One panel: the shares that `metric` finds among the headquarters of the zone, the largest ones first."""
    dataset = in_zone(dataset).isel(quarter=moments(dataset))
    shares = metric(dataset)
    dim: Any = shares.dims[-1]
    shares, known = ranked(shares, dim), names(dataset, dim, lang)
    labels, most = [known[one] for one in shares[dim].values.tolist()], int(GROUPS_AN_INCH * figure.get_figheight())
    body = page(figure, dataset, lang, titles=titles, finding=finding(shares, labels, lang),
                notes=notes(dataset, lang, shares[..., most:]))
    axes = figure.add_subplot(body.grid(1, 1, inset=(1.9, 0.8, 0.1, 0.1))[0])
    bars(axes, shares[..., :most], labels[:most], lang)
    body.legend(axes)


def notes(dataset: xr.Dataset, lang: str, left_out: xr.DataArray | None = None) -> list[str]:
    """How to read the bars, and how much the shares that are not drawn come to."""
    drawn = word("bars", lang)
    if left_out is not None and (small := endpoints(left_out)[1]).size:
        drawn = word("largest_bars", lang, n=small.size, share=percent(small.sum()))
    return [drawn, band_note(dataset, lang), word("criteria", lang)]


def moments(dataset: xr.Dataset) -> list[int]:
    """Positions of the first, middle and last quarter, each once."""
    last = dataset.sizes["quarter"] - 1
    return sorted({0, last // 2, last})


def bars(axes: Axes, shares: xr.DataArray, labels: Sequence[str], lang: str) -> None:
    """Horizontal bars of shares (member, moment, group), a whisker and the value on each."""
    low, mean, high = (100 * np.nan_to_num(part) for part in band(shares.fillna(0)))
    several = shares.sizes["member"] > 1
    looks = theme.WHEN if shares.sizes["quarter"] == 3 else theme.WHEN[:shares.sizes["quarter"] - 1] + theme.WHEN[-1:]
    for k, (colour, hatch) in enumerate(looks):
        places = np.arange(len(labels)) + (k - (len(looks) - 1) / 2) * BAR
        when = moment(shares["quarter"].values[k], lang)
        axes.barh(places, mean[k], BAR * 0.92, color=colour, hatch=hatch, label=when,
                  edgecolor=theme.INK, linewidth=0.5)
        if several:
            _whiskers(axes, places, low[k], high[k])
        ends = high[k] if several else mean[k]
        _values(axes, places, ends, mean[k], bold=k == len(looks) - 1)
    label_rows(axes, [fold(label, LABEL_EMS) for label in labels], size=9)
    axes.set_xlim(0, high.max(initial=1.0) * 1.16)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(word("share_axis", lang))


def _whiskers(axes, places, low, high):
    """Dark on a white edge, so that they show on light bars and on dark ones."""
    for colour, width, size in (("white", 2.0, 6.0), (theme.INK, 0.8, 5)):
        axes.hlines(places, low, high, color=colour, linewidth=width, zorder=3)
        for ends in (low, high):
            axes.plot(ends, places, "|", color=colour, markersize=size, markeredgewidth=width, zorder=3)


def _values(axes, places, ends, mean, bold):
    for place, end, value in zip(places, ends, mean, strict=True):
        axes.annotate(percent(value / 100), (max(end, value), place), xytext=(4, 0), size=7.5,
                      textcoords="offset points", va="center", weight="bold" if bold else "normal",
                      color=theme.INK if bold else theme.MUTED)


def endpoints(shares: xr.DataArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean share of each group at the first and the last moment."""
    mean = shares.fillna(0).mean("member").values
    return mean[0], mean[-1]


def ranked(shares: xr.DataArray, dim: str) -> xr.DataArray:
    """The groups in the order of their mean share at the end, largest first."""
    return shares.isel({dim: (-endpoints(shares)[1]).argsort(kind="stable")})


def finding(shares: xr.DataArray, labels: list[str], lang: str) -> str:
    """The largest group at the end with its interval and the largest shift, as far as they differ from chance."""
    start, end = endpoints(shares)
    if not end.any():
        return word("none", lang)
    values = shares.fillna(0).transpose("member", ...).values
    top, moved = int(end.argmax()), int(abs(end - start).argmax())
    shifted = bool(told_apart(values[:, -1] - values[:, 0], among=len(labels))[moved])
    if not _stands_out(values[:, -1]):
        return word("even_finding", lang, low=percent(end.min()), high=percent(end.max()),
                    **period(shares, lang)) + _shift(shares, labels, moved if shifted else None, lang)
    key = "both_finding" if top == moved and shifted else "largest_finding"
    said = word(key, lang, name=labels[top], start=percent(start[top]), end=percent(end[top]),
                **period(shares, lang)) + interval(shares, top, lang)
    return said if key == "both_finding" else said + _shift(shares, labels, moved if shifted else None, lang)


def _stands_out(end):
    """Whether the largest of the shares (member, group) can be told from the next; one group, or one run, does."""
    order = end.mean(axis=0).argsort()
    return len(end) < 2 or len(order) < 2 or bool(told_apart(end[:, order[-1]] - end[:, order[-2]]))


def _shift(shares, labels, moved, lang):
    """The words on the largest shift, or that none differs from chance; nothing for one run."""
    if shares.sizes["member"] < 2:
        return ""
    if moved is None:
        return word("no_shift", lang, **period(shares, lang))
    start, end = endpoints(shares)
    return word("moved_finding", lang, name=labels[moved], start=percent(start[moved]), end=percent(end[moved]))


def interval(shares: xr.DataArray, group: int, lang: str) -> str:
    """The words for the interval of one group's share at the end."""
    low, _, high = band(shares.fillna(0))
    return spread(shares, lang, low[-1, group], high[-1, group], shown=percent)
