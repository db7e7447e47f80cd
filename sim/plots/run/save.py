"""Draw one plot of a run, or write all of them to a folder."""

from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.plots.common import save
from sim.plots.run import registry


def draw(dataset, name, lang="en"):
    """The plot called `name` of a results dataset; InputError, with the near miss, for a name that no plot has."""
    return save.draw(registry.get(name), dataset, spoken(lang, dataset.attrs))


def save_all(dataset, folder, languages=LANGUAGES, formats=save.FORMATS):
    """Write every plot as <name>.<language>.<format> into the folder; returns the paths.

    The plots get what they look at, read once and without the headquarters types that none tells apart.
    """
    untyped = dataset["headquarters"].sum("hq_type").expand_dims("hq_type")
    light = dataset[["rent", "r_dyn", "r_choice", "half_life"]].load().assign(headquarters=untyped)
    speaking = [spoken(lang, dataset.attrs) for lang in languages]
    return save.save_all(registry.entries(), light, speaking, folder, formats)
