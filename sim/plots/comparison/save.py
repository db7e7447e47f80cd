"""Draw one figure of a comparison, or write all that its tables allow."""

import pathlib

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.base.own_words import spoken
from sim.plots.common import theme
from sim.plots.common.save import write
from sim.plots.common.words import LANGUAGES
from sim.plots.comparison import registry


def draw(compared, name, lang="en"):
    """The figure called `name` of a comparison; InputError, with the near miss, for another name."""
    plot, lang = registry.get(name), spoken(lang, compared.places.attrs)
    with theme.house():
        figure = Figure(figsize=plot.size(compared) if callable(plot.size) else plot.size)
        FigureCanvasAgg(figure)
        plot(compared, figure, lang)
    return figure


def possible(compared):
    """Entries whose tables the comparison has."""
    return [entry for entry in registry.entries() if compared.has(entry.needs)]


def save_all(compared, folder, languages=LANGUAGES, formats=("svg", "png")):
    """Write every possible figure as <name>.<language>.<format> into the folder; returns the paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for entry in possible(compared):
        for lang in languages:
            figure = draw(compared, entry.name, lang)
            paths += [write(figure, folder / f"{entry.name}.{lang}.{kind}") for kind in formats]
    return paths
