"""Horizontal bars and intervals: rows with names, the first on top, and whiskers that show on any colour."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from sim.plots.common import theme


def label_rows(axes: Axes, labels: Sequence[str], *, size: float = 8.0, colour: str = theme.INK,
               room: float = 0.45) -> None:
    """Name the rows at 0, 1, ... from the top, on a grid of the values; `room` is what is left below the last."""
    axes.set_yticks(range(len(labels)), labels, color=colour, size=size)
    axes.set_ylim(len(labels) - room, room - 1)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def whiskers(axes: Axes, places: ArrayLike, low: ArrayLike, high: ArrayLike, edge: float = 2.6) -> None:
    """Thin intervals, dark on a white edge, so that they show on light bars and on dark ones."""
    for colour, width in (("white", edge), (theme.INK, 0.9)):
        axes.hlines(places, low, high, color=colour, linewidth=width, zorder=3)
