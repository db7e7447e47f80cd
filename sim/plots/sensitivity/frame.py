"""What figures of analyses share: the page around them, and rows with long names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import PercentFormatter

from sim.plots.common import rows, theme
from sim.plots.common.page import fold, framed
from sim.plots.common.words import period, title_of, titled
from sim.plots.sensitivity import registry
from sim.plots.sensitivity.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from sim.plots.common.page import Body

MOST_ROWS = 15
SMALL, LARGE, FEW = 6.8, 8.5, 6      # points of the names of rows: of many and of as few as these
LEAST_ROWS = 3                       # that an axis has room for, so that few bars are no thicker
LABELS = 2.9                   # inches for the names of rows
ACROSS = 56                    # em of the name of the axis below them


def body_of(name: str, dataset: xr.Dataset, figure: Figure, lang: str, finding: str, notes: Sequence[str]) -> Body:
    """The Body of a figure with its title, finding and notes; the analysis's own notes come last."""
    entry = registry.get(name)
    own = [text for text in dataset.attrs[f"notes_{lang}"].split("\n") if text]
    kind = "search_kicker" if name == "search" else "sweep"
    kicker = word(kind, lang, title=titled(dataset, lang), **period(dataset, lang))
    source = word("source", lang, scenario=dataset.attrs["scenario"].replace(", ", word("comma", lang)),
                  region=dataset.attrs["region"])
    return framed(figure, lang, kicker=kicker, title=title_of(entry, lang), finding=finding,
                  notes=[*notes, *own, source])


def what(dataset: xr.Dataset, lang: str) -> str:
    """The quantity in words."""
    return dataset.attrs[f"what_{lang}"]


def sentence(dataset: xr.Dataset, lang: str) -> str:
    """The quantity as a note of its own."""
    return begun(what(dataset, lang)) + word("stop", lang)


def begun(text: str) -> str:
    """A text as a sentence begins."""
    return text[0].upper() + text[1:]


def in_percent(axis: Axis) -> None:
    """An axis of shares, written as percent."""
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def top(dataset: xr.Dataset, lang: str) -> tuple[xr.Dataset, list[str]]:
    """(the first MOST_ROWS rows, a note if there are more)."""
    many = dataset.sizes["row"]
    notes = [word("top", lang, n=MOST_ROWS, all=many)] if many > MOST_ROWS else []
    return dataset.isel(row=slice(0, MOST_ROWS)), notes


def names(dataset: xr.Dataset, lang: str) -> list[str]:
    """Names of the rows in the language."""
    return [str(name) for name in dataset[f"row_{lang}"].values]


def label_rows(axes: Axes, dataset: xr.Dataset, lang: str, ems: float = 31) -> None:
    """Names of rows, folded to `ems` of the small size, with the key of each below it; the first row on top."""
    size = LARGE if dataset.sizes["row"] <= FEW else SMALL
    ems *= SMALL / size
    keys = [str(key) for key in dataset["row"].values]
    texts = [fold(name, ems) + (f"\n{key}" if key != name else "") for name, key in zip(names(dataset, lang), keys)]
    rows.label_rows(axes, texts, size=size, colour=theme.MUTED, room=0.4)
    spare = max(0, LEAST_ROWS - len(texts)) / 2
    below, above = axes.get_ylim()
    axes.set_ylim(below + spare, above - spare)
    axes.spines["left"].set_visible(False)
