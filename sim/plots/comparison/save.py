"""Draw one figure of a comparison, or all that its tables allow."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.plots.common import save
from sim.plots.common.entry import OfComparison
from sim.plots.comparison import registry
from sim.plots.comparison.data import Compared


def draw(compared: Compared, name: str, lang: str = "en") -> Figure:
    """The figure called `name` of a comparison; InputError, with the near miss, for another name."""
    return save.draw(registry.get(name), compared, spoken(lang, compared.places.attrs))


def possible(compared: Compared) -> list[OfComparison]:
    """Entries whose tables the comparison has."""
    return [entry for entry in registry.entries() if compared.has(entry.needs)]


def drawings(compared: Compared, languages: Sequence[str] = LANGUAGES) -> list[save.Drawing]:
    """Every possible figure in these languages."""
    speaking = [spoken(lang, compared.places.attrs) for lang in languages]
    return save.drawings(possible(compared), compared, speaking)
