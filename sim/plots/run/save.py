"""Draw one plot of a run, or write all of them to a folder."""

from collections.abc import Sequence
from pathlib import Path

import xarray as xr
from matplotlib.figure import Figure

from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.plots.common import save
from sim.plots.run import registry


def draw(dataset: xr.Dataset, name: str, lang: str = "en") -> Figure:
    """The plot called `name` of a results dataset; InputError, with the near miss, for a name that no plot has."""
    return save.draw(registry.get(name), dataset, spoken(lang, dataset.attrs))


def drawings(dataset: xr.Dataset, languages: Sequence[str] = LANGUAGES,
             formats: Sequence[str] = save.FORMATS) -> list[save.Drawing]:
    """Every plot in these languages.

    The plots get what they look at, read once and without the headquarters types that none tells apart.
    """
    untyped = dataset["headquarters"].sum("hq_type").expand_dims("hq_type")
    light = dataset[["rent", "r_dyn", "r_choice", "half_life"]].load().assign(headquarters=untyped)
    entries = [each for each in registry.shown(spoken("", dataset.attrs))
               if dataset.sizes["industry"] > 1 or not getattr(each, "of_industries", False)]
    return save.drawings(entries, light,
                         [spoken(lang, dataset.attrs) for lang in languages], formats)


def save_all(dataset: xr.Dataset, folder: Path, languages: Sequence[str] = LANGUAGES,
             formats: Sequence[str] = save.FORMATS, processes: int = 1) -> list[Path]:
    """Write every plot as <name>.<language>.<format> into the folder; returns the paths.

    Other processes draw some of them, if there may be more than this one.
    """
    return save.save_all(drawings(dataset, languages, formats), folder, processes)
