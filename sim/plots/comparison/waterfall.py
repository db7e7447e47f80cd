"""Components of the effect."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.plots.common import theme
from sim.plots.common.rows import label_rows
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import (
    DOWN,
    UP,
    WHOLE,
    common_scale,
    doubt,
    gain,
    page,
    panel_size,
    panels,
    rest_note,
    shown,
)
from sim.plots.comparison.words import word

ORDER = ("initial", "entry", "spinoff", "exit", "moves_in", "moves_out", "growth")
TINY = 1e-9
OUTLINED = [withStroke(linewidth=2.5, foreground="white")]        # numbers that stand on the lines between bars


@register("waterfall", title="Components of the effect", title_zh="效应的构成",
          size=panel_size(10.5, (3.9, 3.0, 2.7), 2.2), needs=("effects", "decomposition"))
def waterfall(compared: Compared, figure: Figure, lang: str) -> None:
    """Parts of the mean effect on the zone at the end, one after another up to the whole; a panel a scenario.

    Entry, spin-offs, exits, moves in and out, growth past the headquarters criteria. For one scenario moves are
    told apart by the jurisdiction at the other end. Headquarters where their flows were recorded,
    else candidate enterprises.
    """
    names, _ = shown(compared)
    measure = measure_of(compared)
    what = word(f"of_{measure}", lang)
    body = page(compared, figure, lang, titles=waterfall.titles,
                finding=_finding(compared, names[0], measure, lang),
                notes=[word("waterfall_note", lang, what=what), *rest_note(compared, lang)],
                banded=False)
    ends = []
    for name, axes in panels(compared, body, lang, xlabel=word("waterfall_axis", lang, what=what),
                             inset=(1.15, 0.5, 0.35, 0.35), hspace=0.5, wspace=0.5):
        ends += _panel(axes, parts(compared, name, measure, lang, apart=len(names) == 1))
    common_scale(figure.axes, min(ends), max(ends))


def measure_of(compared: Compared) -> str:
    """Headquarters if every scenario's headquarters are decomposed, else candidate enterprises."""
    table = compared.tables["decomposition"]
    whole = table.loc[table["measure"] == "headquarters", "scenario"]
    return "headquarters" if set(compared.names) <= set(whole) else "enterprises"


def parts(compared: Compared, name: str, measure: str, lang: str, apart: bool = False) -> list[tuple[str, float]]:
    """[(label, mean effect)] of the parts at the end in a fixed order, and last the whole.

    The whole is the table's own, not the sum of the parts, so that a figure whose parts do not add up
    cannot hide it.
    """
    here = compared.rows("decomposition", scenario=name, measure=measure, level="zone", quarter=compared.end)
    found = []
    for part in ORDER:
        rows = here[here["part"] == part]
        if apart and part.startswith("moves"):
            key = "moves_in_from" if part == "moves_in" else "moves_out_to"
            found += [(word(key, lang, place=row[f"other_{lang}"]), row["mean"]) for _, row in rows.iterrows()]
        elif len(rows) and abs(rows[["baseline", "value"]].to_numpy()).max() > TINY:
            found.append((word(part, lang), float(rows["mean"].sum())))
    total = here.loc[here["part"] == "total", "mean"]
    return [*found, (word("total", lang), float(total.iloc[0]) if len(total) else float("nan"))]


def _panel(axes, steps):
    """Draw the steps; where bars begin and end."""
    values = np.array([value for _, value in steps])
    starts = np.concatenate([[0.0], np.cumsum(values[:-1])[:-1], [0.0]])
    places = np.arange(len(steps))
    colours = [UP if value >= 0 else DOWN for value in values[:-1]] + [WHOLE]
    hatches = ["" if value >= 0 else "////" for value in values]
    axes.barh(places, values, 0.62, left=starts, color=colours, hatch=hatches, edgecolor="white", linewidth=0.5)
    ends = starts + values
    for place in places[:-1]:
        axes.plot([ends[place]] * 2, [place - 0.31, place + 1.31], color=theme.MUTED, linewidth=0.7, zorder=1)
    for place, (start, end, value) in enumerate(zip(starts, ends, values, strict=True)):
        axes.annotate(gain(value), (max(start, end), place), xytext=(4, 0), size=8, path_effects=OUTLINED,
                      textcoords="offset points", va="center",
                      weight="bold" if place == len(steps) - 1 else "normal")
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    label_rows(axes, [label for label, _ in steps])
    axes.locator_params(axis="x", nbins=5)
    return [*starts, *ends]


def _finding(compared, name, measure, lang):
    """The whole effect of the first scenario and its two largest parts."""
    steps = parts(compared, name, measure, lang)
    largest = sorted(steps[:-1], key=lambda step: -abs(step[1]))[:2]
    said = [f"{' '.join(label.split())} {gain(value)}" for label, value in largest]
    told = word("waterfall_finding", lang, name=compared.title(name, lang), effect=gain(steps[-1][1]),
                what=word(f"of_{measure}", lang), parts=word("comma", lang).join(said))
    return told + doubt(compared.effects("zone", scenario=name, measure=measure).iloc[0], lang)
