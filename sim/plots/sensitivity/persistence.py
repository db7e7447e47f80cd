"""What stays of an effect after the policy is withdrawn, over two axes."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.sensitivity import register
from sim.plots.sensitivity.cells import heat
from sim.plots.sensitivity.frame import body_of, sentence
from sim.plots.sensitivity.words import word


@register("persistence", title="What remains after withdrawal", title_zh="政策退出后的留存", size=(9.0, 7.0))
def persistence(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Share of the effect in the last quarter in force that is there at the close, in every cell of two axes."""
    known = dataset["mean"].values[np.isfinite(dataset["mean"].values)]
    finding = word("persistence_finding", lang, low=known.min(), high=known.max()) if known.size \
        else word("persistence_unknown", lang)
    notes = [sentence(dataset, lang), word("persistence_note", lang, n=dataset.attrs["replicates"])]
    body = body_of("persistence", dataset, figure, lang, finding, notes)
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.8, 0.6, 0.2, 0.15))[0])
    heat(axes, dataset, lang, "{:.0%}").set_label(word("persistence_axis", lang))
