"""Figures of analyses of a sweep: every file adds one registered entry.

A figure is a function (dataset, figure, lang) -> None. The dataset holds one table of an analysis
along `row`, with the names of its rows in both languages, and what `sim.plots.common.page` writes around it.
"""

from sim.plots.common.entry import Figures

registry = Figures("figure of an analysis", "sim.plots.sensitivity")
register = registry.figure
