"""The diagram of equilibria over a parameter."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.page import fold, page
from sim.plots.common.words import word
from sim.plots.equilibria import register

COLOUR = theme.RINGS["linkage"].colour


@register("bifurcation", title="Equilibria and their stability (mean field)", title_zh="均衡及其稳定性（平均场近似）",
          size=(10.5, 5.6))
def bifurcation(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Share of the largest site in every equilibrium, and its R_dyn, over the values of a parameter.

    dataset: variables leader_share, r_dyn, stable (equilibrium,) and value (equilibrium,); plane
    (step, share) R_dyn where the leader has this share; attrs key, own (the scenario's value of it, nan
    for none), axis_en and axis_zh (what the key is), and what `page` needs.
    """
    body = page(figure, dataset, lang, titles=bifurcation.titles, finding=_finding(dataset, lang),
                notes=[word("bifurcation_note", lang)])
    grid = body.grid(1, 2, inset=(0.5, 0.75, 0.15, 0.35), wspace=0.24)
    shares, feedback = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    _contour(shares, dataset)
    for axes, name in ((shares, "leader_share"), (feedback, "r_dyn")):
        _equilibria(axes, dataset, name, lang)
        axes.set_xlabel(_axis(dataset, lang))
        axes.grid(axis="y")
        _own(axes, dataset.attrs["own"], lang)
    feedback.axhline(1.0, color=theme.INK, linewidth=1.0, linestyle=theme.LINES[1], label=word("critical", lang))
    shares.set_ylim(0, 1)
    shares.set_title(word("leader_share", lang))
    feedback.set_title(word("r_dyn", lang))
    body.legend(feedback)


def _axis(dataset, lang):
    """What the parameter is, with its key; nothing is varied where there is none."""
    name, key = dataset.attrs[f"axis_{lang}"], dataset.attrs["key"]
    return fold(word("named_key", lang, name=name, key=key) if name else key or word("as_given", lang), 44)


def _own(axes, value, lang):
    """A line at the value that the scenario itself has."""
    if np.isfinite(value):
        axes.axvline(value, color=theme.MUTED, linewidth=1.2, linestyle=theme.LINES[2], zorder=1,
                     label=word("own_value", lang, value=f"{value:g}"))


def _contour(axes, dataset):
    """The contour R_dyn = 1, and where it is above."""
    value, share, plane = (dataset[name].values for name in ("step", "share", "plane"))
    finite = plane[np.isfinite(plane)]
    if len(value) < 2 or not finite.size or not finite.min() < 1.0 < finite.max():
        return
    axes.contourf(value, share, plane.T, levels=[1.0, np.inf], colors=[theme.BAND], alpha=0.5)
    axes.contour(value, share, plane.T, levels=[1.0], colors=theme.INK, linewidths=1.0, linestyles=[theme.LINES[1]])


def _equilibria(axes, dataset, name, lang):
    stable = dataset["stable"].values.astype(bool)
    looks = ((stable, COLOUR, "o", "stable"), (~stable, "white", "D", "unstable"))
    for which, fill, marker, label in looks:
        axes.scatter(dataset["value"].values[which], dataset[name].values[which], s=26, marker=marker,
                     facecolor=fill, edgecolor=COLOUR, linewidth=0.9, zorder=3, clip_on=False,
                     label=word(label, lang))
    axes.locator_params(axis="x", nbins=6)


def _finding(dataset, lang):
    value, stable = dataset["value"].values, dataset["stable"].values.astype(bool)
    steps = dataset["step"].values
    of = lambda which: [int(((value == v) & which).sum()) for v in steps]          # noqa: E731
    key = "bifurcation_finding" if len(steps) > 1 else "bifurcation_point"
    return word(key, lang, all=_span(of(stable | ~stable), lang), stable=_span(of(stable), lang))


def _span(numbers, lang):
    """Least and most, in words as short as they can be."""
    low, high = min(numbers), max(numbers)
    return f"{low}" if low == high else word("range", lang, low=low, high=high)
