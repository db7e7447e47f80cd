"""Tornado: the quantity at the low and the high end of every axis."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.rows import whiskers
from sim.plots.sensitivity import register
from sim.plots.sensitivity.frame import LABELS, body_of, label_rows, names, top, what
from sim.plots.sensitivity.words import word

LOOKS = (("low", "low_end", theme.WHEN[0][0], "////"), ("high", "high_end", theme.WHEN[2][0], ""))


@register("tornado", title="Which way each assumption pulls: tornado", title_zh="各假设的作用方向：龙卷风图",
          size=(10.5, 8.2))
def tornado(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Bars from the overall mean to the means at both ends of every axis, the widest first."""
    rows, more = top(dataset, lang)
    first, overall = rows.isel(row=0), dataset.attrs["overall"]
    finding = word("tornado_finding", lang, first=names(rows, lang)[0], low=float(first["at_low"]),
                   high=float(first["at_high"]))
    body = body_of("tornado", dataset, figure, lang, finding, [word("tornado_note", lang), *more])
    axes = figure.add_subplot(body.grid(1, 1, inset=(LABELS, 0.8, 0.1, 0.1))[0])
    places = np.arange(rows.sizes["row"])
    for k, (end, label, colour, hatch) in enumerate(LOOKS):
        at, error, where = rows[f"at_{end}"].values, rows[f"error_{end}"].values, places + (k - 0.5) * 0.36
        axes.barh(where, at - overall, 0.34, left=overall, color=colour, hatch=hatch,
                  edgecolor=theme.INK, linewidth=0.5, label=word(label, lang))
        whiskers(axes, where, at - error, at + error, edge=2.4)
    axes.axvline(overall, color=theme.INK, linewidth=0.9, label=word("overall", lang))
    axes.set_xlabel(what(dataset, lang))
    label_rows(axes, rows, lang)
    body.legend(axes)
