"""Draw one figure of a comparison, or write all that its tables allow."""

from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.plots.common import save
from sim.plots.comparison import registry


def draw(compared, name, lang="en"):
    """The figure called `name` of a comparison; InputError, with the near miss, for another name."""
    return save.draw(registry.get(name), compared, spoken(lang, compared.places.attrs))


def possible(compared):
    """Entries whose tables the comparison has."""
    return [entry for entry in registry.entries() if compared.has(entry.needs)]


def save_all(compared, folder, languages=LANGUAGES):
    """Write every possible figure as <name>.<language>.<format> into the folder; returns the paths."""
    speaking = [spoken(lang, compared.places.attrs) for lang in languages]
    return save.save_all(possible(compared), compared, speaking, folder)
