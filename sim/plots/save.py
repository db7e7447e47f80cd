"""Draw one plot, or write all of them to a folder."""

import pathlib

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plots import registry, style
from sim.plots.words import LANGUAGES

# no date and no version inside, so that equal figures are equal bytes
OPTIONS = {".svg": {"metadata": {"Date": None, "Creator": None}},
           ".png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
           ".pdf": {"metadata": {"CreationDate": None}}}


def draw(dataset, name, lang="en"):
    """The plot called `name` of a results dataset, as a matplotlib Figure.

    Raises InputError, with the near miss, for a name that no plot has. Later saving happens outside
    the house style: use `write`.
    """
    plot = registry.get(name)
    with style.house():
        figure = Figure(figsize=plot.size)
        FigureCanvasAgg(figure)
        plot(dataset, figure, lang)
    return figure


def write(figure, path):
    """Save a figure; the ending gives the format. The same figure gives the same bytes."""
    path = pathlib.Path(path)
    with style.house():
        figure.savefig(path, **OPTIONS.get(path.suffix, {}))
    return path


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
