"""Header and footer of a figure of comparison, its numbers, and its grid of panels."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.base.messages import LANGUAGES
from sim.base.own_words import fill
from sim.base.printed import decimals
from sim.plots.common import theme
from sim.plots.common.bands import margin
from sim.plots.common.page import Body, fold_to, framed
from sim.plots.common.words import moment
from sim.plots.comparison.data import Compared
from sim.plots.comparison.words import word

PANELS = 6                    # small multiples at most
TITLE, LINES = 9.5, 2         # points and lines of a panel's title
UP, DOWN, WHOLE = theme.RINGS["linkage"].colour, theme.RINGS["core"].colour, "#3D3D3D"


def page(compared: Compared, figure: Figure, lang: str, *, titles: tuple[str, str], finding: str,
         notes: Sequence[str] = (), banded: bool = True) -> Body:
    """Write header and footer on the figure and return the Body between them.

    `banded` says whether the figure draws bands or whiskers, which the footer then explains.
    """
    n, baseline = compared.members, compared.title(compared.baseline, lang)
    kicker = word("kicker" if n > 1 else "kicker_one", lang, baseline=baseline, n=n, last=moment(compared.end, lang))
    source = word("source", lang, region=compared.content["region"])
    band = word("band", lang, n=n) if n > 1 else word("no_band", lang)
    said = [word("effect_is", lang, baseline=baseline), *([band] if banded else []), *notes,
            word("criteria", lang), source]
    return framed(figure, lang, kicker=kicker, title=fill(titles[LANGUAGES.index(lang)], lang), finding=finding,
                  notes=said)


def gain(value: float, digits: int = 1) -> str:
    """An effect, with its sign and one decimal; 0 without a sign.

    >>> gain(4.375), gain(-0.25), gain(0.01)
    ('+4.4', '−0.2', '0.0')
    """
    text = decimals(value, digits, sign=True)
    return text[1:] if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def spread(compared: Compared, row: Any, lang: str) -> str:
    """The words for the 5-95 % band of an effect and whether it is noise, or nothing for a single pair."""
    if compared.members < 2:
        return ""
    interval = word("range", lang, low=gain(row["p05"]), high=gain(row["p95"]))
    return word("runs_range", lang, range=interval) + doubt(row, lang)


def doubt(row: Any, lang: str) -> str:
    """The words that an effect cannot be told from none, "" where it can."""
    return "" if distinct(row) else word("not_distinct", lang)


def in_percent(row: Any) -> str:
    """An effect in per cent of the baseline's level, "" where that has none."""
    return f"{gain(100 * row['mean'] / row['baseline'])}%" if row["baseline"] else ""


def distinct(row: Any, among: int = 1) -> bool:
    """Whether an effect is at least two standard errors from zero; with one pair, whether it is not 0.

    For the largest of several effects `among` is their number, and more is wanted (`bands.margin`).
    """
    error = row["se"]
    return row["mean"] != 0 if error != error else abs(row["mean"]) > margin(among) * error


def shown(compared: Compared) -> tuple[list[str], int]:
    """The scenarios that small multiples draw, and how many are left out."""
    return compared.names[:PANELS], max(0, len(compared.names) - PANELS)


def rest_note(compared: Compared, lang: str) -> list[str]:
    """The sentence on scenarios that are not drawn, in a list, or an empty list."""
    left = shown(compared)[1]
    return [word("more_panels", lang, n=left)] if left else []


def layout(number: int) -> tuple[int, int]:
    """(rows, columns) of a grid of small multiples.

    >>> layout(1), layout(2), layout(4), layout(5)
    ((1, 1), (1, 2), (2, 2), (2, 3))
    """
    columns = {1: 1, 2: 2, 3: 3, 4: 2}.get(number, 3)
    return math.ceil(number / columns), columns


def panels(compared: Compared, body: Body, lang: str, *, ems: float = 30, xlabel: str = "", ylabel: str = "",
           shared: bool = False, **grid: Any) -> Iterator[tuple[str, Axes]]:
    """Yield (scenario, its axes) of the small multiples, each under its title; those at the rim name their axes.

    `shared` gives all of them the scales of the first.
    """
    names, _ = shown(compared)
    rows, columns = layout(len(names))
    places = body.grid(rows, columns, **grid)
    for k, name in enumerate(names):
        first = body.figure.axes[0] if shared and k else None
        axes = body.figure.add_subplot(places[k], sharex=first, sharey=first)
        axes.set_title(fold_to(compared.title(name, lang), min(ems, _room(axes, places, k)), LINES), size=TITLE)
        axes.set_xlabel(xlabel if k >= len(names) - columns else "")
        axes.set_ylabel(ylabel if k % columns == 0 else "")
        axes.tick_params(labelleft=not shared or k % columns == 0)
        yield name, axes


def _room(axes, places, k):
    """Em of a panel's title before it would run into the next panel's, or out of the figure."""
    figure, columns = axes.figure, places.ncols
    left, last = axes.get_position().x0, k % columns == columns - 1
    right = 0.985 if last else places[k + 1].get_position(figure).x0 - 0.015
    return (right - left) * figure.get_figwidth() * 72 / TITLE


def panel_size(width: float, heights: Sequence[float], around: float) -> Callable[[Compared], tuple[float, float]]:
    """Size of a figure of small multiples: a function of the comparison.

    `width` of the whole, `heights` of a row for one, two and three columns, `around` for header and
    footer, in inches.
    """
    def size(compared):
        rows, columns = layout(len(shown(compared)[0]))
        return width, rows * heights[columns - 1] + around
    return size


def common_scale(panels: Iterable[Axes], left: float, right: float, room: float = 0.18) -> None:
    """Give all axes one horizontal scale with room for numbers; zero is always on it."""
    low, high = min(left, 0.0), max(right, 0.0)
    wide = max(high - low, 1.0)
    for axes in panels:
        axes.set_xlim(low - room * wide * (low < 0), high + room * wide)
