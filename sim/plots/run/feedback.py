"""How strongly the system feeds back on itself."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.bands import years
from sim.plots.common.page import page
from sim.plots.common.words import period, word
from sim.plots.run import register


@register("feedback", title="Feedback over time", title_zh="反馈强度的变化", size=(10.5, 5.0))
def feedback(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """R_dyn and R_choice over time, with 1 as the border of tipping, and the half-life of a change.

    At the quarters and in the runs where they were measured.
    """
    measured = _measured(dataset)
    body = page(figure, dataset, lang, titles=feedback.titles, finding=_finding(measured, lang),
                notes=[word("feedback_one" if measured.sizes["member"] == 1 else "feedback_note", lang,
                            k=measured.sizes["member"], n=dataset.sizes["member"])])
    grid = body.grid(1, 2, inset=(0.45, 0.62, 0.2, 0.35), wspace=0.24)
    left, right = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    _lines(left, measured, "r_dyn", "linkage", lang)
    _lines(left, measured, "r_choice", "radiation", lang)
    left.axhline(1.0, color=theme.INK, linewidth=1.0, linestyle=theme.LINES[1], label=word("critical", lang))
    left.set_ylim(min(0.0, left.get_ylim()[0]), max(1.1, left.get_ylim()[1]))
    left.axhspan(1.0, left.get_ylim()[1], color=theme.BAND, alpha=0.5, linewidth=0)
    left.set_title(word("feedback_axis", lang))
    _lines(right, measured.where(np.isfinite(measured)), "half_life", "linkage", lang)
    right.set_title(word("half_life_axis", lang))
    right.set_ylim(bottom=0)
    right.set_xlim(left.get_xlim())
    if np.isinf(measured["half_life"]).any():
        right.annotate(word("half_life_endless", lang), (0.98, 0.94), xycoords="axes fraction", ha="right", va="top",
                       size=8, color=theme.MUTED)
    body.legend(left)


def _measured(dataset):
    """The members and quarters where something was measured."""
    values = dataset[["r_dyn", "r_choice", "half_life"]]
    seen = np.isfinite(values["r_dyn"].transpose("member", "quarter").values)
    return values.isel(member=np.flatnonzero(seen.any(axis=1)), quarter=np.flatnonzero(seen.any(axis=0)))


def _lines(axes, measured, name, look, lang):
    values = measured[name].transpose("member", "quarter").values
    if values.size:
        mark, when = theme.ring(look), years(measured)
        if len(values) > 1:
            axes.plot(when, values.T, color=theme.FAINT, linewidth=0.5)
        label = word(name, lang) if name != "half_life" else None
        axes.plot(when, values.mean(axis=0), color=mark.stroke, linestyle=mark.line, linewidth=2.2,
                  marker=mark.marker, markersize=4, label=label)
    axes.locator_params(axis="x", integer=True, nbins=6)
    axes.grid(axis="y")


def _finding(measured, lang):
    if not measured.sizes["member"]:
        return word("feedback_none", lang)
    mean = measured["r_dyn"].mean("member").values
    if mean[-1] >= 1.0:
        return word("feedback_tips", lang, **period(measured, lang))
    half = measured["half_life"].isel(quarter=-1).values
    half = half[np.isfinite(half)]
    years_left = word("feedback_years", lang, years=f"{half.mean():,.0f}") if half.size else ""
    return word("feedback_finding", lang, multiplier=f"{1.0 / (1.0 - mean[-1]):.1f}", years=years_left)
