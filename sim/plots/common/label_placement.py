"""Names beside symbols, without overlaps: greedy, the most important first.

Every label tries the places around its symbol, nearest first, and takes the cheapest; one that
would cover another label, or leave the map, is dropped unless it must be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.plots.common import theme

DIRECTIONS = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1),
              (1, 0.5), (1, -0.5), (-1, 0.5), (-1, -0.5), (0.5, 1), (0.5, -1), (-0.5, 1), (-0.5, -1)]
GAPS = (2.0, 7.0, 14.0, 24.0, 36.0, 50.0, 66.0)       # points between symbol and label
LED = 7.0                # from this gap on, or beside another symbol, a line leads from the label to its symbol
NEVER = 1e6
COVERING = 0.4           # cost of a square pixel of another symbol, in points of distance
PUSHES = 200
OVERLAP = 0.95                # of the sum of two radii, that centres keep from one another
CONFUSING = 60.0         # cost of standing about as near to another symbol as to one's own
CLEAR = 6.0              # points that a label keeps farther from other symbols than from its own, if it can


@dataclass(frozen=True)
class Label:
    """A text for a symbol at (x, y) in data units whose radius is in points."""

    text: str
    x: float
    y: float
    radius: float
    must: bool


def place(axes: Axes, labels: list[Label], size: float = 8.0, avoid: Sequence[NDArray[np.float64]] = ()) -> None:
    """Write labels, the first ones first; `avoid` are boxes (left, bottom, right, top) in pixels."""
    if not labels:
        return
    scale = axes.figure.dpi / 72
    points = axes.transData.transform([(label.x, label.y) for label in labels])
    symbols = np.array([_box(point, 2 * label.radius * scale, 2 * label.radius * scale)
                        for point, label in zip(points, labels, strict=True)])
    taken, window = list(avoid), axes.get_window_extent().extents
    for k, label in enumerate(labels):
        text = _text(axes, label, size)
        boxes, offsets, gaps = _places(text, points[k], label.radius * scale, scale)
        others = np.delete(symbols, k, axis=0)
        costs = _costs(boxes, (gaps, gaps + CLEAR * scale), taken, others, window)
        best = int(costs.argmin())
        if costs[best] >= NEVER and not label.must:
            text.remove()
            continue
        text.set_position(offsets[best] / scale)
        taken.append(boxes[best])
        if gaps[best] >= LED * scale or (_distance(boxes[best:best + 1], others) < gaps[best] + CLEAR * scale).any():
            axes.annotate("", (label.x, label.y), xytext=tuple(offsets[best] / scale), textcoords="offset points",
                          zorder=8, arrowprops=dict(arrowstyle="-", color=theme.MUTED, linewidth=0.6, shrinkA=0,
                                                    shrinkB=0))


def apart(axes: Axes, east: NDArray[np.float64], north: NDArray[np.float64],
          radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """(symbol, 2) places in data units at which symbols of these radii in points do not cover one another.

    Each pair that overlaps is pushed along the line between its centres, half each, until none does.
    """
    scale = axes.figure.dpi / 72
    points, radii = axes.transData.transform(np.column_stack([east, north])), radii * scale
    for _ in range(PUSHES):
        moved = False
        for a in range(len(points)):
            for b in range(a + 1, len(points)):
                gap, between = points[b] - points[a], OVERLAP * (radii[a] + radii[b])
                far = float(np.hypot(*gap))
                if far < between - 0.1:
                    step = 0.5 * (between - far) * (gap / far if far else np.array([1.0, 0.0]))
                    points[a], points[b], moved = points[a] - step, points[b] + step, True
        if not moved:
            break
    return axes.transData.inverted().transform(points)


def _text(axes, label, size):
    return axes.annotate(label.text, (label.x, label.y), size=size, zorder=10, ha="center", va="center",
                         xytext=(0, 0), textcoords="offset points",
                         bbox=dict(boxstyle="round,pad=0.12", fc="white", ec="none", alpha=0.78))


def _places(text, point, radius, scale):
    """Candidate boxes (place, 4), offsets (place, 2) and gaps (place,), nearest first, in pixels."""
    box = text.get_window_extent(text.figure.canvas.get_renderer())
    gaps = np.repeat(GAPS, len(DIRECTIONS)) * scale
    towards = np.tile(DIRECTIONS, (len(GAPS), 1))
    unit = towards / np.linalg.norm(towards, axis=1, keepdims=True)
    offsets = unit * (radius + gaps)[:, None] + towards * (box.width / 2, box.height / 2)
    return np.array([_box(point + offset, box.width, box.height) for offset in offsets]), offsets, gaps


def _costs(boxes, distances, taken, symbols, window):
    gaps, clear = distances
    outside = (boxes[:, :2] < window[:2]).any(1) | (boxes[:, 2:] > window[2:]).any(1)
    hidden = _overlap(boxes, np.array(taken).reshape(-1, 4)).sum(1)
    covered = _overlap(boxes, symbols).sum(1)
    confused = (_distance(boxes, symbols) < clear[:, None]).any(1)
    rank = np.tile(np.arange(len(DIRECTIONS)), len(GAPS))
    return (NEVER * (outside | (hidden > 0)) + hidden + COVERING * covered + CONFUSING * confused + gaps + 0.2 * rank)


def _overlap(a, b):
    """Areas shared by the boxes a (n, 4) and b (m, 4) -> (n, m)."""
    low, high = np.maximum(a[:, None, :2], b[:, :2]), np.minimum(a[:, None, 2:], b[:, 2:])
    return np.clip(high - low, 0, None).prod(axis=2)


def _distance(a, b):
    """Gaps between the boxes a (n, 4) and b (m, 4) -> (n, m); 0 where they touch."""
    low, high = np.maximum(a[:, None, :2], b[:, :2]), np.minimum(a[:, None, 2:], b[:, 2:])
    return np.linalg.norm(np.clip(low - high, 0, None), axis=2)


def _box(centre, width, height):
    return np.array([centre[0] - width / 2, centre[1] - height / 2, centre[0] + width / 2, centre[1] + height / 2])
