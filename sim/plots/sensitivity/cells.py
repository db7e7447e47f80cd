"""A plane of cells with its axes: what heat maps and phase diagrams share."""

from typing import SupportsIndex

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

from sim.base.messages import known
from sim.plots.common import theme
from sim.plots.common.page import fold
from sim.plots.sensitivity.words import word

RISING = LinearSegmentedColormap.from_list("rising", ["#F3F6FA", "#7FA9CF", "#123F6B"])
BOTH = LinearSegmentedColormap.from_list("both", ["#9A4300", "#E8A973", "#F7F5F2", "#7FA9CF", "#123F6B"])


def frame(axes: Axes, dataset: xr.Dataset, lang: str) -> None:
    """Ticks at the middles of cells, with the values of both axes and their names."""
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        texts = [_written(value) for value in dataset[name].values.tolist()]
        axis.set_ticks(range(len(texts)), texts)
        unit = _unit(dataset, name, lang)
        key = dataset.attrs[f"{name}_axis"]
        key = word("key_and_unit", lang, key=key, unit=unit) if unit else key
        axis.set_label_text(fold(word("named_key", lang, name=dataset.attrs[f"{name}_{lang}"], key=key), 60))
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)


def at(dataset: xr.Dataset, end: str, place: SupportsIndex, lang: str) -> str:
    """A value of an axis with what the axis is: "Reach of peers = 15 km"."""
    unit = _unit(dataset, end, lang)
    written = _written(dataset[end].values.tolist()[place]) + (f" {unit}" if unit else "")
    return f"{dataset.attrs[f'{end}_{lang}']} = {written}"


def _unit(dataset, end, lang):
    """Unit of an axis in the language, "" for none."""
    return known(dataset.attrs.get(f"{end}_unit", ""), lang)


def _written(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def tipping(axes: Axes, dataset: xr.Dataset, lang: str) -> str:
    """Draw the contour R_dyn = 1 where it runs through the plane; a note on where R_dyn stands."""
    r = dataset["r_dyn"].values
    known = r[np.isfinite(r)]
    if not known.size:
        return word("plane_unknown", lang)
    low, high = float(known.min()), float(known.max())
    if not low < 1.0 < high or min(r.shape) < 2:
        return word("plane_below" if high <= 1.0 else "plane_above", lang, low=low, high=high)
    axes.contour(np.arange(r.shape[1]), np.arange(r.shape[0]), r, levels=[1.0], colors="white", linewidths=3.4)
    axes.contour(np.arange(r.shape[1]), np.arange(r.shape[0]), r, levels=[1.0], colors=theme.INK, linewidths=1.6,
                 linestyles=[theme.LINES[1]])
    return word("plane_critical", lang)


def heat(axes: Axes, dataset: xr.Dataset, lang: str, shown: str = "{:.3g}") -> Colorbar:
    """Means as colours with their numbers, and the line R_dyn = 1; the bar of colours, to be labelled."""
    mean = dataset["mean"].values
    known = mean[np.isfinite(mean)]
    image = axes.imshow(mean, origin="lower", aspect="auto", **(_colours(known) if known.size else {}))
    tipping(axes, dataset, lang)
    _numbers(axes, image, mean, shown)
    frame(axes, dataset, lang)
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.045, pad=0.02)
    bar.outline.set_visible(False)
    return bar


def _colours(known):
    """One hue for numbers of one sign, two that meet at 0 for both signs."""
    if known.min() < 0.0 < known.max():
        return {"cmap": BOTH, "norm": TwoSlopeNorm(0.0, known.min(), known.max())}
    if known.max() <= 0.0 and known.min() < 0.0:
        return {"cmap": BOTH, "norm": TwoSlopeNorm(0.0, known.min(), -known.min())}
    return {"cmap": RISING}


def _numbers(axes, image, mean, shown):
    if mean.size > 150:
        return
    for (row, column), value in np.ndenumerate(mean):
        if np.isfinite(value):
            red, green, blue, _ = image.cmap(image.norm(value))
            dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
            axes.text(column, row, shown.format(value), ha="center", va="center", size=8,
                      color="white" if dark else theme.INK)
