"""Heat map of a quantity over two axes, with the contour R_dyn = 1."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

from sim.plots import style
from sim.plots.analyses import register
from sim.plots.analyses.cells import frame, tipping
from sim.plots.analyses.frame import body_of, what
from sim.plots.analyses.words import word

RISING = LinearSegmentedColormap.from_list("rising", ["#F3F6FA", "#7FA9CF", "#123F6B"])
BOTH = LinearSegmentedColormap.from_list("both", ["#9A4300", "#E8A973", "#F7F5F2", "#7FA9CF", "#123F6B"])


@register("heat_map", title="Over two assumptions: heat map", title_zh="两项假设之上的结果：热力图", size=(9.0, 7.0))
def heat_map(dataset, figure, lang):
    """Mean of the quantity in every cell of two axes, its number, and the contour R_dyn = 1."""
    mean = dataset["mean"].values
    known = mean[np.isfinite(mean)]
    finding = word("plane_finding", lang, low=known.min(), high=known.max())
    said = word("plane_note", lang, n=dataset.attrs["replicates"])
    body = body_of("heat_map", dataset, figure, lang, finding, [said, _tipping_words(dataset, lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.8, 0.6, 0.2, 0.15))[0])
    image = axes.imshow(mean, origin="lower", aspect="auto", **_colours(known))
    tipping(axes, dataset, lang)
    _numbers(axes, image, mean)
    frame(axes, dataset, lang)
    bar = figure.colorbar(image, ax=axes, fraction=0.045, pad=0.02)
    bar.set_label(what(dataset, lang))
    bar.outline.set_visible(False)


def _tipping_words(dataset, lang):
    """The note on R_dyn, which stands on the page before there are axes to draw on."""
    from matplotlib.figure import Figure
    return tipping(Figure().add_subplot(), dataset, lang)


def _colours(known):
    """One hue for numbers of one sign, two that meet at 0 for both signs."""
    if known.min() < 0.0 < known.max():
        return {"cmap": BOTH, "norm": TwoSlopeNorm(0.0, known.min(), known.max())}
    if known.max() <= 0.0 and known.min() < 0.0:
        return {"cmap": BOTH, "norm": TwoSlopeNorm(0.0, known.min(), -known.min())}
    return {"cmap": RISING}


def _numbers(axes, image, mean):
    if mean.size > 150:
        return
    for (row, column), value in np.ndenumerate(mean):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
            axes.text(column, row, f"{value:.3g}", ha="center", va="center", size=8,
                      color="white" if dark else style.INK)
