"""Rank stability: how often the order of two policies is that of their means."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.sensitivity import register
from sim.plots.sensitivity.frame import LABELS, body_of, in_percent, label_rows, top
from sim.plots.sensitivity.words import word

LOOKS = (("agreement", theme.WHEN[2]), ("tied", theme.WHEN[0]), ("reversed", theme.WHEN[1]))


@register("ranks", title="How stable the order of policies is", title_zh="政策次序是否稳定", size=(10.5, 5.6))
def ranks(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Shares of points where a pair of policies stands in the order of its means, ties, and the reverse."""
    least = dataset.isel(row=int(dataset["agreement"].values.argmin()))
    always = float(least["agreement"]) == 1.0
    finding = word("ranks_always" if always else "ranks_finding", lang, first=str(least[f"first_{lang}"].item()),
                   other=str(least[f"other_{lang}"].item()), share=float(least["agreement"]), n=dataset.attrs["points"])
    rows, more = top(dataset.sortby("agreement"), lang)
    body = body_of("ranks", dataset, figure, lang, finding, more)
    axes = figure.add_subplot(body.grid(1, 1, inset=(LABELS, 0.8, 0.1, 0.1))[0])
    places, left = np.arange(rows.sizes["row"]), np.zeros(rows.sizes["row"])
    for name, (colour, hatch) in LOOKS:
        wide = rows[name].values
        axes.barh(places, wide, 0.6, left=left, color=colour, hatch=hatch, edgecolor=theme.INK, linewidth=0.5,
                  label=word(name, lang))
        left = left + wide
    axes.set_xlim(0, 1)
    in_percent(axes.xaxis)
    axes.set_xlabel(word("share_of_points", lang))
    label_rows(axes, rows, lang)
    body.legend(axes)
