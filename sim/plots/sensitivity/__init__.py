"""Figures of analyses of a sweep: every file adds one registered entry.

A figure is a function (dataset, figure, lang) -> None. The dataset holds one table of an analysis
along `row`, with the names of its rows in both languages, and what `sim.plots.common.page` writes around it.
"""


from collections.abc import Callable
from typing import Any, cast

from sim.base.registry import Registry
from sim.plots.common.entry import Entry

registry: Registry[Entry] = Registry("figure of an analysis", "sim.plots.sensitivity")


def register(name: str, *, title: str, title_zh: str, size: Any) -> Callable[[Callable[..., None]], Entry]:
    """File a figure: its title in both languages and its size (width, height) in inches."""
    return cast(Callable[[Callable[..., None]], Entry],
                registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size))
