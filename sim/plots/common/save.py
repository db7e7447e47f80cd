"""Draw a registered figure, and save it so that equal figures are equal bytes."""

from __future__ import annotations

import contextlib
import copy
import io
import itertools
import pathlib
import re
import warnings
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.base import collector, files
from sim.base.errors import ScenarioNote
from sim.base.messages import _
from sim.plots.common import theme
from sim.plots.common.png import png

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sim.plots.common.entry import Entry

FORMATS = ("svg", "png")
# no date and no version inside, so that equal figures are equal bytes
OPTIONS: dict[str, dict[str, Any]] = {
    ".svg": {"metadata": {"Date": None, "Creator": None}},
    ".pdf": {"metadata": {"CreationDate": None}}}
GLYPH = re.compile(r"Glyph (\d+) .*missing from font")                 # what matplotlib warns of
BLANK = re.compile(r'<path id="([^"]+)" transform="[^"]*"/>')          # the glyph of a space: a path without a line


def draw(entry: Entry, data: Any, lang: str = "en") -> Figure:
    """A registered figure of the data that it draws, as a matplotlib Figure.

    Its size may be a function of the data. Later saving happens outside the house style: use `write`.
    """
    with theme.house():
        figure = Figure(figsize=entry.size(data) if callable(entry.size) else entry.size)
        FigureCanvasAgg(figure)
        entry(data, figure, lang)
    return figure


def save_all(entries: Iterable[Entry], data: Any, languages: Iterable[str], folder: Path,
             formats: Iterable[str] = FORMATS) -> list[Path]:
    """Write registered figures of the data as <name>.<language>.<format> into the folder; returns the paths."""
    folder, paths = pathlib.Path(folder), []
    folder.mkdir(parents=True, exist_ok=True)
    with collector.asked():
        for entry, lang in itertools.product(entries, languages):
            figure = draw(entry, data, lang)
            paths += [write(figure, folder / f"{entry.name}.{lang}.{kind}") for kind in formats]
            del figure
            collector.collect()
    return paths


def write(figure: Figure, path: Path) -> Path:
    """Save a figure; the ending gives the format. The same figure gives the same bytes."""
    path = pathlib.Path(path)
    options = copy.deepcopy(OPTIONS.get(path.suffix, {}))
    if path.suffix == ".svg" and figure.get_label():
        options["metadata"]["Description"] = str(figure.get_label())
    with theme.house(), _boxes_told():
        figure.savefig(drawn := io.BytesIO(), format="rgba" if path.suffix == ".png" else path.suffix[1:], **options)
    content = drawn.getvalue()
    if path.suffix == ".svg":
        content = without_blanks(content.decode("utf-8")).encode("utf-8")
    if path.suffix == ".png":
        dpi = theme.SETTINGS["savefig.dpi"]
        content = png(content, int(figure.get_figwidth() * dpi), dpi)
    files.write_bytes(path, content, lasting=False)
    return path


@contextlib.contextmanager
def _boxes_told() -> Iterator[None]:
    """Inside, characters without a glyph are one note; matplotlib's own are one a character, text and line of code."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    rare = {}
    for one in caught:
        if found := GLYPH.match(str(one.message)):
            rare[chr(int(found[1]))] = None
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if rare:
        warnings.warn(ScenarioNote(_("figures show a box for characters that their fonts do not have: {characters}",
                                     characters="".join(rare))), stacklevel=3)


def without_blanks(svg: str) -> str:
    """An SVG without the spaces in its texts: nothing to see, and a browser would build an element for each.

    >>> without_blanks('<path id="s" transform="x"/>\\n<use xlink:href="#s" x="1"/>\\n<use xlink:href="#a"/>')
    '<path id="s" transform="x"/>\\n<use xlink:href="#a"/>'
    """
    for name in BLANK.findall(svg):
        svg = re.sub(rf'[ \t]*<use xlink:href="#{re.escape(name)}"[^>]*/>\n', "", svg)
    return svg
