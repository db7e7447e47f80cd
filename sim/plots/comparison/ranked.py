"""Which policy does most, and how sure that is."""

import functools

import numpy as np
from matplotlib.figure import Figure

from sim.base.printed import decimals
from sim.plots.common import theme
from sim.plots.common.bands import percent
from sim.plots.common.page import fold
from sim.plots.common.rows import label_rows
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import DOWN, UP, distinct, gain, in_percent, page, spread
from sim.plots.comparison.words import word

ROW, AROUND = 0.5, 2.75       # inches of a scenario, and of all else


def _size(compared):
    return 10.0, AROUND + ROW * max(3, len(compared.candidates))


@register("ranked", title="Effect on headquarters in the zone, ranked", title_zh="对{zone}总部数的效应排序",
          size=_size, needs=("effects", "ranking"))
def ranked(compared: Compared, figure: Figure, lang: str) -> None:
    """Mean effect of every scenario at the end, largest first.

    Thin whiskers: 5-95 % of the effect over paired runs; thick ones: mean +- 2 standard errors, how
    well the mean is known. Beside each the mean level and the share of runs in which it is the best; doing
    nothing, the baseline, is a candidate.
    """
    rows = [_of(compared, name) for name in compared.candidates]
    body = page(compared, figure, lang, titles=ranked.titles, finding=_finding(compared, rows, lang))
    axes = figure.add_subplot(body.grid(1, 1, inset=(2.5, 0.8, 1.75, 0.3))[0])
    told = []
    first = next(place for place, row in enumerate(rows) if row["scenario"] != compared.baseline)
    for place, row in enumerate(rows):
        if row["scenario"] == compared.baseline:
            axes.plot(0, place, "D", color=theme.INK, markersize=7, markerfacecolor="white",
                      label=word("nothing", lang))
        else:
            told.append((_row(axes, place, row, lang, labelled=place == first), row["mean"]))
    _frame(axes, compared, lang)
    for text, mean in told:
        _off_zero(axes, text, mean)
    _columns(axes, compared, rows, lang)
    body.legend(axes)


def _of(compared, name):
    """The effect of a candidate on the zone; that of the baseline is 0 at its level."""
    if name != compared.baseline:
        return compared.zone(name)
    return {"scenario": name, "mean": 0.0, "value": compared.zone(compared.names[0])["baseline"]}


def _row(axes, place, row, lang, labelled):
    colour = UP if row["mean"] >= 0 else DOWN
    label = functools.partial(word, lang=lang) if labelled else "_".format
    if row["members"] > 1:
        axes.hlines(place, row["p05"], row["p95"], color=theme.FAINT, linewidth=1.4, label=label("range_of_runs"))
        axes.plot([row["p05"], row["p95"]], [place] * 2, "|", color=theme.FAINT, markersize=8)
        axes.hlines(place, row["mean"] - 2 * row["se"], row["mean"] + 2 * row["se"], color=colour,
                    linewidth=5, alpha=0.55, label=label("error"))
    axes.plot(row["mean"], place, "o" if row["mean"] >= 0 else "v", color=colour, markersize=8,
              markeredgecolor=theme.INK, markeredgewidth=0.7, label=label("mean"))
    said = word("with_percent", lang, effect=gain(row["mean"]), percent=in_percent(row)) if row["baseline"] \
        else gain(row["mean"])
    return axes.annotate(said, (row["mean"], place), xytext=(0, 8), textcoords="offset points", size=9,
                         weight="bold", ha="center", color=theme.INK if distinct(row) else theme.MUTED)


def _off_zero(axes, text, mean):
    """A label that the line at zero would cross stands beside it, on the side of its effect."""
    zero = axes.transData.transform((0.0, 0.0))[0]
    box = text.get_window_extent()
    if mean and box.x0 < zero < box.x1:
        side = 1 if mean > 0 else -1
        text.set(ha="left" if side > 0 else "right", position=(4 * side, 8))
        text.xy = (0.0, text.xy[1])


def _frame(axes, compared, lang):
    names = [fold(compared.title(name, lang), 19) for name in compared.candidates]
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    label_rows(axes, names, size=9)
    axes.set_ylim(max(len(names), 3) - 0.5, -0.6)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, -0.5), max(right, 0.5))
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(word("effect_axis", lang))


def _columns(axes, compared, rows, lang):
    """Mean level and share of runs in which a scenario is the best, to the right."""
    cells = [(14, "level", lambda row: decimals(row["value"]))]
    if compared.members > 1:
        cells.append((66, "best", lambda row: percent(compared.best[row["scenario"]])))
    for right, key, text in cells:
        axes.annotate(word(key, lang), (1, 1), xycoords="axes fraction", xytext=(right, 4), size=8,
                      textcoords="offset points", color=theme.MUTED)
        for place, row in enumerate(rows):
            axes.annotate(text(row), (1, place), xycoords=("axes fraction", "data"), xytext=(right, 0),
                          textcoords="offset points", va="center_baseline", size=9)


def _finding(compared, rows, lang):
    rows = [row for row in rows if row["scenario"] != compared.baseline]
    if not np.any([row["mean"] for row in rows]):
        return word("none_better", lang) + word("none_first", lang)
    top = rows[0]
    parts = dict(name=compared.title(top["scenario"], lang), effect=gain(top["mean"]),
                 spread=spread(compared, top, lang))
    if compared.none_is_better:
        return word("none_better", lang) + (word("least_loss", lang, **parts) if top["mean"] < 0 else "")
    said = word("most", lang, **parts)
    if compared.members > 1:
        said += word("sure_best", lang, best=percent(compared.best[top["scenario"]]))
    unclear = [compared.title(row["scenario"], lang) for row in rows if not distinct(row)]
    more = word("unclear", lang, names=word("comma", lang).join(unclear)) if unclear else ""
    return said + (word("semicolon", lang) + more[0].lower() + more[1:] if more else "")
