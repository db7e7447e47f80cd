"""The words that pages use. Figures have their own, in `sim.plots.common.words`."""

from collections.abc import Mapping
from types import MappingProxyType

from sim.base import messages
from sim.base.word_tables import Words

word = Words("comparison_pages", below=Words("estimation_pages", below=Words("pages")))


def known(text: str, lang: str, titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text of the results in the language if it is one of ours, else as it is; `titles` of policies by their names.

    >>> known("its members", "zh"), known("mine.toml", "zh"), known("members of chips", "zh", {"chips": "集成电路联盟"})
    ('联盟成员', 'mine.toml', '集成电路联盟的成员')
    """
    if text.startswith("members of "):
        name = text.removeprefix("members of ")
        return messages.known("members of {name}", lang).format(name=titles.get(name, name))
    return word(text, lang) if text in word else messages.known(text, lang)


def unit(name: str, lang: str) -> str:
    """A unit of a parameter in the language, whatever else its name may mean on a page.

    >>> unit("year", "zh"), unit("quarter", "en"), unit("enterprises", "zh")
    ('年', 'quarter', '家')
    """
    return messages.known(name, lang)
