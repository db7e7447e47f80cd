"""Drawer of plots: every file adds one registered entry.

A plot is a function (dataset, figure, lang) -> None that draws the results dataset on an empty
matplotlib Figure of the registered size, in "en" or "zh". `sim.plots.run.save.draw` makes the figure
and applies the house style; `sim.plots.run.save.save_all` writes every plot to a folder.
"""

from typing import Any

from sim.base.registry import Registry

registry: Registry[Any] = Registry("plot", "sim.plots.run", "plots")


def register(name, *, title, title_zh, size):
    """File a plot: its title in both languages and its size (width, height) in inches."""
    return registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size)
