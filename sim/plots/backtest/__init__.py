"""Figures of back-tests; drawn by their command from its tables, because no single run holds what they show."""

from collections.abc import Callable
from typing import cast

from sim.base.registry import Registry
from sim.plots.common.entry import Entry

registry: Registry[Entry] = Registry("figure of back-tests", "sim.plots.backtest")


def register(name: str, *, title: str, title_zh: str,
             size: tuple[float, float]) -> Callable[[Callable[..., None]], Entry]:
    """File a figure: its title in both languages and its size (width, height) in inches."""
    return cast(Callable[[Callable[..., None]], Entry],
                registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size))
