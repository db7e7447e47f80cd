"""House style: a palette that survives grey printing and colour blindness, and embedded fonts.

Whatever colour tells, a marker, hatch or line style tells as well. The style is in force only
inside `house()`; nothing is left behind in matplotlib's settings. (They belong to the process, so
figures are drawn by one thread at a time.)
"""

import contextlib
import dataclasses
import functools
from collections.abc import Iterator

import matplotlib.style
from matplotlib import font_manager

from sim.base.package_data import FONT_WEIGHTS, font_file

INK, MUTED, FAINT, GRID = "#1F1F1F", "#595959", "#8C8C8C", "#DCDCDC"
NOISE = "#707070"              # of numbers within chance: grey, and dark enough to be read on white
LAND, BORDER, WATER, SHORE = "#F4EFE3", "#8A7F68", "#C3DCEB", "#8FB0C6"
BAND = "#B9D0E6"
WHEN = (("#D4E3F0", ""), ("#7FA9CF", "////"), ("#123F6B", ""))    # start, middle, end: light to dark
LINES = ("-", (0, (5, 2)), (0, (1, 1.4)))
DPI = 150.0                   # of a PNG


@dataclasses.dataclass(frozen=True)
class Mark:
    """How one ring looks: three colours far apart in grey, three markers, three line styles."""

    colour: str          # of areas and symbols
    stroke: str          # of lines, where a light colour would be too faint
    marker: str
    line: object
    area: float          # of a marker of size 1 relative to its nominal square


RINGS = {"core": Mark("#D55E00", "#D55E00", "o", LINES[0], 0.785),
         "linkage": Mark("#0B4478", "#0B4478", "s", LINES[1], 1.0),
         "radiation": Mark("#C4C4C4", "#6E6E6E", "D", LINES[2], 1.0)}
OTHER = RINGS["radiation"]

SETTINGS = {
    "font.family": ["DejaVu Sans", "Noto Sans SC"], "font.size": 9.0, "text.color": INK,
    "axes.edgecolor": MUTED, "axes.labelcolor": MUTED, "axes.labelsize": 8.5, "axes.linewidth": 0.7,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10.0,
    "axes.titlelocation": "left", "axes.titley": 1.0, "axes.axisbelow": True, "grid.color": GRID, "grid.linewidth": 0.6,
    "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5,
    "hatch.linewidth": 0.6, "legend.frameon": False, "legend.fontsize": 8.0,
    "figure.facecolor": "white", "savefig.facecolor": "white", "savefig.dpi": DPI,
    "text.hinting": "none", "svg.fonttype": "path", "svg.hashsalt": "sim", "path.simplify": True,
}


@contextlib.contextmanager
def house() -> Iterator[None]:
    """The house style, on top of matplotlib's defaults whatever the user's own settings."""
    register_fonts()
    with matplotlib.style.context(["default", SETTINGS]):
        yield


@functools.cache
def register_fonts() -> None:
    """Make the embedded fonts known to matplotlib, ahead of namesakes installed on the machine."""
    known = font_manager.fontManager
    for path in sorted(map(font_file, FONT_WEIGHTS)):
        known.addfont(path)
        known.ttflist[:0] = [known.ttflist.pop()]


def ring(name: str) -> Mark:
    """The Mark of a ring; a ring by another name looks like the outermost."""
    return RINGS.get(name, OTHER)
