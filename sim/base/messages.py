"""Texts for the user: English in the code, other languages from the catalogue of sim/data/locale.

A text is written once, as an English template in `_(...)`; the catalogue's key is that template. What `_` returns is
the English text, and keeps template and fields, so that it can be told in another language wherever it ends up:

    raise InputError(Problem(where, key, _("{date} is not a date", date=text), _("YYYY-MM-DD")))
"""

import functools
import gettext
import locale
import os
import pathlib
import string
from collections.abc import Iterable

LOCALE = pathlib.Path(__file__).parents[1] / "data" / "locale"
MOST_NAMES = 40                                  # told in one line
CATALOGUES = {"zh": "zh_CN"}                     # language of the product -> name of its catalogue
LANGUAGES = ("en", *CATALOGUES)


class Message(str):
    """An English text that knows its template and fields."""

    template: str
    fields: dict[str, object]
    zh: str = ""                                 # of a text that brings its Chinese along, which no catalogue has

    def __new__(cls, template: str, fields: dict[str, object]) -> "Message":
        made = super().__new__(cls, template.format(**fields) if fields else template)
        made.template, made.fields = template, fields
        return made

    def __reduce__(self) -> tuple[type["Message"], tuple[str, dict[str, object]], dict[str, str]]:
        """As it comes from another process."""
        return Message, (self.template, self.fields), {"zh": self.zh}


def _(template: str, /, **fields: object) -> Message:
    """The text of a template with its {fields} filled in; a template without fields is taken as it is.

    >>> _("{count:,} runs", count=20000)
    '20,000 runs'
    """
    return Message(template, fields)


def with_chinese(text: str, zh: str) -> Message:
    """A text that brings its Chinese along; without one it is looked up as others are.

    >>> translate(with_chinese("counted by us", "自行统计"), "zh")
    '自行统计'
    """
    made = _(text)
    made.zh = zh
    return made


def translate(text: object, lang: str) -> str:
    """A text in a language, its fields too; what is no Message, or is not in the catalogue, stays as it is.

    >>> translate(_("{count:,} runs", count=20000), "en"), translate("time.start", "zh")
    ('20,000 runs', 'time.start')
    """
    if not isinstance(text, Message):
        return str(text)
    template = lang == "zh" and text.zh or known(text.template, lang)
    if not text.fields:
        return template
    fields = {name: translate(value, lang) if isinstance(value, Message) else value
              for name, value in text.fields.items()}
    return string.Formatter().vformat(template, (), fields)


def locale_language() -> str:
    """The language of the process: that of the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG that is set."""
    names = (os.environ.get(key) for key in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def both(text: object) -> tuple[str, str]:
    """A text in English and in Chinese, for files that hold both.

    >>> both(_("site"))
    ('site', '地点')
    """
    return translate(text, "en"), translate(text, "zh")


def in_locale(text: object) -> str:
    """A text in the language of the process."""
    return translate(text, locale_language())


def known(text: str, lang: str) -> str:
    """A text as it is written in files and in the catalogue, in a language; it stays as it is if it is not there.

    >>> known("no source found", "zh"), known("Lin 2017", "zh")
    ('未找到来源', 'Lin 2017')
    """
    return catalogue(lang).gettext(text) if text else ""        # of "" a catalogue tells who made it


@functools.cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The translations of a language; English needs none."""
    name = CATALOGUES.get(str(lang))
    if name is None:
        return gettext.NullTranslations()
    return gettext.translation("sim", LOCALE, [name], fallback=True)


def joined(separator: str, texts: Iterable[str]) -> Message:
    """Several texts as one, each of which and the separator stay translatable.

    >>> joined(", ", [_("one"), "two"])
    'one, two'
    """
    texts = list(texts)
    names = [f"part{number}" for number in range(len(texts))]
    return Message("{between}".join(f"{{{name}}}" for name in names), {"between": separator, **dict(zip(names, texts))})


def one_of(names: Iterable[str]) -> str:
    """What is expected where one of several names may stand.

    >>> one_of(["access", "rent"]), one_of(["access"])
    ('one of access, rent', 'access')
    """
    names = list(names)
    return names[0] if len(names) == 1 else _("one of {names}", names=listed(names))


def listed(names: Iterable[str]) -> str:
    """Names in one line, not more of them than a reader takes in.

    >>> listed(["access", "rent"])
    'access, rent'
    """
    names = list(names)
    if len(names) <= MOST_NAMES:
        return joined(_(", "), names)
    return _("{names}, ... ({count} in all)", names=joined(_(", "), names[:MOST_NAMES]), count=len(names))


def either(texts: Iterable[str]) -> str:
    """Several texts, of which one may stand, as one.

    >>> either(["'log'", "'linear'", _("a number")])
    "'log' or 'linear' or a number"
    """
    return functools.reduce(lambda first, second: _("{first} or {second}", first=first, second=second), texts)
