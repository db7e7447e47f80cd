"""Draw one plot, or write all of them to a folder."""

import io
import pathlib
import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.base import files
from sim.base.own_words import spoken
from sim.plots.common import theme
from sim.plots.common.words import LANGUAGES
from sim.plots.run import registry

# no date and no version inside, so that equal figures are equal bytes
OPTIONS = {".svg": {"metadata": {"Date": None, "Creator": None}},
           ".png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
           ".pdf": {"metadata": {"CreationDate": None}}}
BLANK = re.compile(r'<path id="([^"]+)" transform="[^"]*"/>')          # the glyph of a space: a path without a line


def draw(dataset, name, lang="en"):
    """The plot called `name` of a results dataset, as a matplotlib Figure.

    Raises InputError, with the near miss, for a name that no plot has. Later saving happens outside
    the house style: use `write`.
    """
    plot, lang = registry.get(name), spoken(lang, dataset.attrs)
    with theme.house():
        figure = Figure(figsize=plot.size)
        FigureCanvasAgg(figure)
        plot(dataset, figure, lang)
    return figure


def write(figure, path):
    """Save a figure; the ending gives the format. The same figure gives the same bytes."""
    path, options = pathlib.Path(path), OPTIONS.get(pathlib.Path(path).suffix, {})
    with theme.house():
        figure.savefig(drawn := io.BytesIO(), format=path.suffix[1:], **options)
    content = drawn.getvalue()
    if path.suffix == ".svg":
        content = without_blanks(content.decode("utf-8")).encode("utf-8")
    files.write_bytes(path, content, lasting=False)
    return path


def without_blanks(svg):
    """An SVG without the spaces in its texts: nothing to see, and a browser would build an element for each.

    >>> without_blanks('<path id="s" transform="x"/>\\n<use xlink:href="#s" x="1"/>\\n<use xlink:href="#a"/>')
    '<path id="s" transform="x"/>\\n<use xlink:href="#a"/>'
    """
    for name in BLANK.findall(svg):
        svg = re.sub(rf'[ \t]*<use xlink:href="#{re.escape(name)}"[^>]*/>\n', "", svg)
    return svg


def save_all(dataset, folder, languages=LANGUAGES, formats=("svg", "png")):
    """Write every plot as <name>.<language>.<format> into the folder; returns the paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    light = _light(dataset)
    paths = []
    for name in registry.names():
        for lang in languages:
            figure = draw(light, name, lang)
            paths += [write(figure, folder / f"{name}.{lang}.{kind}") for kind in formats]
    return paths


def _light(dataset):
    """What the plots look at, read once and without the headquarters types that none tells apart."""
    untyped = dataset["headquarters"].sum("hq_type").expand_dims("hq_type")
    return dataset[["rent", "r_dyn", "r_choice", "half_life"]].load().assign(headquarters=untyped)
