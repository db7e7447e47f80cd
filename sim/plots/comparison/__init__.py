"""Figures of comparisons: every file adds one registered entry.

A plot is a function (compared, figure, lang) -> None that draws the tables of a comparison
(`material.Compared`) on an empty matplotlib Figure, in "en" or "zh". It is drawn only where the
comparison has the tables it `needs`; a page says of the others that they are missing. Its size is
(width, height) in inches, or a function of the comparison where that depends on how much there is.
"""


from collections.abc import Callable, Iterable
from typing import Any, cast

from sim.base.registry import Registry
from sim.plots.common.entry import OfComparison

registry: Registry[OfComparison] = Registry("figure of comparison", "sim.plots.comparison", "comparison_plots")


def register(name: str, *, title: str, title_zh: str, size: Any,
             needs: Iterable[str] = ()) -> Callable[[Callable[..., None]], OfComparison]:
    """File a plot: its title in both languages, its size, and the tables that it needs."""
    return cast(Callable[[Callable[..., None]], OfComparison], registry.register(
        name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size, needs=needs))
