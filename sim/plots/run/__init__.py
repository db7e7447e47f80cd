"""Figures of a run: every file adds one registered entry.

A plot is a function (dataset, figure, lang) -> None that draws the results dataset on an empty
matplotlib Figure of the registered size, in "en" or "zh". `sim.plots.run.save.draw` makes the figure
and applies the house style; `sim.plots.run.save.save_all` writes every plot to a folder.
"""


from collections.abc import Callable
from typing import cast

from sim.base.registry import Registry
from sim.plots.common.entry import Entry

registry: Registry[Entry] = Registry("plot", "sim.plots.run", "plots")


def register(name: str, *, title: str, title_zh: str,
             size: tuple[float, float]) -> Callable[[Callable[..., None]], Entry]:
    """File a plot: its title in both languages and its size (width, height) in inches."""
    return cast(Callable[[Callable[..., None]], Entry],
                registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size))
