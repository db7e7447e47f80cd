"""The search for the smallest policy that reaches a target."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.page import fold
from sim.plots.sensitivity import register
from sim.plots.sensitivity.frame import body_of, what
from sim.plots.sensitivity.words import word

COLOUR = theme.RINGS["linkage"].colour


@register("search", title="How much of the policy reaches the target", title_zh="政策力度多大才能达到目标",
          size=(9.0, 5.6))
def search(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """The mean at every value looked at, with two standard errors; the target; the smallest value that reaches it."""
    rows = dataset.sortby("value")
    body = body_of("search", dataset, figure, lang, _finding(dataset, lang), [_note(dataset, lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.6, 0.85, 0.2, 0.2))[0])
    reached = rows["mean"].values >= dataset.attrs["target"]
    axes.plot(rows["value"], rows["mean"], color=theme.FAINT, linewidth=1.0)
    looks = ((reached, "o", COLOUR, "search_reached"), (~reached, "v", "white", "search_missed"))
    for which, marker, fill, key in looks:
        axes.errorbar(rows["value"].values[which], rows["mean"].values[which], yerr=2 * rows["error"].values[which],
                      linestyle="none", marker=marker, markersize=7, markerfacecolor=fill, color=COLOUR, elinewidth=1.0,
                      label=word(key, lang))
    axes.axhline(dataset.attrs["target"], color=theme.INK, linewidth=1.0, linestyle=theme.LINES[1],
                 label=word("search_target", lang, target=f"{dataset.attrs['target']:g}"))
    if np.isfinite(dataset.attrs["found"]):
        axes.axvline(dataset.attrs["found"], color=theme.RINGS["core"].stroke, linewidth=1.4,
                     label=word("search_found", lang, value=dataset.attrs["shown"]))
    name = dataset.attrs[f"axis_{lang}"]
    axes.set_xlabel(fold(word("named_key", lang, name=name, key=dataset.attrs["key"]), 70))
    axes.set_ylabel(fold(what(dataset, lang), 40))
    axes.grid(axis="y")
    body.legend(axes)


def _note(dataset, lang):
    """What the bars are, and between which values the target is reached for certain, if it is reached at all."""
    said = {"n": dataset.attrs["replicates"], "confidence": dataset.attrs["confidence"]}
    ends = {end: dataset.attrs[end] or word("nowhere", lang) for end in ("low", "high")}
    if not dataset.attrs["shown"]:
        return word("search_open_note", lang, **said)
    return word("search_note", lang, **said, **ends)


def _finding(dataset, lang):
    parts = dict(name=dataset.attrs[f"axis_{lang}"] or dataset.attrs["key"], what=what(dataset, lang),
                 target=f"{dataset.attrs['target']:g}")
    if dataset.attrs["shown"]:
        return word("search_finding", lang, value=dataset.attrs["shown"], **parts)
    return word("search_none", lang, most=f"{float(dataset['mean'].max()):.3g}", **parts)
