"""What an effect costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from sim.plots.common import theme
from sim.plots.common.label_placement import Label, place
from sim.plots.common.money import SCALE, in_unit, money
from sim.plots.common.page import fold_to
from sim.plots.comparison import register
from sim.plots.comparison.frame import DOWN, UP, distinct, gain, page
from sim.plots.comparison.words import word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.plots.comparison.data import Compared

STEPS = (1, 2, 5)             # rays of constant cost are drawn at round numbers
RAYS = 3
NAME = (22.0, 2)              # em and lines of a name
NAMED = 12                    # scenarios with the largest effects have numbers and names


@register("cost_plane", title="Cost and effect", title_zh="成本与效应", size=(9.0, 6.2), needs=("costs",))
def cost_plane(compared: Compared, figure: Figure, lang: str) -> None:
    """Public cost (across) and effect on the zone's headquarters at the end (up), a point a scenario.

    Whiskers: mean +- 2 standard errors both ways. Rays join points of equal cost per headquarters.
    """
    rows = points(compared)
    body = page(compared, figure, lang, titles=cost_plane.titles, finding=_finding(compared, rows, lang),
                notes=[word("cost_note", lang)], banded=False)
    axes = figure.add_subplot(body.grid(1, 1, inset=(0.55, 0.5, 1.45, 0.3))[0])
    shown = [{**row, **{key: in_unit(row[key], lang) for key in ("cost", "cost_se")}} for row in rows]
    for row in shown:
        _point(axes, row, compared.members)
    axes.axhline(0, color=theme.INK, linewidth=0.9)
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    axes.margins(0.12)
    axes.set(xlabel=word("cost_axis", lang), ylabel=word("effect_axis", lang))
    axes.xaxis.set_major_formatter("{x:,.6g}")
    axes.grid()
    told = _rays(axes, lang)
    labels = [Label(str(k), row["cost"], row["headquarters"], 5.0, True)
              for k, row in enumerate(shown[:NAMED], start=1)]
    place(axes, labels, avoid=[*(text.get_window_extent().extents for text in told), *_zero(axes)])
    _key(axes, [compared.title(row["scenario"], lang) for row in shown[:NAMED]])


def points(compared: Compared) -> list[dict[Any, Any]]:
    """Rows of the costs that count the zone's net gain, in the order of the scenarios."""
    table = compared.tables["costs"]
    rows = {row["scenario"]: row for row in table[table["per"] == "net_zone"].to_dict("records")}
    return [rows[name] for name in compared.names if name in rows]


def _point(axes, row, members):
    if members > 1:
        axes.errorbar(row["cost"], row["headquarters"], xerr=2 * row["cost_se"],
                      yerr=2 * row["headquarters_se"], color=theme.MUTED, linewidth=1.0, capsize=2)
    marker, colour = ("o", UP) if row["headquarters"] >= 0 else ("v", DOWN)
    axes.plot(row["cost"], row["headquarters"], marker, color=colour, markersize=9, markeredgecolor=theme.INK,
              markeredgewidth=0.7, zorder=5)


def _key(axes, titles):
    """Names by number: of points that lie close together names would stand at one another's."""
    key = [Line2D([], [], marker=f"${k}$", linestyle="", color=theme.INK, markersize=6 if k < 10 else 9)
           for k in range(1, len(titles) + 1)]
    axes.legend(key, [fold_to(title, *NAME) for title in titles], loc="best", frameon=True, framealpha=0.9,
                edgecolor=theme.GRID, handletextpad=0.3)


def _rays(axes, lang):
    """Lines of equal cost per headquarters, at round numbers that cross the plane; their labels, outside it."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    told = []
    for each in _round(right / top) if right > 0 and top > 0 else ():
        end = min(right, each * top)
        axes.plot([0, end], [0, end / each], color=theme.FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        over = end < right                                     # leaves the plane at the top, not at the right
        cost = money(each / SCALE[str(lang)], lang).replace(".00 ", " ").replace(".0 ", " ")
        said = word("cost_ray", lang, cost=cost)
        told.append(axes.annotate(said, (end, end / each), size=7.5,
                                  xytext=(0, 3) if over else (4, 0), textcoords="offset points",
                                  ha="center" if over else "left", va="bottom" if over else "center",
                                  color=theme.MUTED, zorder=2, annotation_clip=False))
    axes.set(xlim=(left, right), ylim=(bottom, top))
    return told


def _zero(axes):
    """Boxes around the lines of no cost and of no effect, which no name crosses."""
    left, bottom, right, top = axes.get_window_extent().extents
    across, up = axes.transData.transform((0.0, 0.0))
    return [(left, up - 1, right, up + 1), (across - 1, bottom, across + 1, top)]


def _round(middle):
    """Round numbers around one: the nearest below it, and one on either side."""
    every = [step * 10.0 ** power for power in range(-6, 9) for step in STEPS]
    at = int(np.searchsorted(every, middle))
    return every[max(0, at - 2):at + RAYS - 2]


def _finding(compared, rows, lang):
    """The least cost per headquarters that is told apart from none."""
    known = [row for row in rows if row["cost_per"] == row["cost_per"] and row["cost"] > 0 and row["headquarters"] > 0
             and distinct({"mean": row["headquarters"], "se": row["headquarters_se"]})]
    if not known:
        return word("cost_unknown", lang)
    least = min(known, key=lambda row: row["cost_per"])
    return word("cost_finding", lang, name=compared.title(least["scenario"], lang),
                cost=money(least["cost_per"], lang, error=2 * least["cost_per_se"]), effect=gain(least["headquarters"]))
