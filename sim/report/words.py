"""The words that pages use. Figures have their own, in `sim.plots.common.words`."""

from sim.base import messages
from sim.base.word_tables import Words

word = Words("comparison_pages", below=Words("estimation_pages", below=Words("pages")))


def known(text: str, lang: str) -> str:
    """A text of the results in the language if it is one of ours, else as it is.

    >>> known("its members", "zh"), known("mine.toml", "zh")
    ('联盟成员', 'mine.toml')
    """
    if text.startswith("members of "):
        return messages.known("members of {name}", lang).format(name=text.removeprefix("members of "))
    return word(text, lang) if text in word else messages.known(text, lang)
