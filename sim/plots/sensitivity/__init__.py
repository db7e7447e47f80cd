"""Drawer of figures of analyses of a sweep: every file adds one registered entry.

A figure is a function (dataset, figure, lang) -> None. The dataset holds one table of an analysis
along `row`, with the names of its rows in both languages, and what `sim.plots.common.page` writes around it.
"""

from typing import Any

from sim.base.registry import Registry

registry: Registry[Any] = Registry("figure of an analysis", "sim.plots.sensitivity")


def register(name, *, title, title_zh, size):
    """File a figure: its title in both languages and its size (width, height) in inches."""
    return registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size)
