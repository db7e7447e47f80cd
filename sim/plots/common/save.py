"""Draw a registered figure, and save it so that equal figures are equal bytes."""

import contextlib
import copy
import dataclasses
import gc
import io
import itertools
import pathlib
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.base import collector, files, forked
from sim.base.errors import ScenarioNote
from sim.base.messages import _
from sim.plots.common import theme
from sim.plots.common.entry import Entry
from sim.plots.common.png import png

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


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A registered figure of the data in a language, drawn when it is called; the data should be in memory."""

    entry: Entry
    data: Any
    lang: str
    formats: Sequence[str] = FORMATS

    def __call__(self) -> list[bytes]:
        """The content of its file in every format."""
        figure = draw(self.entry, self.data, self.lang)
        contents = [content(figure, f".{kind}") for kind in self.formats]
        del figure
        gc.collect()
        return contents

    def written(self, folder: Path, contents: Sequence[bytes]) -> list[Path]:
        """Write what it gave as <name>.<language>.<format> into a folder; the paths."""
        paths = [folder / f"{self.entry.name}.{self.lang}.{kind}" for kind in self.formats]
        for path, one in zip(paths, contents, strict=True):
            files.write_bytes(path, one, lasting=False)
        return paths


def drawings(entries: Iterable[Entry], data: Any, languages: Iterable[str],
             formats: Sequence[str] = FORMATS) -> list[Drawing]:
    """Registered figures of the data in these languages."""
    return [Drawing(entry, data, lang, formats) for entry, lang in itertools.product(entries, languages)]


def save_all(wanted: Sequence[Drawing], folder: Path, processes: int = 1) -> list[Path]:
    """Write figures into the folder; returns the paths. With more processes than one others draw some of them."""
    return save_beside((), wanted, folder, processes)[1]


def save_beside(work: Sequence[Callable[[], Any]], wanted: Sequence[Drawing], folder: Path,
                processes: int = 1) -> tuple[list[Any], list[Path]]:
    """(what comes of other work, the paths) of figures that are drawn while the other work is done.

    With more processes than one others do some of it all; what comes of it can be pickled.
    """
    folder = pathlib.Path(folder)
    with collector.asked():
        every: list[Callable[[], Any]] = [*work, *wanted]
        found = forked.mapped(lambda one: one(), every, processes)
    with files.writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        paths = [one.written(folder, contents) for one, contents in zip(wanted, found[len(work):], strict=True)]
    return found[:len(work)], list(itertools.chain.from_iterable(paths))


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
