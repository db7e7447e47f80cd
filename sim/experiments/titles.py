"""Titles of several scenarios side by side: equal ones are told apart by their names."""

import collections
from collections.abc import Mapping
from typing import Any

FORMS = {"en": "{title} ({name})", "zh": "{title}（{name}）"}


def told_apart(titles: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Name -> title in a language; titles that several names have say the name too.

    >>> told_apart({"a": "Tax cut", "b": "Tax cut", "c": "c"}, "en")
    {'a': 'Tax cut (a)', 'b': 'Tax cut (b)', 'c': 'c'}
    """
    found = _named(titles, titles, lang)
    return found if len(set(found.values())) == len(found) else _named(titles, found, lang)


def _named(titles, found, lang):
    """The titles, those that are not the only ones of their kind in `found` with their names."""
    number = collections.Counter(found.values())
    return {name: FORMS[lang].format(title=title, name=name) if number[found[name]] > 1 else title
            for name, title in titles.items()}
