"""Heat map of a quantity over two axes, with the contour R_dyn = 1."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.sensitivity import register
from sim.plots.sensitivity.cells import at, heat, tipping
from sim.plots.sensitivity.frame import begun, body_of, what
from sim.plots.sensitivity.words import word


@register("heat_map", title="How the result depends on two settings", title_zh="结果如何随两项设定变化",
          size=(9.0, 7.0))
def heat_map(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Mean of the quantity in every cell of two axes, its number, and the contour R_dyn = 1."""
    mean = dataset["mean"].values
    known = mean[np.isfinite(mean)]
    y, x = np.unravel_index(np.nanargmax(mean), mean.shape)
    said = word("plane_finding", lang, low=known.min(), high=known.max(), y=at(dataset, "y", y, lang),
                x=at(dataset, "x", x, lang))
    finding = begun(what(dataset, lang)) + word("colon", lang) + said
    error = dataset["error"].values
    note = word("plane_note", lang, n=dataset.attrs["replicates"], error=np.nanmax(error)) \
        if np.isfinite(error).any() else word("plane_single", lang)
    body = body_of("heat_map", dataset, figure, lang, finding, [note, _tipping_words(dataset, lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.8, 0.6, 0.2, 0.15))[0])
    heat(axes, dataset, lang).set_label(what(dataset, lang))


def _tipping_words(dataset, lang):
    """The note on R_dyn, which stands on the page before there are axes to draw on."""
    from matplotlib.figure import Figure
    return tipping(Figure().add_subplot(), dataset, lang)
