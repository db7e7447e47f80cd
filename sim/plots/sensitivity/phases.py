"""Phase diagram: where an effect is a gain, where a loss, where neither is told, and where R_dyn passes 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from sim.plots.common import theme
from sim.plots.sensitivity import register
from sim.plots.sensitivity.cells import frame, tipping
from sim.plots.sensitivity.frame import body_of, sentence
from sim.plots.sensitivity.words import word

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

COLOURS = {"loss": "#E8A973", "unclear": "#F0EEEA", "gain": "#7FA9CF"}
SIGNS = {"loss": "−", "unclear": "0", "gain": "+"}


@register("phases", title="Gain, loss and tipping: phase diagram", title_zh="增加、减少与失稳：相图", size=(9.0, 7.0))
def phases(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """The sign of the effect in every cell of two axes, and hatching where R_dyn is above 1."""
    phase, above = dataset["phase"].values, dataset["r_dyn"].values > 1.0
    measured = bool(np.isfinite(dataset["r_dyn"].values).any())
    finding = word("phases_finding", lang, n=int(np.isfinite(phase).sum()), gain=int((phase > 0).sum()),
                   loss=int((phase < 0).sum()))
    finding += word("phases_tipping", lang, tipping=int(above.sum())) if measured else ""
    notes = [sentence(dataset, lang), word("phases_note", lang, confidence=dataset.attrs["confidence"]),
             *([] if measured else [word("plane_unknown", lang)])]
    body = body_of("phases", dataset, figure, lang, finding, notes)
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.8, 0.95, 0.2, 0.15))[0])
    axes.imshow(phase, origin="lower", aspect="auto", cmap=ListedColormap(list(COLOURS.values())), vmin=-1.5, vmax=1.5)
    for (row, column), value in np.ndenumerate(phase):
        if np.isfinite(value):
            axes.text(column, row, list(SIGNS.values())[int(value) + 1], ha="center", va="center", size=11)
    for row, column in zip(*np.nonzero(above)):
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor=theme.FAINT,
                                 linewidth=0))
    tipping(axes, dataset, lang)
    frame(axes, dataset, lang)
    handles = [Patch(facecolor=colour, edgecolor=theme.MUTED, label=f"{SIGNS[name]}  {word(name, lang)}")
               for name, colour in COLOURS.items()]
    if measured:
        handles.append(Patch(facecolor="white", edgecolor=theme.INK, hatch="////", label=word("tipping", lang)))
    figure.legend(handles=handles, loc="lower center", ncols=4,
                  bbox_to_anchor=((body.left + body.right) / 2, body.bottom))
