"""Morris screening: mean absolute elementary effects, beside their spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plots.common import theme
from sim.plots.common.page import fold
from sim.plots.common.rows import whiskers
from sim.plots.sensitivity import register
from sim.plots.sensitivity.frame import ACROSS, LABELS, begun, body_of, label_rows, names, top, what
from sim.plots.sensitivity.words import word

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

LITTLE = 0.05


@register("morris", title="What matters and what does not: Morris screening", title_zh="哪些参数重要：Morris 筛选",
          size=(10.5, 8.2))
def morris(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """mu* of every axis with its interval and direction, the largest first, and sigma as a marker."""
    rows, more = top(dataset, lang)
    note = word("morris_note", lang, confidence=dataset.attrs["confidence"])
    body = body_of("morris", dataset, figure, lang, _finding(dataset, lang), [note, *more])
    axes = figure.add_subplot(body.grid(1, 1, inset=(LABELS, 0.8, 0.1, 0.1))[0])
    places, rises = np.arange(rows.sizes["row"]), rows["mu"].values >= 0.0
    for which, (colour, hatch) in ((rises, theme.WHEN[1][:1] + ("",)), (~rises, (theme.WHEN[0][0], "////"))):
        axes.barh(places[which], rows["mu_star"].values[which], 0.7, color=colour, hatch=hatch, edgecolor=theme.INK,
                  linewidth=0.5)
    whiskers(axes, places, rows["mu_star_low"], rows["mu_star_high"], edge=2.4)
    axes.plot(rows["sigma"], places, linestyle="", marker="D", markersize=4.5, markerfacecolor="white",
              markeredgecolor=theme.RINGS["core"].stroke, zorder=5, label=word("sigma", lang))
    axes.set_xlim(left=0.0)
    axes.set_xlabel(fold(word("mu_star", lang, what=what(dataset, lang)), ACROSS))
    label_rows(axes, rows, lang)
    body.legend(axes)


def _finding(dataset, lang):
    star = dataset["mu_star"].values
    return word("morris_finding", lang, first=begun(names(dataset, lang)[0]), star=float(star[0]), all=len(star),
                n=int((star < LITTLE * star[0]).sum()))
