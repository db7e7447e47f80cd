"""Draw one plot of a run, or write all of them to a folder."""

import pathlib

from sim.base.own_words import spoken
from sim.plots.common import save
from sim.plots.common.words import LANGUAGES
from sim.plots.run import registry


def draw(dataset, name, lang="en"):
    """The plot called `name` of a results dataset; InputError, with the near miss, for a name that no plot has."""
    return save.draw(registry.get(name), dataset, spoken(lang, dataset.attrs))


def save_all(dataset, folder, languages=LANGUAGES, formats=("svg", "png")):
    """Write every plot as <name>.<language>.<format> into the folder; returns the paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    light = _light(dataset)
    paths = []
    for name in registry.names():
        for lang in languages:
            figure = draw(light, name, lang)
            paths += [save.write(figure, folder / f"{name}.{lang}.{kind}") for kind in formats]
    return paths


def _light(dataset):
    """What the plots look at, read once and without the headquarters types that none tells apart."""
    untyped = dataset["headquarters"].sum("hq_type").expand_dims("hq_type")
    return dataset[["rent", "r_dyn", "r_choice", "half_life"]].load().assign(headquarters=untyped)
