"""Figures of a search for equilibria; drawn by its command, because no single run holds what they show."""

from typing import Any

from sim.base.registry import Registry

registry: Registry[Any] = Registry("figure of equilibria", "sim.plots.equilibria")


def register(name, *, title, title_zh, size):
    """File a figure: its title in both languages and its size (width, height) in inches."""
    return registry.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size)
