"""A plane of cells with its axes: what heat maps and phase diagrams share."""

import numpy as np

from sim.plots import style
from sim.plots.analyses.words import word
from sim.plots.page import fold


def frame(axes, dataset, lang):
    """Ticks at the middles of cells, with the values of both axes and their names."""
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        texts = [f"{value:.4g}" if isinstance(value, float) else str(value) for value in dataset[name].values.tolist()]
        axis.set_ticks(range(len(texts)), texts)
        axis.set_label_text(fold(f"{dataset.attrs[f'{name}_{lang}']} ({dataset.attrs[f'{name}_axis']})", 60))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def tipping(axes, dataset, lang):
    """Draw the contour R_dyn = 1 where it runs through the plane; a note on where R_dyn stands."""
    r = dataset["r_dyn"].values
    known = r[np.isfinite(r)]
    if not known.size:
        return word("plane_unknown", lang)
    low, high = float(known.min()), float(known.max())
    if not low < 1.0 < high or min(r.shape) < 2:
        return word("plane_below" if high <= 1.0 else "plane_above", lang, low=low, high=high)
    axes.contour(np.arange(r.shape[1]), np.arange(r.shape[0]), r, levels=[1.0], colors="white", linewidths=3.4)
    axes.contour(np.arange(r.shape[1]), np.arange(r.shape[0]), r, levels=[1.0], colors=style.INK, linewidths=1.6,
                 linestyles=[style.LINES[1]])
    return word("plane_critical", lang)
