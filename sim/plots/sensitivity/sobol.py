"""Sobol' indices: bars of first-order and total shares of the variance, with intervals."""

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

LOOKS = (("S", "first", theme.WHEN[2]), ("ST", "total", theme.WHEN[0]))
BAR = 0.38


@register("sobol", title="What the result depends on: Sobol’ indices", title_zh="结果取决于什么：Sobol 指数",
          size=(10.5, 8.2))
def sobol(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """First-order and total Sobol' index of every axis, the largest total first."""
    rows, more = top(dataset, lang)
    note = word("sobol_note", lang, confidence=dataset.attrs["confidence"])
    body = body_of("sobol", dataset, figure, lang, _finding(rows, lang), [note, *more])
    axes = figure.add_subplot(body.grid(1, 1, inset=(LABELS, 0.8, 0.1, 0.1))[0])
    for k, (name, label, (colour, hatch)) in enumerate(LOOKS):
        places = np.arange(rows.sizes["row"]) + (k - 0.5) * BAR
        axes.barh(places, np.nan_to_num(rows[name]), BAR * 0.92, color=colour, hatch=hatch, edgecolor=theme.INK,
                  linewidth=0.5, label=word(label, lang))
        whiskers(axes, places, rows[f"{name}_low"], rows[f"{name}_high"], edge=2.4)
    axes.axvline(0.0, color=theme.MUTED, linewidth=0.7)
    axes.set_xlim(right=max(1.0, float(np.nan_to_num(rows["ST_high"]).max()) * 1.02))
    axes.set_xlabel(fold(word("share_axis", lang, what=what(dataset, lang)), ACROSS))
    label_rows(axes, rows, lang)
    body.legend(axes)


def _finding(rows, lang):
    if not np.isfinite(rows["ST"].values).all():
        return word("sobol_still", lang)
    first = rows.isel(row=0)
    low, high = float(first["ST_low"]), float(first["ST_high"])
    if high - low > 1.0:
        return word("sobol_open", lang, low=low, high=high)
    return word("sobol_finding", lang, first=begun(names(rows, lang)[0]), S=float(first["S"]), ST=float(first["ST"]),
                low=low, high=high)
