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

from sim.base import collector, files, forked
from sim.base.errors import ScenarioNote
from sim.base.messages import _
from sim.plots.common import theme
from sim.plots.common.png import png

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
             formats: Sequence[str] = FORMATS, processes: int = 1) -> list[Path]:
    """Write registered figures of the data as <name>.<language>.<format> into the folder; returns the paths.

    Other processes draw some of them, if there may be more than this one; the data should be in memory.
    """
    def drawn(which):
        figure = draw(which[0], data, which[1])
        contents = [content(figure, f".{kind}") for kind in formats]
        del figure
        collector.collect()
        return contents

    folder, paths, each = pathlib.Path(folder), [], list(itertools.product(entries, languages))
    folder.mkdir(parents=True, exist_ok=True)
    with collector.asked():
        every = forked.mapped(drawn, each, processes)
    for (entry, lang), contents in zip(each, every, strict=True):
        for kind, one in zip(formats, contents, strict=True):
            paths.append(folder / f"{entry.name}.{lang}.{kind}")
            files.write_bytes(paths[-1], one, lasting=False)
    return paths


def write(figure: Figure, path: Path) -> Path:
    """Save a figure; the ending gives the format. The same figure gives the same bytes."""
    path = pathlib.Path(path)
    files.write_bytes(path, content(figure, path.suffix), lasting=False)
    return path


def content(figure: Figure, ending: str) -> bytes:
    """A figure as the bytes of a file with this ending, ".svg"."""
    options = copy.deepcopy(OPTIONS.get(ending, {}))
    if ending == ".svg" and figure.get_label():
        options["metadata"]["Description"] = str(figure.get_label())
    with theme.house(), _boxes_told():
        figure.savefig(drawn := io.BytesIO(), format="rgba" if ending == ".png" else ending[1:], **options)
    if ending == ".svg":
        return without_blanks(drawn.getvalue().decode("utf-8")).encode("utf-8")
    if ending == ".png":
        return png(drawn.getvalue(), int(figure.get_figwidth() * theme.DPI), theme.DPI)
    return drawn.getvalue()


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
