"""Horizontal bars and intervals: rows with names, the first on top, and whiskers that show on any colour."""

from sim.plots.common import theme


def label_rows(axes, labels, *, size=8.0, colour=theme.INK, room=0.45):
    """Name the rows at 0, 1, ... from the top, on a grid of the values; `room` is what is left below the last."""
    axes.set_yticks(range(len(labels)), labels, color=colour, size=size)
    axes.set_ylim(len(labels) - room, room - 1)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def whiskers(axes, places, low, high, edge=2.6):
    """Thin intervals, dark on a white edge, so that they show on light bars and on dark ones."""
    for colour, width in (("white", edge), (theme.INK, 0.9)):
        axes.hlines(places, low, high, color=colour, linewidth=width, zorder=3)
