"""Headquarters in the zone over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.base.own_words import has_rings
from sim.metrics.counting import by_site, grouped, groups
from sim.metrics.headquarters_in_zone import headquarters_in_zone
from sim.plots.common import theme
from sim.plots.common.bands import band, quarter_ticks, spread, whole, years
from sim.plots.common.page import band_note, ems_of, fold, page
from sim.plots.common.words import OUTSIDE, events, period, word
from sim.plots.run import register

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

THIN_RUNS, MOST_EVENTS, KEY_EMS = 6, 6, 75


@register("paths", title="Headquarters in the zone over time", title_zh="{zone}总部数量的变化", size=(10.5, 6.4))
def paths(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Headquarters in the zone by quarter: mean, 5-95 % band, single runs, policy dates; by ring.

    The headline of the model: enterprises in the zone that meet the base-year criteria.
    """
    numbers = headquarters_in_zone(dataset)
    low, middle, high = band(numbers)
    finding = word("paths_finding", lang, start=whole(middle[0]), end=whole(middle[-1]), **period(dataset, lang))
    body = page(figure, dataset, lang, titles=paths.titles,
                finding=finding + spread(dataset, lang, low[-1], high[-1]),
                notes=[band_note(dataset, lang), word("criteria", lang)])
    when = years(dataset)
    marked = [event for event in events(dataset, lang) if when[0] <= event[0] <= when[-1]]
    key_height = 0.21 * min(len(marked), MOST_EVENTS + 1) + (0.1 if marked else 0)
    beside, inset = _beside(dataset, lang), (0.35, 0.3 + key_height, 0.75, 0.36)
    grid = body.grid(len(beside), 2, inset=inset, width_ratios=(1.75, 1), wspace=0.42, hspace=0.46) if beside \
        else body.grid(1, 1, inset=inset)
    main = figure.add_subplot(grid[:, 0])
    _zone(main, dataset, numbers, lang)
    _mark_events(main, marked, lang)
    for row, (title, rings) in enumerate(beside):
        _rings(figure.add_subplot(grid[row, 1]), dataset, rings, title, lang)


def _beside(dataset, lang):
    """(title, rings) of the panels beside that of the zone; of a region without rings what is outside alone, if any."""
    there = groups(dataset, "ring")
    return [*([("inside_rings", ("core", "linkage"))] if has_rings(lang) else []),
            *([("beyond", (OUTSIDE,))] if OUTSIDE in there else [])]


def _zone(axes, dataset, numbers, lang):
    low, middle, high = band(numbers)
    when = years(dataset)
    if dataset.sizes["member"] > 1:
        axes.fill_between(when, low, high, color=theme.BAND, linewidth=0, label=word("range_of_runs", lang))
        thin = axes.plot(when, numbers.values[:THIN_RUNS].T, color=theme.FAINT, linewidth=0.5)
        thin[0].set_label(word("single_runs", lang))
    axes.plot(when, middle, color=theme.WHEN[-1][0], linewidth=2.4, label=word("mean", lang))
    _frame(axes, when, lang)
    _last(axes, when, middle, size=12, weight="bold")
    axes.annotate(whole(middle[0]), (when[0], middle[0]), xytext=(4, 9), textcoords="offset points",
                  size=12, weight="bold", bbox=dict(fc="white", ec="none", alpha=0.7, pad=1))
    axes.set_title(word("in_zone", lang), pad=14)
    if dataset.sizes["member"] > 1:
        axes.legend(loc="lower right", handlelength=1.6)


def _rings(axes, dataset, rings, title, lang):
    when, counts = years(dataset), grouped(by_site(dataset, "headquarters"), dataset, "ring")
    for name in [name for name in rings if name in counts["ring"]]:
        low, middle, high = band(counts.sel(ring=name))
        mark = theme.ring(name)
        if dataset.sizes["member"] > 1:
            axes.fill_between(when, low, high, color=mark.colour, alpha=0.25, linewidth=0)
        axes.plot(when, middle, color=mark.stroke, linestyle=mark.line, linewidth=1.8,
                  marker=mark.marker, markersize=5, markevery=max(1, len(when) // 5),
                  markerfacecolor=mark.colour, markeredgecolor=theme.INK, markeredgewidth=0.5,
                  label=f"{word(name, lang)}  {whole(middle[0])} → {whole(middle[-1])}", clip_on=False)
        _last(axes, when, middle, size=9)
    _frame(axes, when, lang, headroom=1.35)
    axes.set_title(word(title, lang))
    axes.legend(loc="upper left", handlelength=3, borderaxespad=0.1) if axes.lines else None


def _frame(axes, when, lang, headroom=1.1):
    axes.set_xlim(when[0], max(when[-1], when[0] + 0.25))
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1] * headroom))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="y", integer=True, nbins=6)
    if not quarter_ticks(axes, when):
        axes.locator_params(axis="x", integer=True, nbins=6)
    axes.grid(axis="y")
    axes.set_ylabel(word("headquarters", lang))


def _last(axes, when, middle, **font):
    """Write the last value beside the curve."""
    axes.annotate(whole(middle[-1]), (when[-1], middle[-1]), xytext=(6, 0),
                  textcoords="offset points", va="center", **font)


def _mark_events(axes, marked, lang):
    """A numbered line for each date, and what the numbers stand for below the axes."""
    for number, (year, _, _) in enumerate(marked, 1):
        axes.axvline(year, color=theme.INK, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.annotate(str(number), (year, 1), xycoords=("data", "axes fraction"), size=8,
                      ha="center", va="center", bbox=dict(boxstyle="circle", fc="white", ec=theme.INK))
    lines = [_listed(f"{number}  {date}  ", labels, lang) for number, (_, date, labels) in enumerate(marked, 1)]
    if len(lines) > MOST_EVENTS:
        lines = [*lines[:MOST_EVENTS], word("more_events", lang, n=len(lines) - MOST_EVENTS)]
    axes.annotate("\n".join(lines), (0, 0), xycoords="axes fraction", xytext=(0, -26), size=8.5, va="top",
                  textcoords="offset points", color=theme.INK, linespacing=1.45)


def _listed(begun, labels, lang):
    """A line of the key: as many whole labels as the figure has room for, and how many more there are."""
    comma = word("comma", lang)
    for kept in range(len(labels), 0, -1):
        line = begun + comma.join(labels[:kept])
        line += word("more_policies", lang, n=len(labels) - kept) if kept < len(labels) else ""
        if ems_of(line) <= KEY_EMS:
            return line
    return fold(line, KEY_EMS).split("\n")[0] + " …"
