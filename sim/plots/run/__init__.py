"""Figures of a run: every file adds one registered entry.

A plot is a function (dataset, figure, lang) -> None that draws the results dataset on an empty
matplotlib Figure of the registered size, in "en" or "zh". `sim.plots.run.save.draw` makes the figure
and applies the house style; `sim.plots.run.save.save_all` writes every plot to a folder.
"""

from sim.plots.common.entry import Figures

registry = Figures("plot", "sim.plots.run", "plots")
register = registry.figure
