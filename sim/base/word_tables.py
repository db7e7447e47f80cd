"""The words of figures and pages: the tables of sim/data/words.

A table holds English by key, {parts} in braces; what it says in another language is in the catalogue, where its
name is the context of its texts.
"""

import pathlib
import tomllib
from typing import Any

from sim.base.messages import catalogue
from sim.base.own_words import RINGLESS, fill, has_rings

TABLES = pathlib.Path(__file__).parents[1] / "data" / "words"


class Words:
    """The words of a table, or of a section of it; what it does not have, the table `below` may have.

    Of a text whose key is there with the ending "_ringless" too, that one is for regions without rings.

    >>> word = Words("figures")
    >>> word("kilometres", "en", n=10), word("in_zone", "zh"), "kilometres" in word
    ('10 km', '片区合计', True)
    """

    def __init__(self, table: str, section: str = "", below: "Words | None" = None) -> None:
        texts = tomllib.loads((TABLES / f"{table}.toml").read_text("utf-8"))
        self.table, self.below = table, below
        self.texts: dict[str, Any] = texts[section] if section else texts

    def __contains__(self, key: str) -> bool:
        return key in self.texts or self.below is not None and key in self.below

    def __call__(self, key: str, /, lang: str, **parts: object) -> Any:
        """A text in a language with its {parts} filled in, or the texts of a list."""
        if key not in self.texts and self.below is not None:
            return self.below(key, lang, **parts)
        text = self.texts[key] if has_rings(lang) else self.texts.get(f"{key}_{RINGLESS}", self.texts[key])
        return [self._told(one, lang) for one in text] if isinstance(text, list) else self._told(text, lang, **parts)

    def _told(self, text: str, lang: str, /, **parts: object) -> str:
        return fill(catalogue(lang).pgettext(self.table, text), lang, **parts)
