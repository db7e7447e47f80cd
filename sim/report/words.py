"""The words that pages use, in English and Chinese. Figures have their own, in `sim.plots.common.words`."""

from sim.base.own_words import fill
from sim.base.word_tables import LANGUAGES, read

TABLE = read("pages") | read("comparison_pages")


def word(key, lang, **parts):
    """A word or sentence in a language, with its {parts} filled in; lists come as they are.

    >>> word("reached_is", "en", k=3, n=72)
    '3 of 72'
    """
    text = TABLE[key][LANGUAGES.index(lang)]
    return fill(text, lang, **parts) if isinstance(text, str) else text


def known(text, lang):
    """A text in the language if it is one of ours, else as it is."""
    if text.startswith("members of "):
        return word("members_of", lang, name=text.removeprefix("members of "))
    return word(text, lang) if text in TABLE else text
