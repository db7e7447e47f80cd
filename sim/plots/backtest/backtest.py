"""Forecasts beside what came, and the score of every forecaster."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.plots.backtest import register
from sim.plots.common import theme
from sim.plots.common.page import framed
from sim.plots.common.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure

MODEL = "model"
COLOUR, OTHER = theme.RINGS["linkage"].colour, theme.OTHER.stroke
FEW = 5                        # columns whose labels stand upright
MOST = 12                      # forecasts that are shown one by one


class Shown(NamedTuple):
    """What the figure needs."""

    scores: pd.DataFrame         # of one series: a row a target and forecaster
    totals: pd.DataFrame         # of the same series: a row a forecaster
    names: Mapping[str, str]     # of forecasters, in the language
    label: str                   # what the series counts, in the language
    finding: str                 # the first sentence, in the language
    about: Mapping[str, Any]     # what forecast.json says
    counts: str = "stock"        # what its numbers are: a stock on a day, or what came in a period


@register("backtest", title="Forecast and observed", title_zh="预测与实际", size=(10.5, 5.2))
def backtest(shown: Shown, figure: Figure, lang: str) -> None:
    """Left: the model's mean and its central 90 % beside what came. Right: mean CRPS of every forecaster."""
    title = backtest.titles[lang == "zh"] + word("colon", lang) + shown.label
    kicker = word("backtest_kicker", lang, title=shown.about["title_zh" if lang == "zh" else "title"],
                  days="、".join(shown.about["origins"]) if lang == "zh" else ", ".join(shown.about["origins"]))
    body = framed(figure, lang, kicker=kicker, title=title, finding=shown.finding,
                  notes=[word("backtest_points" if _forecasts(shown) > MOST else "backtest_lines", lang),
                         word("backtest_note", lang, draws=shown.about["draws"], per=shown.about["per_draw"]),
                         word("backtest_source", lang, scenario=pathlib.Path(shown.about["scenario"]).stem,
                              series=shown.about["series"], region=shown.about["region"])])
    below = 1.3 if FEW < _forecasts(shown) <= MOST else 0.75      # inches, for labels
    grid = body.grid(1, 2, inset=(0.5, below, 0.2, 0.35), wspace=0.52, width_ratios=(1.25, 1.0))
    targets = figure.add_subplot(grid[0])
    _targets(targets, shown, lang)
    body.legend(targets)
    _bars(figure.add_subplot(grid[1]), shown, lang)


def _forecasts(shown):
    return int((shown.scores["forecaster"] == MODEL).sum())


def _targets(axes, shown, lang):
    """A column a target, or a point where there are many."""
    model = shown.scores[shown.scores["forecaster"] == MODEL].sort_values("date")
    if _forecasts(shown) > MOST:
        _scatter(axes, model, lang)
    else:
        _columns(axes, shown, model, lang)
    axes.set_ylabel(word("backtest_stock" if shown.counts == "stock" else "backtest_flow", lang))
    axes.grid(axis="y")


def _columns(axes, shown, model, lang):
    """Intervals of the model and of its best rival, and the observed value."""
    totals = shown.totals[shown.totals["forecaster"] != MODEL]
    best = totals.loc[totals["crps"].idxmin(), "forecaster"] if len(totals) else MODEL
    keys, place = ["area", "industry", "to", "origin", "date"], np.arange(len(model))
    rival = shown.scores[shown.scores["forecaster"] == best].set_index(keys)
    _intervals(axes, place - 0.12, model, COLOUR, "o", shown.names[MODEL])
    if best != MODEL:
        _intervals(axes, place + 0.12, rival.reindex(model.set_index(keys).index), OTHER, "D", shown.names[best])
    axes.plot(place, model["observed"], linestyle="", marker="_", markersize=16, markeredgewidth=2.2,
              color=theme.RINGS["core"].colour, label=word("observed", lang), zorder=4)
    crowded = len(model) > FEW
    axes.set_xticks(place, _labels(model, crowded), fontsize=7 if crowded else None, rotation=60 if crowded else 0,
                    ha="right" if crowded else "center", rotation_mode="anchor" if crowded else None)
    axes.set_title(word("backtest_left", lang))
    axes.set_ylim(bottom=0)


def _labels(model, crowded):
    """Of a few columns the period of each, below each other; of more its end, and the area where there are several."""
    if not crowded:
        return [f"{str(row.since)[:7]}\n{str(row.date)[:7]}" for row in model.itertuples()]
    several = model["area"].nunique() > 1
    return [f"{row.area} {str(row.date)[:7]}" if several else str(row.date)[:7] for row in model.itertuples()]


def _intervals(axes, place, rows, colour, marker, label):
    axes.vlines(place, rows["q05"], rows["q95"], color=colour, linewidth=2.0)
    axes.plot(place, rows["mean"], linestyle="", marker=marker, color=colour, markersize=5, label=label)


def _scatter(axes, model, lang):
    """The model's mean across, what came upwards, on square-root scales; those outside the 90 % interval stand out."""
    inside = model["covered90"].astype(bool)
    looks = ((inside, theme.WHEN[1][0], "o", "backtest_inside"), (~inside, theme.RINGS["core"].colour, "x",
                                                                 "backtest_outside"))
    for which, colour, marker, label in looks:
        axes.plot(np.sqrt(model["mean"][which]), np.sqrt(model["observed"][which]), linestyle="", marker=marker,
                  color=colour, markersize=3.5, label=word(label, lang, share=f"{which.mean():.0%}"))
    top = np.sqrt(max(model["mean"].max(), model["observed"].max()))
    axes.plot([0, top], [0, top], color=theme.INK, linewidth=0.8)
    ticks = [value for value in (0, 5, 20, 50, 100, 200, 400, 800, 1600, 3200) if value <= top ** 2]
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(np.sqrt(ticks), [str(value) for value in ticks])
    axes.set_xlabel(word("backtest_mean_axis", lang))
    axes.set_title(word("backtest_each", lang))


def _bars(axes, shown, lang):
    totals = shown.totals.sort_values("crps", ascending=False)
    colours = [COLOUR if name == MODEL else theme.WHEN[1][0] for name in totals["forecaster"]]
    hatches = ["" if name == MODEL else "////" for name in totals["forecaster"]]
    bars = axes.barh(np.arange(len(totals)), totals["crps"], color=colours, edgecolor="white")
    for bar, hatch, value in zip(bars, hatches, totals["crps"], strict=True):
        bar.set_hatch(hatch)
        number = f" {value:#.3g}".rstrip(".")
        axes.text(bar.get_width(), bar.get_y() + bar.get_height() / 2, number, va="center", fontsize=8)
    axes.set_yticks(np.arange(len(totals)), [shown.names[name] for name in totals["forecaster"]])
    axes.set_title(word("backtest_right", lang))
    axes.margins(x=0.15)
