"""Regret of policies over a sweep: how much each falls short of the best, and how often it is best."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.sensitivity import register
from sim.plots.sensitivity.frame import body_of, in_percent, label_rows, names, sentence
from sim.plots.sensitivity.words import word

EVIDENCE = (("mean_regret", "o"), ("p90_regret", "s"), ("max_regret", "D"))


@register("regret", title="Which policy to regret least", title_zh="哪项政策后悔最少", size=(10.5, 5.6))
def regret(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Mean, nine-in-ten and largest regret of every policy, and the share of points where it is best."""
    first = dataset.isel(row=0)
    finding = word("regret_finding", lang, first=names(dataset, lang)[0], share=float(first["best_share"]),
                   n=dataset.attrs["points"])
    body = body_of("regret", dataset, figure, lang, finding, [sentence(dataset, lang)])
    grid = body.grid(1, 2, inset=(2.0, 0.8, 0.1, 0.3), wspace=0.08)
    shares, lost = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    places = np.arange(dataset.sizes["row"])
    shares.barh(places, dataset["best_share"], 0.6, color=theme.WHEN[1][0], edgecolor=theme.INK, linewidth=0.5)
    shares.set_xlim(0, 1)
    in_percent(shares.xaxis)
    shares.set_xlabel(word("best_share", lang))
    label_rows(shares, dataset, lang, 24)
    lost.hlines(places, dataset["mean_regret"], dataset["max_regret"], color=theme.FAINT, linewidth=1.0)
    for name, marker in EVIDENCE:
        lost.plot(dataset[name], places, linestyle="", marker=marker, markersize=6, markerfacecolor=theme.WHEN[0][0],
                  markeredgecolor=theme.INK, label=word(name, lang))
    label_rows(lost, dataset, lang)
    lost.tick_params(labelleft=False)
    lost.set_xlabel(word("regret", lang))
    body.legend(lost)
