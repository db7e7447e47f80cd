"""Drawer of figures of comparison: every file adds one registered entry.

A plot is a function (compared, figure, lang) -> None that draws the tables of a comparison
(`material.Compared`) on an empty matplotlib Figure, in "en" or "zh". It is drawn only where the
comparison has the tables it `needs`; a page says of the others that they are missing. Its size is
(width, height) in inches, or a function of the comparison where that depends on how much there is.
"""

from typing import Any

from sim.base.registry import Registry

registry: Registry[Any] = Registry("figure of comparison", "sim.plots.comparison", "comparison_plots")


def register(name, *, title, title_zh, size, needs=()):
    """File a plot: its title in both languages, its size, and the tables that it needs."""
    return registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size, needs=needs)
