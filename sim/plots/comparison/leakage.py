"""At whose cost the zone gains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.page import fold
from sim.plots.common.rows import label_rows, whiskers
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import DOWN, UP, WHOLE, common_scale, doubt, gain, page, panel_size, panels, rest_note
from sim.plots.comparison.words import word


@register("leakage", title="Where the zone’s gain comes from", title_zh="{zone}的增加来自何处",
          size=panel_size(10.5, (3.6, 2.8, 2.5), 2.2), needs=("effects",))
def leakage(compared: Compared, figure: Figure, lang: str) -> None:
    """Mean effect on headquarters at the end: the zone, the jurisdictions outside it, and the net of all.

    Whiskers: 5-95 % of the effect over paired runs. One panel a scenario, all on one scale.
    """
    body = page(compared, figure, lang, titles=leakage.titles, finding=_finding(compared, compared.names[0], lang),
                notes=[word("leak_note", lang), *rest_note(compared, lang)])
    ends: list[float] = []
    for name, axes in panels(compared, body, lang, xlabel=word("effect_short", lang), inset=(1.4, 0.55, 0.35, 0.35),
                             hspace=0.55, wspace=0.75):
        ends += _panel(axes, bars(compared, name, lang), compared.members)
    common_scale(figure.axes, min(ends), max(ends))


def bars(compared: Compared, name: str, lang: str) -> list[tuple[str, pd.Series[Any]]]:
    """[(label, row of effects)]: the zone, each jurisdiction outside it, all places together.

    The zone and the jurisdictions outside add up to the net, because a jurisdiction lies in the zone
    wholly or not at all; one that straddles its border stands with its part outside.
    """
    zone, modelled, places = (compared.effects(level, scenario=name) for level in ("zone", "modelled", "jurisdiction"))
    outside = places[places["place"].isin(beyond(compared))].sort_values("mean", kind="stable")
    return [(word("leak_zone", lang), zone.iloc[0]), *((one[f"place_{lang}"], one) for _, one in outside.iterrows()),
            (word("leak_net", lang), modelled.iloc[0])]


def beyond(compared: Compared) -> set[str]:
    """Jurisdictions without a place in the zone."""
    zone = compared.places["in_zone"].values.astype(bool)
    jurisdiction = compared.places["jurisdiction"].values.astype(str)
    return set(jurisdiction[~zone]) - set(jurisdiction[zone])


def _panel(axes, found, members):
    """Draw the bars; how far they and their whiskers reach."""
    means = np.array([row["mean"] for _, row in found])
    places = np.arange(len(found))
    colours = [WHOLE if k == len(found) - 1 else UP if mean >= 0 else DOWN for k, mean in enumerate(means)]
    axes.barh(places, means, 0.6, color=colours, hatch=["" if mean >= 0 else "////" for mean in means],
              edgecolor="white", linewidth=0.5)
    for place, (_, row) in enumerate(found):
        if members > 1:
            whiskers(axes, place, row["p05"], row["p95"])
        far = max(row["p95"], row["mean"], 0) if members > 1 else max(row["mean"], 0)
        axes.annotate(gain(row["mean"]), (far, place), xytext=(4, 0), textcoords="offset points", size=8,
                      va="center", weight="bold" if place in (0, len(found) - 1) else "normal")
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    axes.axhline(len(found) - 1.5, color=theme.FAINT, linewidth=0.7)
    label_rows(axes, [fold(label, 10) for label, _ in found])
    axes.locator_params(axis="x", nbins=5)
    return [row[end] for _, row in found for end in ("mean", "p05", "p95")]


def _finding(compared, name, lang):
    found, title = bars(compared, name, lang), compared.title(name, lang)
    zone, net = found[0][1]["mean"], found[-1][1]["mean"]
    said = word("leak_finding", lang, name=title, gain=gain(zone), lost=gain(net - zone), net=gain(net))
    return said + doubt(found[0][1], lang)
