"""Who gains and who pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.money import in_unit
from sim.plots.common.page import fold
from sim.plots.common.rows import label_rows, whiskers
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import DOWN, UP, common_scale, gain, page, panel_size, panels, rest_note, shown
from sim.plots.comparison.words import word

UNSHARED = "Public accounts by jurisdiction", "各辖区财政收支"       # where no scenario changes what is shared
BEFORE, HALF = "#A9C3DB", 0.36


@register("ledger", title="Public accounts by jurisdiction, before and after sharing",
          title_zh="各辖区财政收支：分享前后", size=panel_size(10.5, (4.2, 3.6, 3.2), 2.4), needs=("fiscal",))
def ledger(compared: Compared, figure: Figure, lang: str) -> None:
    """Change in the balance of every jurisdiction over the run, before and after sharing, RMB million.

    Own taxes after relief, less grants and spending that it pays; after sharing also transfers.
    Whiskers: 5-95 % over paired runs of the balance after sharing. A panel a scenario, all on one scale.
    """
    names, _ = shown(compared)
    found = {name: [tuple({**row, **{key: in_unit(row[key], lang) for key in ("mean", "p05", "p95")}} for row in pair)
                    for pair in balances(compared, name)] for name in names}
    shared = any(before["mean"] != after["mean"] for pairs in found.values() for before, after in pairs)
    body = page(compared, figure, lang, titles=ledger.titles if shared else UNSHARED,
                finding=_finding(found[names[0]], compared.title(names[0], lang), shared, lang),
                notes=[word("ledger_note", lang), *rest_note(compared, lang)])
    for name, axes in panels(compared, body, lang, ems=28, xlabel=word("million", lang), inset=(1.35, 0.75, 0.4, 0.35),
                             hspace=0.5, wspace=0.75):
        _bars(axes, found[name], shared, lang)
        _panel(axes, found[name], (compared.members, HALF / 2 * shared), lang)
    rows = [row for pairs in found.values() for pair in pairs for row in pair]
    ends = ("mean", "p05", "p95") if compared.members > 1 else ("mean",)
    reach = [row[end] for row in rows for end in ends]
    common_scale(figure.axes, min(reach), max(reach), room=0.25)
    body.legend(figure.axes[0])


def balances(compared: Compared, name: str) -> list[tuple[pd.Series[Any], pd.Series[Any]]]:
    """[(row before, row after)] of the jurisdictions, in the order of the table."""
    before, after = (compared.rows("fiscal", scenario=name, item=item).set_index("authority")
                     for item in ("before", "after"))
    return [(before.loc[one], after.loc[one]) for one in after.index]


def _bars(axes, pairs, shared, lang):
    """Bars before and after sharing; one bar where the scenarios change nothing that is shared."""
    places = np.arange(len(pairs))
    before, after = (np.array([pair[k]["mean"] for pair in pairs]) for k in (0, 1))
    if not shared:
        axes.barh(places, after, 1.5 * HALF, color=UP, label=word("unshared", lang))
        return
    axes.barh(places - HALF / 2, before, HALF, color=BEFORE, hatch="....", edgecolor="white", linewidth=0.4,
              label=word("before", lang))
    axes.barh(places + HALF / 2, after, HALF, color=UP, label=word("after", lang))


def _panel(axes, pairs, how, lang):
    """Whiskers, numbers and axes; `how` is the number of members and how far a whisker is from its place."""
    members, aside = how
    before = [pair[0]["mean"] for pair in pairs]
    for place, (_, row) in enumerate(pairs):
        if members > 1:
            whiskers(axes, place + aside, row["p05"], row["p95"])
        far = max(0.0, row["mean"], row["p95"] if members > 1 else 0.0, before[place])
        axes.annotate(_amount(row["mean"], lang), (far, place), xytext=(4, 0), textcoords="offset points", size=7.5,
                      va="center", color=DOWN if row["worse_off"] else theme.INK,
                      weight="bold" if row["worse_off"] else "normal")
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    label_rows(axes, [fold(row[f"authority_{lang}"], 11) for _, row in pairs], room=0.4)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.locator_params(axis="x", nbins=4)


def _amount(value, lang):
    """A change of a balance in the unit of the language: RMB million, or 亿元 with two decimals at most."""
    if lang == "zh":
        return gain(value, digits=sum(abs(value) < bound for bound in (10, 100)))
    return gain(value, digits=0 if abs(value) >= 10 else 1)


def _finding(pairs, title, shared, lang):
    """Whether anyone is worse off, after sharing if there is any, than without the scenario."""
    worse, after = [row[f"authority_{lang}"] for _, row in pairs if row["worse_off"]], "" if shared else "_unshared"
    if worse:
        return word(f"ledger_worse{after}", lang, name=title, names=word("comma", lang).join(worse))
    return word(f"ledger_none{after}", lang, name=title)
